package io.quickdrop.relay.upload;

import io.quickdrop.protocol.Limits;
import java.time.Duration;

/**
 * The bounds of an upload at its client.
 *
 * @param chunkBytes longest chunk payload
 * @param windowBytes most bytes sent and not acknowledged
 * @param bufferedBytes most bytes given to the socket and not yet gone: what lies there is lost at a cut
 * @param answerPatience how long to wait for {@code progress}, {@code started} or {@code saved} before asking again
 * @param conflictRetries how often bytes are sent again after {@code content_conflict} before giving up
 */
public record SenderConfig(
        int chunkBytes, long windowBytes, long bufferedBytes, Duration answerPatience, int conflictRetries) {
    /** @throws IllegalArgumentException if a bound is out of range */
    public SenderConfig {
        int most = Limits.MAX_BINARY_BYTES - io.quickdrop.protocol.Chunk.HEADER_BYTES;
        if (chunkBytes < 1 || chunkBytes > most) {
            throw new IllegalArgumentException("chunkBytes " + chunkBytes + ": allowed are 1 to " + most);
        }
        if (windowBytes < chunkBytes || bufferedBytes < 1 || conflictRetries < 0) {
            throw new IllegalArgumentException("windowBytes " + windowBytes + " (at least a chunk), bufferedBytes "
                    + bufferedBytes + " (at least 1), conflictRetries " + conflictRetries + " (at least 0)");
        }
    }

    /** 64 KiB chunks; 4 MiB in flight, four times what the server forces at once; ask again after 20 s. */
    public static SenderConfig defaults() {
        return new SenderConfig(Limits.CLIENT_CHUNK_BYTES, 4L << 20, 1L << 20, Duration.ofSeconds(20), 3);
    }
}
