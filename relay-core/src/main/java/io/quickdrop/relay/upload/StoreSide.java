package io.quickdrop.relay.upload;

import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.UploadMessage.Aborted;
import io.quickdrop.relay.upload.SessionInput.FoundFinished;
import io.quickdrop.relay.upload.SessionInput.Opened;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What follows from the store's answers. */
final class StoreSide {
    private final SessionLife life;
    private final Mending mending;
    /** Of {@link SessionLife#chunks}, those that the store has told of. */
    private long chunksKnownToStore;

    StoreSide(SessionLife life, Mending mending) {
        this.life = life;
        this.mending = mending;
    }

    void handle(SessionInput.FromStore input) {
        if (input instanceof Opened opened) {
            opened(opened);
        } else if (input instanceof FoundFinished found) {
            foundFinished(found);
        } else if (input instanceof SessionInput.Forced forced) {
            forced(forced.durableBytes());
        } else if (input instanceof SessionInput.Compared compared) {
            if (!compared.same()) {
                stall(ErrorReason.CONTENT_CONFLICT, "bytes sent again differ from those before", life.now);
            }
        } else if (input instanceof SessionInput.Rewound rewound) {
            rewound(rewound);
        } else if (input instanceof SessionInput.Kept kept) {
            kept(kept.recording());
        } else if (input instanceof SessionInput.Mismatched mismatched) {
            mismatched(mismatched.detail());
        } else if (input instanceof SessionInput.Hashed hashed) {
            mending.hashed(hashed);
        } else if (input instanceof SessionInput.Discarded) {
            discarded();
        } else if (input instanceof SessionInput.StorageFailed failed) {
            String reason = failed.full() ? ErrorReason.STORAGE_FULL : ErrorReason.STORAGE_FAILED;
            stall(reason, failed.detail(), life.now.plus(life.config.storageRetry()));
        } else {
            throw new AssertionError("input without a case: " + input);
        }
    }

    /** The session is known from before a restart, as far as it was durable then. */
    void restored(SessionInput.Restored restored) {
        life.device = restored.device();
        life.description = restored.description();
        life.fileName = restored.fileName();
        life.chunks = restored.chunks();
        chunksKnownToStore = restored.chunks();
        life.extent.rewound(restored.durableBytes());
        life.offsetKnown = true;
        life.become(SessionPhase.ORPHANED);
        life.phaseSince = life.now.minus(restored.idle());
    }

    private void opened(Opened opened) {
        if (!belongsTo(opened.device())) {
            return;
        }
        life.recordingOpen = true;
        life.offsetKnown = true;
        life.fileName = opened.fileName();
        life.chunks += opened.chunks() - chunksKnownToStore;
        chunksKnownToStore = opened.chunks();
        life.syncTo += opened.durableBytes() - life.extent.durable();
        life.extent.opened(opened.durableBytes());
        boolean behindAnother = life.syncTo > life.extent.durable();
        if (life.phase() == SessionPhase.OPENING && life.wish == SessionLife.Wish.GO_ON && behindAnother) {
            life.become(SessionPhase.SYNCING); // an owner before this one (v1) has sent bytes already
            life.synced();
        } else if (life.phase() == SessionPhase.STALLED || life.phase() == SessionPhase.OPENING) {
            life.trouble.retrying();
            life.fulfilWish(opened.resumed());
        } // else it was opened to be kept or discarded, as is ordered already
    }

    private void foundFinished(FoundFinished found) {
        if (!belongsTo(found.device())) {
            return;
        }
        boolean awaited = life.phase() == SessionPhase.OPENING || life.phase() == SessionPhase.STALLED;
        SavedRecording recording = found.recording();
        life.ending.saved(recording);
        life.fileName = recording.fileName();
        life.chunks = recording.chunks();
        life.extent.allSaved(recording.bytes());
        life.offsetKnown = true;
        if (!awaited || recording.partial()) {
            String detail = "session " + life.id + " was ended at the server and kept as partial";
            life.sayProblem(ErrorReason.SESSION_UNKNOWN, detail, null);
            life.retire();
            return;
        }
        life.become(SessionPhase.SAVED);
        life.sayStarted(true);
        if (life.ending.awaitedUntil().isPresent()) {
            life.ending.takeAwaited().ifPresent(life::sayEnded);
        } else if (life.wish == SessionLife.Wish.DISCARD) {
            life.sayEnded(null); // `abort` came too late
        }
        if (!life.voice.hasOwner()) {
            life.retire();
        }
    }

    private boolean belongsTo(String storedDevice) {
        if (storedDevice.equals(life.device)) {
            return true;
        }
        life.sayProblem(ErrorReason.FORBIDDEN, "session " + life.id + " belongs to another device", null);
        life.retire();
        return false;
    }

    private void forced(long durableBytes) {
        life.extent.forced(durableBytes);
        life.voice.order(new SessionOutput.Changed());
        if (life.phase() == SessionPhase.SYNCING) {
            life.synced();
        } else if (life.phase() != SessionPhase.DISCARDING) {
            life.sayProgress();
        }
    }

    private void rewound(SessionInput.Rewound rewound) {
        life.fileName = rewound.fileName();
        life.extent.rewound(rewound.durableBytes());
        life.trouble.retrying();
        life.fulfilWish(true);
    }

    private void kept(SavedRecording recording) {
        boolean whole = life.phase() == SessionPhase.COMPLETING;
        life.ending.saved(recording);
        life.fileName = recording.fileName();
        life.voice.order(new SessionOutput.Published(recording));
        if (whole) {
            life.extent.allSaved(recording.bytes());
            life.become(SessionPhase.SAVED);
            if (life.ending.isAccepted()) {
                life.sayEnded(life.ending.accepted());
            } else {
                life.sayStarted(true); // the owner came meanwhile, and has its own `end` to say
            }
        } else if (recording.partial()) {
            String detail = "session " + life.id + " was kept as a partial recording";
            life.sayProblem(ErrorReason.SESSION_UNKNOWN, detail, null);
        } else {
            life.sayEnded(life.ending.accepted()); // a save before had come further than it seemed
        }
        if (!whole || !life.voice.hasOwner()) {
            life.retire();
        }
    }

    private void mismatched(String detail) {
        if (life.wish == SessionLife.Wish.DISCARD) {
            life.discard(); // `abort` came while the hash was looked at
        } else if (!life.voice.hasOwner()) {
            life.become(SessionPhase.ORPHANED);
        } else if (mending.isPossible()) {
            mending.begin();
        } else if (life.ending.isAccepted()) {
            life.become(SessionPhase.RECEIVING);
            life.sayProblem(ErrorReason.INTEGRITY_MISMATCH, detail, null);
        } else {
            life.sync(); // it was another owner's `end`
        }
    }

    private void discarded() {
        if (life.abortAsked) {
            life.voice.say(new Aborted(life.id), life.now);
        } else {
            life.sayProblem(ErrorReason.SESSION_UNKNOWN, "session " + life.id + " was ended at the server", null);
        }
        life.retire();
    }

    /** Orders in flight are void from here on; the store is to go back to what is durable. */
    private void stall(String reason, @Nullable String detail, Instant retryAt) {
        SessionPhase before = life.phase();
        boolean isNews = before != SessionPhase.STALLED || !reason.equals(life.trouble.reason());
        life.trouble.is(reason, detail, retryAt);
        if (before == SessionPhase.KEEPING) {
            life.wish = SessionLife.Wish.KEEP_PARTIAL;
        } else if (before == SessionPhase.DISCARDING) {
            life.wish = SessionLife.Wish.DISCARD;
        }
        if (before != SessionPhase.STALLED) {
            life.become(SessionPhase.STALLED);
        }
        life.extent.lostTail();
        life.ending.stopAwaiting();
        if (isNews) {
            life.sayTrouble();
        }
    }
}
