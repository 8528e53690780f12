package io.quickdrop.protocol;

import org.jspecify.annotations.Nullable;

/** Messages of a recording, between an uploader (phone page, command line) and the server. */
public sealed interface UploadMessage extends Message {
    /** The session that the message is about. */
    SessionId sessionId();

    /**
     * What an uploader says of a recording before its first byte.
     *
     * @param mime the recorder's real media type, for example {@code video/webm;codecs=vp9,opus}
     * @param ext wished file ending without the dot, 1 to 8 letters or digits
     * @param label words for people, cleaned before they reach a file name
     * @param ts wall clock of the uploader at the start, milliseconds since 1970
     * @param totalBytes length, where it is known beforehand
     * @param take which part of a take this is; absent for files, and from v1
     */
    record Description(
            String mime,
            String ext,
            @Nullable String label,
            long ts,
            @Nullable Long totalBytes,
            @Nullable TakePart take) {
        /** A file, or a recording that is no part of a take. */
        public Description(String mime, String ext, @Nullable String label, long ts, @Nullable Long totalBytes) {
            this(mime, ext, label, ts, totalBytes, null);
        }
    }

    /**
     * {@code start}: begin a recording, or go on with it where the server already knows the session (a {@code start}
     * whose answer was lost).
     *
     * @param resume v1 only: {@code true} says that the session was begun on an earlier connection
     */
    record Start(SessionId sessionId, Description description, boolean resume) implements UploadMessage {}

    /** {@code resume}: go on with a recording that was begun on an earlier connection. */
    record Resume(SessionId sessionId, Description description) implements UploadMessage {}

    /**
     * {@code started}: send from {@code bytes} on. Also sent unasked, when storage works again after an error.
     *
     * @param resumed whether the server knew the session
     * @param bytes durable offset; the client continues exactly there
     */
    record Started(SessionId sessionId, String fileName, boolean resumed, long bytes) implements UploadMessage {}

    /**
     * {@code progress}: everything below {@code bytes} survives a power cut; the client may forget it.
     *
     * @param bytes durable offset, never falling
     * @param chunks binary messages received since the session began
     */
    record Progress(SessionId sessionId, long bytes, long chunks) implements UploadMessage {}

    /**
     * {@code end}: that was all.
     *
     * @param totalBytes length of the whole
     * @param chunks binary messages sent, for the record
     * @param sha256 hash of the whole, 64 lower-case hex digits
     * @param ms how long the recording plays, milliseconds, where its recorder knows
     */
    record End(SessionId sessionId, long totalBytes, @Nullable Long chunks, @Nullable String sha256, @Nullable Long ms)
            implements UploadMessage {
        /** The end of something that does not play, or of unknown length. */
        public End(SessionId sessionId, long totalBytes, @Nullable Long chunks, @Nullable String sha256) {
            this(sessionId, totalBytes, chunks, sha256, null);
        }
    }

    /**
     * {@code saved}: whole, hashed, under its final name, and on the disk.
     *
     * @param bytes length on the disk
     * @param sha256 hash of what is on the disk, 64 lower-case hex digits
     * @param expectedBytes {@code totalBytes} of the {@code end}
     */
    record Saved(SessionId sessionId, String fileName, long bytes, long chunks, String sha256, long expectedBytes)
            implements UploadMessage {}

    /** {@code abort}: throw the recording away. */
    record Abort(SessionId sessionId) implements UploadMessage {}

    /** {@code aborted}. */
    record Aborted(SessionId sessionId) implements UploadMessage {}
}
