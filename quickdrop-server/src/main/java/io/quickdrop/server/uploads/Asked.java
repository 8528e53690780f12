package io.quickdrop.server.uploads;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a request wants of an upload.
 *
 * @param kind what it is
 * @param device whose it is, as the relay knows devices
 * @param session which one
 * @param description of the recording; of one that is known it is not looked at
 * @param offset where its body begins; empty means at 0, whatever is there already
 * @param complete whether its body ends the recording
 * @param contentLength length of its body, if it says so
 * @param end what it says of the whole
 * @param contentDigest what its body must be
 * @param wordless whether the answer has no body ({@code HEAD})
 * @param interim whether it understands {@code 104}
 */
record Asked(
        Kind kind,
        String device,
        SessionId session,
        Description description,
        OptionalLong offset,
        boolean complete,
        OptionalLong contentLength,
        End end,
        Optional<ContentDigest> contentDigest,
        boolean wordless,
        boolean interim) {
    /** What is wanted. */
    enum Kind {
        /** {@code POST}: begin, or find again. */
        CREATE,
        /** {@code PUT}: all of it. */
        WHOLE,
        /** {@code PATCH}: go on. */
        APPEND,
        /** {@code HEAD}, {@code GET}: how far is it? */
        LOOK,
        /** {@code DELETE}: throw it away. */
        ABORT
    }

    /** What is said of the whole: its SHA-256 in hex, and how long it plays, milliseconds. */
    record End(@Nullable String sha256, @Nullable Long ms) {}
}
