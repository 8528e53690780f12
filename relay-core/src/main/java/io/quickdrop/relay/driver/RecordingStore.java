package io.quickdrop.relay.driver;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.upload.SavedRecording;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where recordings are kept. One of the two interfaces that an embedder implements; every implementation passes
 * {@code RecordingStoreContract}.
 *
 * <p>Calls block. The store itself is called from many threads; one {@link OpenRecording} is called from one thread at a
 * time, in order. A method that returns has done what it says, durably where it says so; a method that throws
 * {@link StorageException} has left everything that was durable before as it was.
 */
public interface RecordingStore {
    /**
     * Creates the session's recording or goes on with it. The session is in the store for good when this returns.
     *
     * @param device who sends it; fixed by the first call for the session
     */
    Opening open(SessionId id, String device, Description description) throws StorageException;

    /** Sessions that were begun and neither saved, kept nor discarded; asked once at start-up. */
    List<Unfinished> unfinished() throws StorageException;

    /** Room left after the reserve, bytes, never negative. A cheap reading. */
    long freeBytes();

    /** What {@link #open} found. */
    sealed interface Opening {
        /** Who sent the first byte. */
        String device();

        /**
         * The recording is open for bytes.
         *
         * @param resumed whether the session was known before
         */
        record Writable(OpenRecording recording, String device, boolean resumed) implements Opening {}

        /** The session ended before: its recording is on the disk. */
        record Finished(SavedRecording recording, String device) implements Opening {}
    }

    /**
     * A session from before a restart.
     *
     * @param durableBytes how far it came
     * @param idle how long nothing has come for it
     */
    record Unfinished(
            SessionId id,
            String device,
            Description description,
            String fileName,
            long durableBytes,
            long chunks,
            Duration idle) {}

    /** One recording that takes bytes. */
    interface OpenRecording extends AutoCloseable {
        /** The name it is going to have, as far as is known now. */
        String fileName();

        /** How far the recording would reach after a power cut now. Never falls. */
        long durableBytes();

        /** Binary messages behind {@link #durableBytes}, as told to {@link #force}. */
        long chunks();

        /** Writes behind what was written before. Not durable yet. */
        void append(ByteBuffer bytes) throws StorageException;

        /**
         * Whether the bytes that were written at {@code offset} are these.
         *
         * @param offset {@code offset + bytes.remaining()} is at most what was written
         */
        boolean matches(long offset, ByteBuffer bytes) throws StorageException;

        /**
         * Writes over bytes that were written before and differ from the sender's. How far the recording reaches does not
         * change. Durable with the next {@link #force} or {@link #save}; after a power cut before that, each byte is the old
         * or the new one. Allowed also while a mismatch is all that is known of the bytes.
         *
         * @param offset {@code offset + bytes.remaining()} is at most what was written
         */
        void replace(long offset, ByteBuffer bytes) throws StorageException;

        /**
         * The SHA-256 of each block of a part, of what is there now: read again, never remembered.
         *
         * @param offset {@code offset + bytes} is at most what was written
         * @param blockBytes length of each block but the last, which may be shorter
         * @return 64 lower-case hex digits each
         */
        List<String> hashes(long offset, long bytes, long blockBytes) throws StorageException;

        /**
         * Makes everything that was written durable.
         *
         * @param chunks binary messages so far, for the catalogue
         * @return the new {@link #durableBytes}
         */
        long force(long chunks) throws StorageException;

        /**
         * After a {@link StorageException}: forgets what is not durable and gets ready to write behind it. A device that
         * failed a force is not trusted with the same file again.
         *
         * @throws StorageException if there is still no room or no working device
         */
        void rewind() throws StorageException;

        /**
         * Ends the recording: everything forced, length and hash verified, final name, directory synced, catalogued. The
         * recording is closed then. Asked again after a failure it completes what was begun.
         *
         * @param totalBytes the length that the sender states
         * @param sha256 the hash that the sender states, or {@code null}
         * @throws IntegrityException if length or hash differ; the recording stays open and as it was
         */
        SavedRecording save(long totalBytes, @Nullable String sha256, long chunks)
                throws StorageException, IntegrityException;

        /**
         * Ends the recording as far as it came, marked partial; it is closed then. Where a save that failed had come far, it
         * may complete that instead.
         */
        SavedRecording keepPartial(long chunks) throws StorageException;

        /** Removes the recording and the session, also where a save that failed had come far; it is closed then. */
        void discard() throws StorageException;

        /** Lets go of the file; the session stays. Closing twice does nothing. */
        @Override
        void close();
    }

    /** What was received is not what the sender says it sent. */
    final class IntegrityException extends Exception {
        private static final long serialVersionUID = 1;

        /** @param message both lengths and hashes, for people */
        public IntegrityException(String message) {
            super(message);
        }
    }
}
