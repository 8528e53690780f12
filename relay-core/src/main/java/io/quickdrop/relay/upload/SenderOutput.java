package io.quickdrop.relay.upload;

import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.UploadMessage.Saved;

/** What an {@link UploadSender} orders. */
public sealed interface SenderOutput {
    /** Send a text message. */
    record SendMessage(Message message) implements SenderOutput {}

    /** Send {@code length} bytes of the source from {@code offset} on as one chunk. */
    record SendChunk(long offset, int length) implements SenderOutput {}

    /** Send {@code length} bytes of the source from {@code offset} on again, as a chunk that mends. */
    record SendRepair(long offset, int length) implements SenderOutput {}

    /**
     * Read a part of the source again and hash it block by block: answered by {@link SenderInput.SourceHashed}. A newer one
     * replaces it.
     *
     * @param blockBytes length of each block but the last, which may be shorter
     */
    record HashSource(long offset, long bytes, long blockBytes) implements SenderOutput {}

    /** Everything below {@code offset} survives a power cut at the server: it is no longer needed here, but to mend. */
    record Forget(long offset) implements SenderOutput {}

    /** The server can't store; nothing is lost, and it goes on by itself. {@code reason} as in {@code error}. */
    record Waiting(String reason, String detail) implements SenderOutput {}

    /** Bytes flow (again). */
    record Flowing() implements SenderOutput {}

    /** The recording is whole and on the server's disk: the end. */
    record Done(Saved saved) implements SenderOutput {}

    /** The recording was thrown away as asked: the end. */
    record Aborted() implements SenderOutput {}

    /** It can't go on: the end. Everything from the last {@link Forget} on is still only here. */
    record Failed(String reason, String detail) implements SenderOutput {}
}
