package io.quickdrop.relay.upload;

import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.UploadMessage.Compare;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.protocol.UploadMessage.End;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an {@link UploadSession} is told: facts, in the past tense. */
public sealed interface SessionInput {
    /** A fact about the peer. */
    sealed interface FromPeer extends SessionInput {
        /** Whose connection it came by. */
        OwnerId owner();
    }

    /** A fact about the store: the answer to an order of {@link SessionOutput.ToStore}. */
    sealed interface FromStore extends SessionInput {}

    /**
     * {@code start} or {@code resume} came: this connection wants to own the session.
     *
     * @param device who it is; only the device that began a session may go on with it
     * @param raw whether chunks come without offsets (v1)
     */
    record Attached(OwnerId owner, String device, Description description, boolean raw) implements FromPeer {}

    /** A chunk of v2 came. */
    record ChunkReceived(OwnerId owner, Chunk chunk) implements FromPeer {}

    /**
     * Bytes of a v1 chunk came.
     *
     * @param last whether they end the binary message
     */
    record RawReceived(OwnerId owner, ByteBuffer bytes, boolean last) implements FromPeer {}

    /** {@code end} came. */
    record EndReceived(OwnerId owner, End end) implements FromPeer {}

    /** {@code compare} came. */
    record CompareReceived(OwnerId owner, Compare compare) implements FromPeer {}

    /** {@code abort} came. */
    record AbortReceived(OwnerId owner) implements FromPeer {}

    /** The connection is gone, in whatever way. */
    record Detached(OwnerId owner) implements FromPeer {}

    /** The session is known from before a restart. */
    record Restored(
            String device, Description description, String fileName, long durableBytes, long chunks, Duration idle)
            implements SessionInput {}

    /** The operator wants what came to be kept, and the session to end. */
    record KeepRequested() implements SessionInput {}

    /** The recording takes bytes from {@code durableBytes} on. */
    record Opened(String device, String fileName, boolean resumed, long durableBytes, long chunks)
            implements FromStore {}

    /** The session ended before: that is its recording. */
    record FoundFinished(String device, SavedRecording recording) implements FromStore {}

    /** Everything below {@code durableBytes} is durable. */
    record Forced(long durableBytes) implements FromStore {}

    /** Bytes that were sent twice have been compared. If they differ, later orders are void as after {@link StorageFailed}. */
    record Compared(boolean same) implements FromStore {}

    /**
     * What is on the disk, block by block.
     *
     * @param asker as in the order
     * @param hashes of each block, 64 lower-case hex digits
     */
    record Hashed(OwnerId asker, long offset, long bytes, long blockBytes, List<String> hashes) implements FromStore {
        public Hashed {
            hashes = List.copyOf(hashes);
        }
    }

    /** Storage works again, from {@code durableBytes} on. */
    record Rewound(String fileName, long durableBytes) implements FromStore {}

    /** The recording is whole, and saved (or kept partial, where that was ordered). */
    record Kept(SavedRecording recording) implements FromStore {}

    /** Length or hash differ from what the sender states; nothing was saved. */
    record Mismatched(String detail) implements FromStore {}

    /** The recording is gone. */
    record Discarded() implements FromStore {}

    /** The last order failed; later ones were not carried out and are void until {@link SessionOutput.Rewind}. */
    record StorageFailed(boolean full, @Nullable String detail) implements FromStore {}

    /** Time passed. */
    record Tick() implements SessionInput {}
}
