package io.quickdrop.relay.driver;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps one pending tick at a machine's deadline. Confined to the machine's thread, except that the tick comes by the timer's. */
final class DeadlineTimer {
    private final Workers workers;
    private final Runnable tick;
    private Workers.@Nullable Timer pending;
    private @Nullable Instant pendingAt;

    DeadlineTimer(Workers workers, Runnable tick) {
        this.workers = workers;
        this.tick = tick;
    }

    /** Arranges for a tick at {@code deadline}. A tick that comes too early is harmless, so a later deadline waits for it. */
    void arm(Optional<Instant> deadline, Instant now) {
        boolean expired = pendingAt != null && !pendingAt.isAfter(now);
        if (expired) {
            pendingAt = null;
        }
        if (deadline.isEmpty() || (pendingAt != null && !deadline.get().isBefore(pendingAt))) {
            return;
        }
        cancel();
        pendingAt = deadline.get();
        pending = workers.at(deadline.get(), tick);
    }

    void cancel() {
        if (pending != null) {
            pending.cancel();
            pending = null;
        }
        pendingAt = null;
    }
}
