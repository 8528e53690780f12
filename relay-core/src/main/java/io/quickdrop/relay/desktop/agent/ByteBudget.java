package io.quickdrop.relay.desktop.agent;

import java.time.Duration;
import java.time.Instant;

/**
 * Spreads frames so that a bound on bytes a second holds: a bucket that a large frame may overdraw, since its size is known
 * only when it is encoded, and that then has to fill again first.
 *
 * <p>Pure; confined to one thread.
 */
final class ByteBudget {
    /** What may be saved up: a window that opens is sent at once. */
    private static final double MOST_SAVED_SECONDS = 0.5;
    /** What a single frame may cost: a picture of a narrow way must not stop it for long. */
    private static final double MOST_OWED_SECONDS = 2;

    private double bytesPerSecond = Double.POSITIVE_INFINITY;
    private double saved;
    private Instant filledAt = Instant.MIN;

    void refill(double bitsPerSecond, Instant now) {
        if (bytesPerSecond != Double.POSITIVE_INFINITY && now.isAfter(filledAt)) {
            saved += bytesPerSecond * Duration.between(filledAt, now).toNanos() / 1e9;
        }
        filledAt = now;
        if (bitsPerSecond == Double.POSITIVE_INFINITY) {
            saved = 0;
        }
        bytesPerSecond = bitsPerSecond / 8;
        bound();
    }

    void spend(long bytes) {
        if (bytesPerSecond != Double.POSITIVE_INFINITY) {
            saved -= bytes;
            bound();
        }
    }

    boolean isOverdrawn() {
        return saved < 0;
    }

    private void bound() {
        if (bytesPerSecond != Double.POSITIVE_INFINITY) {
            saved = Math.max(-MOST_OWED_SECONDS * bytesPerSecond, Math.min(saved, MOST_SAVED_SECONDS * bytesPerSecond));
        }
    }
}
