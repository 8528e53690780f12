package io.quickdrop.relay.upload;

import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.UploadMessage.End;
import io.quickdrop.relay.upload.SessionInput.Attached;
import io.quickdrop.relay.upload.SessionInput.ChunkReceived;
import io.quickdrop.relay.upload.SessionInput.RawReceived;

/** What follows from what a peer does. Only the owner is listened to. */
final class PeerSide {
    private final SessionLife life;
    private final Mending mending;
    private final Intake intake;

    PeerSide(SessionLife life, Mending mending) {
        this.life = life;
        this.mending = mending;
        this.intake = new Intake(life);
    }

    void handle(SessionInput.FromPeer input) {
        if (input instanceof Attached attached) {
            attached(attached);
            return;
        }
        if (!life.voice.isOwner(input.owner())) {
            return; // late bytes of a connection that was superseded, or is being closed
        }
        if (input instanceof ChunkReceived received) {
            if (received.chunk().repair()) {
                mending.chunk(received.chunk());
            } else {
                intake.chunk(received.chunk());
            }
        } else if (input instanceof RawReceived received) {
            intake.raw(received);
        } else if (input instanceof SessionInput.EndReceived received) {
            end(received.end());
        } else if (input instanceof SessionInput.CompareReceived received) {
            mending.compare(received.compare());
        } else if (input instanceof SessionInput.AbortReceived) {
            abort();
        } else if (input instanceof SessionInput.Detached) {
            life.ownerLeft();
        } else {
            throw new AssertionError("input without a case: " + input);
        }
    }

    private void attached(Attached attached) {
        if (life.device != null && !life.device.equals(attached.device())) {
            String detail = "session " + life.id + " belongs to another device";
            life.voice.sayTo(attached.owner(), life.voice.problem(ErrorReason.FORBIDDEN, detail, null));
            return;
        }
        if (!life.voice.admit(attached.owner(), attached.raw(), life.now)) {
            return;
        }
        life.ending.stopAwaiting();
        life.syncTo = life.extent.received();
        switch (life.phase()) {
            case NEW -> {
                life.device = attached.device();
                life.description = attached.description();
                life.open();
            }
            case RECEIVING, REPAIRING, ORPHANED -> {
                if (life.recordingOpen) {
                    life.sync();
                } else {
                    life.open();
                }
            }
            case STALLED -> answerStalled();
            case SAVED -> life.sayStarted(true); // all bytes are here; `end` brings `saved`
            case COMPLETING -> life.ending.forgetAccepted(); // where to continue is not known before the store's answer
            case KEEPING, GONE ->
                life.sayProblem(ErrorReason.SESSION_UNKNOWN, "session " + life.id + " was ended at the server", null);
            case OPENING, SYNCING, DISCARDING -> {
                // the store's answer goes to whoever owns the session then
            }
        }
    }

    private void end(End end) {
        switch (life.phase()) {
            case OPENING, SYNCING -> awaitIfRaw(end);
            case RECEIVING -> {
                boolean early = end.totalBytes() > life.extent.received();
                if (!early || !awaitIfRaw(end)) {
                    life.judgeEnd(end);
                }
            }
            case REPAIRING -> life.judgeEnd(end);
            case STALLED -> answerStalled();
            case COMPLETING -> life.ending.accept(end); // the answer is on its way
            case SAVED -> life.sayEnded(end);
            case NEW, ORPHANED, KEEPING, DISCARDING, GONE -> {
                // it is coming to another end, of which its owner hears
            }
        }
    }

    /** v1 clients may say {@code end} while their last bytes are still being read from the recorder. */
    private boolean awaitIfRaw(End end) {
        if (life.voice.isRaw()) {
            life.ending.await(end, life.now.plus(life.config.endPatience()));
        }
        return life.voice.isRaw();
    }

    private void abort() {
        life.abortAsked = true;
        switch (life.phase()) {
            // if the hash fits it is too late, and `saved` says so; if not, there is nothing to mend for anybody
            case OPENING, COMPLETING -> life.wish = SessionLife.Wish.DISCARD;
            case STALLED -> {
                life.wish = SessionLife.Wish.DISCARD;
                life.trouble.retryBy(life.now);
            }
            case RECEIVING, REPAIRING, SYNCING -> life.discard();
            case SAVED -> life.sayEnded(null); // too late
            case NEW, ORPHANED, KEEPING, DISCARDING, GONE -> {
                // too late, and what happens instead is on its way
            }
        }
    }

    /** A conflict is told once; what is asked meanwhile is answered by the {@code started} that follows at once. */
    private void answerStalled() {
        if (!life.trouble.isConflict() || life.voice.isRaw()) {
            life.sayTrouble();
        }
    }
}
