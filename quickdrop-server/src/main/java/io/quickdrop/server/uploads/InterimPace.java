package io.quickdrop.server.uploads;

import java.util.function.LongSupplier;

/** Lets an interim answer through at most twice a second: each costs the other end some work, and none is needed. */
final class InterimPace {
    private static final long PAUSE_NANOS = 500_000_000;

    private final LongSupplier nanoTime;
    private long next;

    InterimPace(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong() + PAUSE_NANOS;
    }

    /** Whether one may be sent now. */
    boolean isDue() {
        long now = nanoTime.getAsLong();
        if (now - next < 0) {
            return false;
        }
        next = now + PAUSE_NANOS;
        return true;
    }
}
