package io.quickdrop.server.access;

import java.time.Duration;

/** What became of a secret that came back. */
public sealed interface Redemption {
    /** Right and in time; it is spent now. */
    record Accepted() implements Redemption {}

    /** Unknown, used before, or late; which of them is not told. */
    record Expired() implements Redemption {}

    /**
     * Too many bad tries by this party.
     *
     * @param retryAfter how long until it is heard again, positive
     */
    record TooManyTries(Duration retryAfter) implements Redemption {
        /** For people and the Retry-After header, rounded up: trying earlier would be in vain. */
        public long retryAfterSeconds() {
            return retryAfter.plusMillis(999).toSeconds();
        }
    }
}
