package io.quickdrop.relay.driver.threads;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one pending tick at or before a machine's deadline. Confined to the machine's thread, except that the tick runs on
 * the timer's, and hands itself over.
 */
public final class DeadlineTimer {
    /** One tick on its way. */
    private static final class Shot implements Runnable {
        final Instant at;
        private final Runnable tick;
        volatile boolean fired;
        Workers.@Nullable Timer timer;

        Shot(Instant at, Runnable tick) {
            this.at = at;
            this.tick = tick;
        }

        @Override
        public void run() {
            fired = true; // before the tick: the machine that it wakes must arm the next one
            tick.run();
        }
    }

    private final Workers workers;
    private final Runnable tick;
    private @Nullable Shot pending;

    /** Begins without a tick on its way. */
    public DeadlineTimer(Workers workers, Runnable tick) {
        this.workers = workers;
        this.tick = tick;
    }

    /**
     * Arranges for a tick at {@code deadline}, now where it lies in the past. A tick that comes too early is harmless: so a
     * deadline that moves away, as it does with every message, leaves the timer alone, and is armed by the early tick.
     */
    public void arm(Optional<Instant> deadline) {
        if (deadline.isEmpty()) {
            return;
        }
        Shot shot = pending;
        if (shot != null && !shot.fired && !deadline.get().isBefore(shot.at)) {
            return;
        }
        cancel();
        Shot next = new Shot(deadline.get(), tick);
        pending = next;
        next.timer = workers.at(next.at, next);
    }

    /** Forgets the tick on its way, if it has not begun. */
    public void cancel() {
        Shot shot = pending;
        if (shot != null && shot.timer != null) {
            shot.timer.cancel();
        }
        pending = null;
    }
}
