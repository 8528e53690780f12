package io.quickdrop.relay.upload;

import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.LinkMessage.Problem;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.End;
import io.quickdrop.protocol.UploadMessage.Saved;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The {@code end} of a recording: awaited, accepted, and answered. */
final class Ending {
    private record Awaited(End end, Instant until) {}

    private final SessionId session;
    /** v1 only: it came before the last bytes. It stays when its sender leaves, who may do so right behind them. */
    private @Nullable Awaited awaited;

    private @Nullable End accepted;
    private @Nullable Long durationMs;
    private @Nullable SavedRecording saved;

    Ending(SessionId session) {
        this.session = session;
    }

    void await(End end, Instant until) {
        awaited = new Awaited(end, until);
    }

    void stopAwaiting() {
        awaited = null;
    }

    /** When to give up waiting. */
    Optional<Instant> awaitedUntil() {
        return Optional.ofNullable(awaited).map(Awaited::until);
    }

    /** Whether an {@code end} is awaited whose bytes have all come. */
    boolean allCame(long receivedBytes) {
        return awaited != null && awaited.end.totalBytes() == receivedBytes;
    }

    /** The awaited {@code end}, which is awaited no longer. */
    Optional<End> takeAwaited() {
        Optional<End> end = Optional.ofNullable(awaited).map(Awaited::end);
        awaited = null;
        return end;
    }

    /** Whether an awaited {@code end} can be judged: no more bytes than these belong to it. */
    boolean isRipe(long receivedBytes) {
        return awaited != null && awaited.end.totalBytes() <= receivedBytes;
    }

    /** It is being carried out, or repeated by the present owner meanwhile. */
    void accept(End end) {
        accepted = end;
        durationMs = end.ms();
    }

    /** How long the recording plays, milliseconds, as its sender says. */
    Optional<Long> durationMs() {
        return Optional.ofNullable(durationMs);
    }

    /** The owner is another one now: it has its own {@code end} to say. */
    void forgetAccepted() {
        accepted = null;
    }

    /** Whether the present owner waits for {@code saved}. */
    boolean isAccepted() {
        return accepted != null;
    }

    /** Whether the present owner waits for {@code saved}, and could send again what differs. */
    boolean canRepair() {
        return accepted != null && accepted.canRepair();
    }

    void saved(SavedRecording recording) {
        saved = recording;
    }

    /** The {@code end} that the present owner waits for the answer to. */
    @Nullable
    End accepted() {
        return accepted;
    }

    /** The answer to {@code end}; {@code null} stands for one that came to another machine. */
    Message answerTo(@Nullable End end) {
        SavedRecording recording = saved;
        if (recording == null || recording.sha256() == null) {
            throw new AssertionError("session " + session + " is saved without a hash");
        }
        boolean same = end == null
                || (recording.bytes() == end.totalBytes()
                        && (end.sha256() == null || end.sha256().equals(recording.sha256())));
        if (!same) {
            return new Problem(
                    ErrorReason.INTEGRITY_MISMATCH,
                    "saved are " + recording.bytes() + " bytes with SHA-256 " + recording.sha256(),
                    session,
                    null);
        }
        return new Saved(
                session,
                recording.fileName(),
                recording.bytes(),
                recording.chunks(),
                recording.sha256(),
                recording.bytes());
    }
}
