package io.quickdrop.server.catalogue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was made of a recording for playing.
 *
 * @param bytes length of the repaired file; known from just before it takes the final name
 * @param sha256 its hash, likewise
 * @param note why it could not be made, in words
 * @param poster name of its picture in the folder of posters; {@code null} if there is none
 * @param since when it became {@link State#READY}
 */
public record PlaybackRow(
        State state,
        @Nullable Long bytes,
        @Nullable String sha256,
        @Nullable String note,
        @Nullable String poster,
        @Nullable Instant since) {
    /** How far it is. */
    public enum State {
        /** Nobody has begun. */
        WAITING,
        /** A new file is being made, or, where {@link PlaybackRow#bytes} is known, takes the final name. */
        WORKING,
        /** The final name is the new file's. */
        READY,
        /** It could not be made; the final name is that of the received bytes. */
        AS_RECEIVED
    }
}
