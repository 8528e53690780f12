package io.quickdrop.server.cluster;

import java.time.Instant;

/**
 * An instance as the others know it.
 *
 * @param name for people
 * @param url {@code https://host:port}
 * @param pin SHA-256 of its authority's public key, 64 lower-case hex digits
 * @param storage which output folder it writes
 * @param state whether it lives
 * @param self whether it is the one that says this
 * @param startedAt of its present life, by the store's clock
 * @param seenAt when it last said that it lives, by the store's clock
 */
public record Member(
        String id,
        String name,
        String url,
        String pin,
        String storage,
        State state,
        boolean self,
        Instant startedAt,
        Instant seenAt) {
    /** What is known of an instance's life. */
    public enum State {
        /** It says so every few seconds. */
        ALIVE,
        /** It has been silent for some seconds. */
        SILENT,
        /** It was silent for so long that it was declared dead. */
        DEAD,
        /** It said goodbye. */
        LEFT;

        /** Whether what it owns is still its own. */
        public boolean isMember() {
            return this == ALIVE || this == SILENT;
        }
    }
}
