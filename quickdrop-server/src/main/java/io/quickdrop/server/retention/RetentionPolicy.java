package io.quickdrop.server.retention;

import java.time.Duration;

/**
 * How long what never ended is kept.
 *
 * @param unfinished how long an upload waits for its sender before it becomes a partial recording
 * @param partial how long a partial recording is kept before it goes to the trash; zero is for ever
 */
public record RetentionPolicy(Duration unfinished, Duration partial) {
    /** v1 promised its phones that long. */
    public static final Duration MIN_UNFINISHED = Duration.ofSeconds(20);

    /** @throws IllegalArgumentException if an upload could not be resumed, or the time for partial recordings is negative */
    public RetentionPolicy {
        if (unfinished.compareTo(MIN_UNFINISHED) < 0) {
            throw new IllegalArgumentException(
                    "unfinished uploads kept for " + unfinished + ": allowed are " + MIN_UNFINISHED + " or more");
        }
        if (partial.isNegative()) {
            throw new IllegalArgumentException("partial recordings kept for " + partial + ": allowed are 0 or more");
        }
    }

    /** A week for a phone to come back from holidays, and a month for its owner to notice. */
    public static RetentionPolicy defaults() {
        return new RetentionPolicy(Duration.ofDays(7), Duration.ofDays(30));
    }

    /** Whether partial recordings expire at all. */
    public boolean partialsExpire() {
        return !partial.isZero();
    }
}
