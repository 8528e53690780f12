package io.quickdrop.relay.upload;

import io.quickdrop.protocol.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an {@link UploadSender} is told: facts, in the past tense. */
public sealed interface SenderInput {
    /** A connection is open and empty. */
    record Connected() implements SenderInput {}

    /** The connection is gone; what was in its buffers may or may not have arrived. */
    record Disconnected() implements SenderInput {}

    /**
     * The source has grown.
     *
     * @param totalBytes bytes produced since the beginning, never falling
     */
    record Produced(long totalBytes) implements SenderInput {}

    /**
     * The source has ended, at what was produced.
     *
     * @param sha256 hash of the whole, 64 lower-case hex digits, where known
     * @param rereadable whether every byte can be read again until {@code saved}: a mismatch can be mended then
     */
    record Ended(@Nullable String sha256, boolean rereadable) implements SenderInput {
        /** Of a source that forgets. */
        public Ended(@Nullable String sha256) {
            this(sha256, false);
        }
    }

    /**
     * The answer to {@link SenderOutput.HashSource}.
     *
     * @param hashes of each block, 64 lower-case hex digits
     */
    record SourceHashed(long offset, long bytes, long blockBytes, List<String> hashes) implements SenderInput {
        public SourceHashed {
            hashes = List.copyOf(hashes);
        }
    }

    /** A message of the server that is about this session. */
    record Received(Message message) implements SenderInput {}

    /**
     * The socket's buffer has changed.
     *
     * @param pendingBytes given to the socket and not yet gone
     */
    record Drained(long pendingBytes) implements SenderInput {}

    /** The recording is to be thrown away. */
    record AbortRequested() implements SenderInput {}

    /** Time passed. */
    record Tick() implements SenderInput {}
}
