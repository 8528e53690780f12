package io.quickdrop.relay.upload;

import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.UploadMessage.Description;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What an {@link UploadSession} orders. The driver carries the orders out in their order. */
public sealed interface SessionOutput {
    /** An order to the store; each but {@link Append} and {@link Replace} is answered by one {@link SessionInput.FromStore}. */
    sealed interface ToStore extends SessionOutput {}

    /** Create the recording or go on with it: {@code Opened} or {@code FoundFinished}. */
    record Open(String device, Description description) implements ToStore {}

    /** Write behind what was written. Answered only if it fails. */
    record Append(ByteBuffer bytes) implements ToStore {}

    /** Compare with what was written: {@code Compared}. */
    record Compare(long offset, ByteBuffer bytes) implements ToStore {}

    /** Write over what was written there before. Answered only if it fails. */
    record Replace(long offset, ByteBuffer bytes) implements ToStore {}

    /** Hash what is there, block by block: {@code Hashed}, with the same {@code asker}. */
    record Hash(OwnerId asker, long offset, long bytes, long blockBytes) implements ToStore {}

    /** Make durable what was written: {@code Forced}. */
    record Force(long chunks) implements ToStore {}

    /** Forget what is not durable and make the storage work again: {@code Rewound}. */
    record Rewind() implements ToStore {}

    /** Verify and save: {@code Kept} or {@code Mismatched}. */
    record Save(long totalBytes, @Nullable String sha256, long chunks) implements ToStore {}

    /** Keep as far as it came: {@code Kept}. */
    record KeepPartial(long chunks) implements ToStore {}

    /** Remove the recording: {@code Discarded}. */
    record Discard() implements ToStore {}

    /** Send to a connection. */
    record Send(OwnerId owner, Message message) implements SessionOutput {}

    /** Close a connection. */
    record Close(OwnerId owner, CloseCode code, String reason) implements SessionOutput {}

    /** Something that observers show has changed: look at the session. */
    record Changed() implements SessionOutput {}

    /** There is a new recording on the disk. */
    record Published(SavedRecording recording) implements SessionOutput {}

    /** The sender of the recording has the same bytes: it stated this hash. */
    record Confirmed(String sha256) implements SessionOutput {}

    /** The session is over and needs no machine any more. A later {@code start} of it begins with a new machine. */
    record Retire() implements SessionOutput {}
}
