package io.quickdrop.protocol;

import java.util.List;
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
     * @param freeBytes room left on the server's disk after the reserve, as it was a moment ago; absent where that is not known
     */
    record Progress(SessionId sessionId, long bytes, long chunks, @Nullable Long freeBytes) implements UploadMessage {
        /** Without a word about the room. */
        public Progress(SessionId sessionId, long bytes, long chunks) {
            this(sessionId, bytes, chunks, null);
        }
    }

    /**
     * {@code end}: that was all.
     *
     * @param totalBytes length of the whole
     * @param chunks binary messages sent, for the record
     * @param sha256 hash of the whole, 64 lower-case hex digits
     * @param ms how long the recording plays, milliseconds, where its recorder knows
     * @param canRepair whether the client knows {@link Blocks} and still has every byte: a mismatch is mended then, and
     *     is the end of it otherwise
     */
    record End(
            SessionId sessionId,
            long totalBytes,
            @Nullable Long chunks,
            @Nullable String sha256,
            @Nullable Long ms,
            boolean canRepair)
            implements UploadMessage {
        /** The end of something that does not play, or of unknown length, whose client can't mend a mismatch. */
        public End(SessionId sessionId, long totalBytes, @Nullable Long chunks, @Nullable String sha256) {
            this(sessionId, totalBytes, chunks, sha256, null, false);
        }
    }

    /**
     * {@code blocks}: the whole is not what {@code end} states, and this is what is on the disk, block by block. The client
     * compares with its source, sends what differs again in chunks that are flagged as repair, and says {@code end} anew.
     * Also the answer to {@link Compare}.
     *
     * @param reason {@link ErrorReason#INTEGRITY_MISMATCH}
     * @param offset first byte of the first block
     * @param bytes length of what the blocks cover
     * @param blockBytes length of each block but the last, which may be shorter
     * @param hashes SHA-256 of each block, 64 lower-case hex digits; at most {@link Limits#MAX_BLOCKS}
     */
    record Blocks(SessionId sessionId, String reason, long offset, long bytes, long blockBytes, List<String> hashes)
            implements UploadMessage {
        /** @throws IllegalArgumentException if there are not as many hashes as blocks */
        public Blocks {
            hashes = List.copyOf(hashes);
            if (offset < 0 || bytes < 0 || bytes > Long.MAX_VALUE - offset || blockBytes < 1) {
                throw new IllegalArgumentException(
                        "found " + bytes + " bytes at " + offset + " in blocks of " + blockBytes);
            }
            if (hashes.size() != count(bytes, blockBytes)) {
                throw new IllegalArgumentException("found " + hashes.size() + " hashes; needed are "
                        + count(bytes, blockBytes) + " for " + bytes + " bytes in blocks of " + blockBytes);
            }
        }

        /** How many blocks cover {@code bytes}. */
        public static long count(long bytes, long blockBytes) {
            return bytes / blockBytes + (bytes % blockBytes == 0 ? 0 : 1);
        }

        /**
         * The length of the blocks that cover {@code bytes} in one message: a power of two, as small as the number of blocks
         * allows, at least {@link Limits#MIN_BLOCK_BYTES}.
         */
        public static long blockBytesFor(long bytes) {
            long blockBytes = Limits.MIN_BLOCK_BYTES;
            while (count(bytes, blockBytes) > Limits.MAX_BLOCKS) {
                blockBytes *= 2;
            }
            return blockBytes;
        }
    }

    /**
     * {@code compare}: asks for the {@link Blocks} of a part, which are smaller than those of the whole.
     *
     * @param offset first byte of the part
     * @param bytes its length, at least 1
     */
    record Compare(SessionId sessionId, long offset, long bytes) implements UploadMessage {}

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
