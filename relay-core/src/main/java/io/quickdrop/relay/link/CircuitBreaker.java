package io.quickdrop.relay.link;

import java.time.Duration;
import java.time.Instant;

/**
 * Keeps a peer that fails again and again from being tried too often (M. Nygard, "Release It!", ch. 5): after some failures
 * in a row attempts start no closer together than a rest, and the next one is a probe that decides.
 *
 * <p>Pure; confined to one thread.
 */
public final class CircuitBreaker {
    /** Whether the peer may be tried. */
    public enum State {
        /** It answered, or has not failed often enough. */
        CLOSED,
        /** It rests. */
        OPEN,
        /** One attempt is on its way, and decides; no other may begin. */
        HALF_OPEN
    }

    private final int failuresToOpen;
    private final Duration rest;
    private State state = State.CLOSED;
    private int failures;
    private Instant openUntil = Instant.MIN;

    /** @throws IllegalArgumentException unless both are positive */
    public CircuitBreaker(int failuresToOpen, Duration rest) {
        if (failuresToOpen < 1 || rest.isNegative() || rest.isZero()) {
            throw new IllegalArgumentException("failures " + failuresToOpen + ", rest " + rest
                    + ": allowed are at least 1, and more than nothing");
        }
        this.failuresToOpen = failuresToOpen;
        this.rest = rest;
    }

    /** Whether an attempt may begin now; the first one after the rest is the probe. */
    public boolean allows(Instant now) {
        if (state == State.OPEN && !now.isBefore(openUntil)) {
            state = State.HALF_OPEN;
            return true;
        }
        return state == State.CLOSED;
    }

    /** The attempt that began at {@code begun} failed. */
    public void failed(Instant begun) {
        failures = Math.min(failures + 1, failuresToOpen);
        if (state == State.HALF_OPEN || failures == failuresToOpen) {
            state = State.OPEN;
            openUntil = begun.plus(rest);
        }
    }

    /** The peer answered: not merely its host. */
    public void succeeded() {
        failures = 0;
        state = State.CLOSED;
    }

    public State state() {
        return state;
    }
}
