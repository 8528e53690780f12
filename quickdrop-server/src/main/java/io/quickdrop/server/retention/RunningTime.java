package io.quickdrop.server.retention;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long this store has run in all, over restarts. A computer that was off or asleep, or whose wall clock jumps, adds nothing: who
 * waits for a phone waits in hours in which it could have come.
 */
public final class RunningTime {
    private final Duration before;
    private final LongSupplier nanoTime;
    private final long start;

    /**
     * Goes on counting.
     *
     * @param before what was noted last
     * @param nanoTime a monotonic clock, {@code System::nanoTime} outside of tests
     */
    public RunningTime(Duration before, LongSupplier nanoTime) {
        this.before = before;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    /** Until now. */
    public Duration now() {
        return before.plusNanos(Math.max(0, nanoTime.getAsLong() - start));
    }
}
