package io.quickdrop.relay.desktop.agent;

import java.time.Duration;
import java.time.Instant;

/**
 * What the way to the server is believed to carry: no bound while pictures don't queue; a part of what arrived when they
 * did; and then more again, slowly, or at once where what arrives proves that the way is wider; and no bound again when
 * that was long ago and nothing presses against it.
 *
 * <p>Pure; confined to one thread.
 */
final class Uplink {
    /** A step up, each half second: 9 % in 3 s. */
    static final double SLOW = Math.pow(1.09, 1 / 6.0);

    /** A step up where nothing has queued for long: doubles in 1.5 s. */
    static final double FAST = 1.25;

    /** What arrives when pictures queue is all that the way carries; a little less lets the queue drain. */
    private static final double DRAINING = 0.7;
    /** Nothing arrives: it must be far less than was thought. */
    private static final double STALLED = 0.5;

    /** What arrived is carried for certain; this much of it fills the way without a queue. */
    private static final double NEARLY = 0.85;
    /** Two a second of the smallest pictures; and with less the link is as good as gone. */
    private static final double LEAST_BITS_PER_SECOND = 64_000;
    /** A cut shows its effect only after the queue has moved. */
    private static final Duration BETWEEN_CUTS = Duration.ofSeconds(1);

    private double limit = Double.POSITIVE_INFINITY;
    /** What the way carried when pictures queued last; 0 while unknown. */
    private double carried;
    /** The most that arrived in this step. */
    private double arriving;

    private Instant congestedAt = Instant.MIN;

    void forget() {
        limit = Double.POSITIVE_INFINITY;
        congestedAt = Instant.MIN;
    }

    /** Frames arrived, so many bytes a second. */
    void arrived(double bytesPerSecond) {
        arriving = Math.max(arriving, 8 * bytesPerSecond);
    }

    /**
     * Half a second has gone.
     *
     * @param queues whether pictures queue
     * @param atEase whether they don't
     * @param bounded whether there was more to send than had room
     */
    void step(boolean queues, boolean atEase, boolean bounded, Instant now) {
        if (queues) {
            if (!now.isBefore(later(congestedAt, BETWEEN_CUTS))) {
                cut(now);
            }
        } else if (atEase && limit != Double.POSITIVE_INFINITY) {
            raise(bounded, now);
        }
        arriving = 0;
    }

    private void raise(boolean bounded, Instant now) {
        boolean remembered = now.isBefore(later(congestedAt, QualityController.MEMORY));
        if (remembered || bounded) {
            limit = Math.max(limit * (remembered ? SLOW : FAST), NEARLY * arriving);
        } else {
            limit = Double.POSITIVE_INFINITY;
        }
    }

    double bitsPerSecond() {
        return limit;
    }

    private void cut(Instant now) {
        if (arriving > 0) {
            carried = arriving;
        } else if (carried > 0) {
            carried *= STALLED;
        } else {
            return; // nothing was ever heard: the window bounds what is on its way
        }
        congestedAt = now;
        limit = Math.max(LEAST_BITS_PER_SECOND, Math.min(DRAINING * carried, limit));
    }

    private static Instant later(Instant time, Duration by) {
        return time.equals(Instant.MIN) ? time : time.plus(by);
    }
}
