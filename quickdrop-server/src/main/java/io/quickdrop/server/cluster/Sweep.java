package io.quickdrop.server.cluster;

import java.time.Duration;
import java.time.Instant;

/**
 * Whether it is time to clear away what the dead left in the store, by the store's clock. Who finds that it was not done for
 * longer than usual has to assume that the store was away: then the living could not say that they live either, and get one
 * full window to be heard first. Who could not say itself that it lives leaves it to the others. Pure.
 */
final class Sweep {
    /** How often it is done. */
    static final Duration EVERY = Duration.ofMinutes(2);
    /** How long somebody has been gone before what it left is cleared away. */
    static final Duration WINDOW = Duration.ofMinutes(2);
    /** What is due every two minutes, and looked at every few seconds, is late by no more than this. */
    static final Duration SLACK = Duration.ofSeconds(30);

    private Sweep() {}

    /** What to do. */
    enum Verdict {
        /** Nothing. */
        WAIT,
        /** The living get a window from now. */
        WAIT_A_WINDOW,
        /** It is done now. */
        SWEEP
    }

    /**
     * Decides.
     *
     * @param done when somebody did it last, or began a window; {@link Instant#EPOCH} for never
     * @param notBefore until when the living have their window
     * @param hearingSince since when this instance could say without a gap that it lives
     */
    static Verdict decide(Instant now, Instant done, Instant notBefore, Instant hearingSince) {
        boolean setBack = now.isBefore(done);
        if (setBack || now.isAfter(done.plus(EVERY).plus(SLACK))) {
            return Verdict.WAIT_A_WINDOW;
        }
        boolean due = !now.isBefore(done.plus(EVERY)) && !now.isBefore(notBefore);
        boolean hearing = !now.minus(WINDOW).isBefore(hearingSince);
        return due && hearing ? Verdict.SWEEP : Verdict.WAIT;
    }
}
