package io.quickdrop.server.catalogue;

import io.quickdrop.protocol.ObserverMessage.Gap;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A recording that ended.
 *
 * @param device who sent it
 * @param peer who sent it, for people: the device's name where it is known
 * @param fileName name in the output folder
 * @param bytes length
 * @param millis duration, where known
 * @param begun when the server first heard of it
 * @param saved when it ended
 * @param partial whether its end never came
 * @param sha256 64 lower-case hex digits; {@code null} for partial ones
 * @param gaps interruptions of the take
 * @param trashName name in the trash, while it is there or on its way
 * @param deleted when it was put into the trash
 * @param playback what was made of it for playing; {@code null} for what is never repaired
 * @param confirmed whether its sender has stated the same {@code sha256}, computed from its own bytes
 * @param storage id of the output folder that its file is in
 * @param owner id of the server that saved it, or moved it last
 */
public record RecordingRow(
        SessionId id,
        String device,
        String peer,
        State state,
        String fileName,
        long bytes,
        long chunks,
        Description description,
        @Nullable Long millis,
        Instant begun,
        Instant saved,
        boolean partial,
        @Nullable String sha256,
        List<Gap> gaps,
        @Nullable String trashName,
        @Nullable Instant deleted,
        @Nullable PlaybackRow playback,
        boolean confirmed,
        String storage,
        String owner) {
    public RecordingRow {
        gaps = List.copyOf(gaps);
    }

    /** Where the file is. */
    public enum State {
        /** In the output folder. */
        KEPT,
        /** Somebody took it out of the output folder; it is kept again when it comes back. */
        MISSING,
        /** On its way into the trash. */
        TRASHING,
        /** In the trash. */
        TRASHED,
        /** On its way back from the trash. */
        RESTORING,
        /** Nowhere; the row remembers that it was saved. */
        REMOVED
    }
}
