package io.quickdrop.relay.desktop.pull;

import java.time.Duration;

/**
 * The bounds of a {@link PullLink}.
 *
 * @param linger how long the connection stays when nobody looks any more
 * @param connectWithin how long an attempt to connect may take
 * @param firstRetry shortest wait between two attempts, and before a stream that was refused is asked for again
 * @param longestRetry longest wait between two attempts
 */
public record PullConfig(Duration linger, Duration connectWithin, Duration firstRetry, Duration longestRetry) {
    /** @throws IllegalArgumentException if a duration is not positive, or the first retry is the longer one */
    public PullConfig {
        for (Duration duration : new Duration[] {linger, connectWithin, firstRetry, longestRetry}) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("found " + duration + "; every duration must be positive");
            }
        }
        if (firstRetry.compareTo(longestRetry) > 0) {
            throw new IllegalArgumentException(
                    "found " + firstRetry + " before " + longestRetry + "; the first wait is the shortest");
        }
    }

    /**
     * 5 s of lingering: a page that is loaded again, or a person who looks at another desktop for a moment, finds the
     * connection open; 4 s to connect, since instances are near each other; from 250 ms to 5 s between attempts, so that
     * viewers have a picture again within 10 s of the way's return.
     */
    public static PullConfig defaults() {
        return new PullConfig(
                Duration.ofSeconds(5), Duration.ofSeconds(4), Duration.ofMillis(250), Duration.ofSeconds(5));
    }
}
