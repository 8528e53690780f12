package io.quickdrop.relay.link;

import java.time.Duration;
import java.time.Instant;

/** When to dial again, and when not to: to one server ({@link Reconnector}), or along a row of them ({@link Rotation}). */
public interface DialPlan {
    /** Whether an attempt may begin now: then it counts as begun, until {@link #lost}. An early call does nothing. */
    boolean begins(Instant now);

    /** The server knows us and takes what we have: the success that the waits start over from. */
    void acknowledged();

    /** The server is about to close, and asks us to stay away for so long. */
    void goodbye(Duration retryAfter);

    /**
     * The connection is gone, or could not be made.
     *
     * @param random uniformly from [0, 1)
     */
    Reconnector.Next lost(int code, double random, Instant now);

    /** Whether the server has failed so often that it is tried less. */
    boolean isResting();

    /** Whether another server stands ready that has not failed: then this one is given less time to answer. */
    default boolean hasAnother() {
        return false;
    }

    /** How long an attempt may take until the connection is open. */
    default Duration patience() {
        return Reconnector.CONNECT_PATIENCE;
    }
}
