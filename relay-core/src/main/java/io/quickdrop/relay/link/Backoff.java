package io.quickdrop.relay.link;

import java.time.Duration;

/**
 * How long to wait before the next attempt: full jitter between a floor and a ceiling that doubles with each failure
 * (Amazon Architecture Blog, "Exponential Backoff and Jitter"), so that a herd of peers spreads out.
 *
 * <p>Pure: the random number is an argument. Confined to one thread.
 */
public final class Backoff {
    /** Shortest wait of the default: short enough to go unnoticed. */
    public static final Duration DEFAULT_FLOOR = Duration.ofMillis(250);
    /** Longest wait of the default: a person who came back into the Wi-Fi waits no longer. */
    public static final Duration DEFAULT_CEILING = Duration.ofSeconds(10);

    private final Duration floor;
    private final Duration ceiling;
    private int failures;

    public Backoff() {
        this(DEFAULT_FLOOR, DEFAULT_CEILING);
    }

    /** @throws IllegalArgumentException unless {@code 0 < floor <= ceiling} */
    public Backoff(Duration floor, Duration ceiling) {
        if (floor.isNegative() || floor.isZero() || floor.compareTo(ceiling) > 0) {
            throw new IllegalArgumentException(
                    "floor " + floor + ", ceiling " + ceiling + ": allowed is 0 < floor <= ceiling");
        }
        this.floor = floor;
        this.ceiling = ceiling;
    }

    /**
     * The wait after one more failure.
     *
     * @param random uniformly from [0, 1)
     */
    public Duration next(double random) {
        failures++;
        long floorNanos = floor.toNanos();
        double doubled = (double) floorNanos * Math.pow(2, Math.min(failures, 40));
        double top = Math.min((double) ceiling.toNanos(), doubled);
        return Duration.ofNanos(floorNanos + (long) (random * (top - (double) floorNanos)));
    }

    /** Shortest wait. */
    public Duration floor() {
        return floor;
    }

    /** Longest wait. */
    public Duration ceiling() {
        return ceiling;
    }

    /** An attempt succeeded: the next failure starts from the floor again. */
    public void reset() {
        failures = 0;
    }
}
