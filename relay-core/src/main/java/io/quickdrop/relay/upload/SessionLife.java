package io.quickdrop.relay.upload;

import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.protocol.UploadMessage.End;
import io.quickdrop.protocol.UploadMessage.Progress;
import io.quickdrop.protocol.UploadMessage.Saved;
import io.quickdrop.protocol.UploadMessage.Started;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a session is and where it stands, and the steps that lead from one {@link SessionPhase} to the next. */
final class SessionLife {
    /** What is to become of a session as soon as its store can. */
    enum Wish {
        GO_ON,
        KEEP_PARTIAL,
        DISCARD
    }

    final SessionId id;
    final SessionConfig config;
    final Extent extent;
    final OwnerVoice voice;
    final Ending ending;
    final Trouble trouble = new Trouble();

    Instant now = Instant.MIN;
    Instant phaseSince = Instant.MIN;

    @Nullable
    String device;

    @Nullable
    Description description;

    String fileName = "";
    /** Binary messages received. */
    long chunks;
    /** Whether the store has the recording open. */
    boolean recordingOpen;
    /** Whether the store has said how far the recording reaches: before that, 0 would be a lie. */
    boolean offsetKnown;
    /** How far it reached when its owner came (again): that must be durable before it continues. */
    long syncTo;

    Wish wish = Wish.GO_ON;
    boolean abortAsked;

    private SessionPhase phase = SessionPhase.NEW;

    SessionLife(SessionId id, SessionConfig config) {
        this.id = id;
        this.config = config;
        this.extent = new Extent(config.forceBytes(), config.forceDelay());
        this.voice = new OwnerVoice(id);
        this.ending = new Ending(id);
    }

    SessionPhase phase() {
        return phase;
    }

    void become(SessionPhase next) {
        if (!phase.mayBecome(next)) {
            throw new AssertionError("session " + id + ": " + phase + " may not become " + next);
        }
        phase = next;
        phaseSince = now;
        voice.order(new SessionOutput.Changed());
    }

    void open() {
        become(SessionPhase.OPENING);
        orderOpen();
    }

    void orderOpen() {
        if (device == null || description == null) {
            throw new AssertionError("session " + id + " opened before anything is known of it");
        }
        voice.order(new SessionOutput.Open(device, description));
    }

    /** Lets the owner continue once everything that was handed to the store before is durable. */
    void sync() {
        syncTo = extent.received();
        become(SessionPhase.SYNCING);
        synced();
    }

    /** Not "when all is durable": v1 may stream on without waiting for `started`, and never leave a quiet moment. */
    void synced() {
        if (extent.durable() >= syncTo) {
            goOn(true);
        } else if (extent.canForce()) {
            force();
        }
    }

    /** Takes bytes from the durable offset on, or waits for an owner. */
    void goOn(boolean resumed) {
        if (!voice.hasOwner() && !ending.allCame(extent.received())) {
            become(SessionPhase.ORPHANED);
            return;
        }
        become(SessionPhase.RECEIVING);
        sayStarted(resumed);
        judgeAwaitedEnd();
    }

    /** Does what was asked for while the store could not. */
    void fulfilWish(boolean resumed) {
        switch (wish) {
            case GO_ON -> goOn(resumed);
            case KEEP_PARTIAL -> keepPartial();
            case DISCARD -> discard();
        }
    }

    void judgeAwaitedEnd() {
        if (phase == SessionPhase.RECEIVING && ending.isRipe(extent.received())) {
            ending.takeAwaited().ifPresent(this::judgeEnd);
        }
    }

    /** Saves if all bytes have come, and no more than these. */
    void judgeEnd(End end) {
        long found = extent.received();
        String both = "found " + found + " bytes; 'end' states " + end.totalBytes();
        if (end.totalBytes() == found) {
            ending.accept(end);
            become(SessionPhase.COMPLETING);
            voice.order(new SessionOutput.Save(end.totalBytes(), end.sha256(), chunks));
        } else if (end.totalBytes() < found) {
            sayProblem(ErrorReason.INTEGRITY_MISMATCH, both, null);
        } else {
            sayProblem(ErrorReason.OFFSET_MISMATCH, both, found);
        }
    }

    void force() {
        extent.forcing();
        voice.order(new SessionOutput.Force(chunks));
    }

    /** Keeps what came; an empty recording is no use to anybody. */
    void keepPartial() {
        if (!recordingOpen) {
            orderOpen();
        }
        if (extent.received() == 0) {
            discard();
            return;
        }
        become(SessionPhase.KEEPING);
        voice.order(new SessionOutput.KeepPartial(chunks));
    }

    void discard() {
        become(SessionPhase.DISCARDING);
        voice.order(new SessionOutput.Discard());
    }

    void retire() {
        become(SessionPhase.GONE);
        voice.leave();
        voice.order(new SessionOutput.Retire());
    }

    /** The owner has left, in whatever way. */
    void ownerLeft() {
        voice.leave();
        boolean savesAnyway = phase == SessionPhase.SYNCING && ending.allCame(extent.received());
        boolean waits = phase == SessionPhase.RECEIVING || phase == SessionPhase.REPAIRING;
        if (waits || (phase == SessionPhase.SYNCING && !savesAnyway)) {
            become(SessionPhase.ORPHANED);
        } else if (phase == SessionPhase.SAVED) {
            retire();
        }
    }

    void closeOwner(CloseCode code, String reason) {
        if (voice.hasOwner()) {
            voice.close(code, reason);
            ownerLeft();
        }
    }

    void sayStarted(boolean resumed) {
        voice.endRefusing();
        voice.say(new Started(id, fileName, resumed, extent.durable()), now);
    }

    void sayProgress() {
        voice.say(new Progress(id, extent.durable(), chunks), now);
    }

    /** Answers {@code end} of a session that is saved; {@code null} stands for one that came to another machine. */
    void sayEnded(@Nullable End end) {
        Message answer = ending.answerTo(end);
        if (answer instanceof Saved saved && end != null && saved.sha256().equals(end.sha256())) {
            voice.order(new SessionOutput.Confirmed(saved.sha256()));
        }
        voice.say(answer, now);
    }

    void sayProblem(String reason, @Nullable String detail, @Nullable Long expectedOffset) {
        voice.say(voice.problem(reason, detail, expectedOffset), now);
    }

    /** Tells the owner why nothing is taken. */
    void sayTrouble() {
        if (voice.isRaw()) {
            closeOwner(CloseCode.TRY_AGAIN_LATER, trouble.reason()); // v1: only a new start says where to continue
        } else {
            sayProblem(trouble.reason(), trouble.detail(), offsetKnown ? extent.durable() : null);
        }
    }
}
