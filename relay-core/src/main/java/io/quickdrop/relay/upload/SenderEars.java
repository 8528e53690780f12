package io.quickdrop.relay.upload;

import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.LinkMessage.Problem;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.protocol.UploadMessage.Progress;
import io.quickdrop.protocol.UploadMessage.Saved;
import io.quickdrop.protocol.UploadMessage.Started;
import org.jspecify.annotations.Nullable;

/** What follows from what the server says. */
final class SenderEars {
    private final SenderLife life;
    private final Repair repair;
    private int conflicts;

    SenderEars(SenderLife life, Repair repair) {
        this.life = life;
        this.repair = repair;
    }

    void hear(Message message) {
        if (life.phase == SenderPhase.OFFLINE) {
            return; // of a connection that is gone
        }
        if (message instanceof Started started) {
            started(started.bytes());
        } else if (message instanceof Progress progress) {
            acknowledged(progress.bytes());
        } else if (message instanceof Saved saved) {
            saved(saved);
        } else if (message instanceof UploadMessage.Blocks blocks) {
            repair.told(blocks);
        } else if (message instanceof UploadMessage.Aborted && !life.abortWanted) {
            life.fail(ErrorReason.SESSION_UNKNOWN, "the recording was thrown away at the server");
        } else if (message instanceof UploadMessage.Aborted) {
            life.phase = SenderPhase.OVER;
            life.order(new SenderOutput.Aborted());
        } else if (message instanceof Problem problem) {
            problem(problem);
        }
    }

    private void started(long durableBytes) {
        life.everStarted = true;
        life.started = true;
        if (life.abortWanted) {
            if (life.phase != SenderPhase.ABORTING) {
                // of a session that may have begun anew, if an abort before was carried out and its answer lost
                life.abort();
            }
        } else if (durableBytes < life.window.base()) {
            life.fail(
                    ErrorReason.SESSION_UNKNOWN,
                    "the server has " + durableBytes + " bytes, but had acknowledged " + life.window.base());
        } else {
            life.phase = SenderPhase.SENDING;
            repair.interrupted();
            life.window.continueAt(durableBytes);
            acknowledged(durableBytes);
            life.order(new SenderOutput.Flowing());
        }
    }

    private void acknowledged(long durableBytes) {
        if (life.phase != SenderPhase.ABORTING) {
            life.lastAnswer = life.now; // an abort asks for more than signs of life
        }
        boolean isBeyond = durableBytes > life.window.reached();
        if (!life.everStarted || (isBeyond && !life.started)) {
            return; // `started` says how far another client came, or an earlier run of this one
        }
        if (isBeyond) {
            life.fail(
                    ErrorReason.CONTENT_CONFLICT,
                    "the server acknowledges " + durableBytes + " bytes of " + life.window.reached() + " sent");
        } else if (life.window.acknowledge(durableBytes)) {
            life.order(new SenderOutput.Forget(durableBytes));
        }
    }

    private void saved(Saved saved) {
        boolean sameBytes = life.sha256 == null || life.sha256.equals(saved.sha256());
        if (!life.ended || saved.bytes() != life.window.produced() || !sameBytes) {
            life.fail(
                    ErrorReason.INTEGRITY_MISMATCH,
                    "the server saved " + saved.bytes() + " bytes with SHA-256 " + saved.sha256() + "; sent were "
                            + life.window.produced());
            return;
        }
        life.phase = SenderPhase.OVER;
        life.window.allSaved();
        life.order(new SenderOutput.Forget(life.window.base()));
        life.order(new SenderOutput.Done(saved));
    }

    private void problem(Problem problem) {
        String detail = problem.detail() == null ? problem.reason() : problem.detail();
        Long expected = problem.expectedOffset();
        life.lastAnswer = life.now;
        switch (problem.reason()) {
            case ErrorReason.OFFSET_MISMATCH, ErrorReason.CHUNK_CORRUPT -> rewindTo(expected);
            case ErrorReason.STORAGE_FULL, ErrorReason.STORAGE_FAILED -> {
                if (life.phase != SenderPhase.ABORTING) {
                    life.phase = SenderPhase.HELD;
                    life.window.back();
                    life.order(new SenderOutput.Waiting(problem.reason(), detail));
                }
            }
            case ErrorReason.CONTENT_CONFLICT -> {
                conflicts++; // a damaged header looks like this: say it again before giving up
                if (conflicts > life.config.conflictRetries()) {
                    life.fail(problem.reason(), detail);
                } else {
                    life.ask();
                }
            }
            case ErrorReason.END_WITHOUT_START, ErrorReason.BINARY_WITHOUT_SESSION -> life.ask();
            case ErrorReason.RATE_LIMITED, ErrorReason.BAD_CHUNK -> {
                // the patience for an answer takes care of it
            }
            default -> life.fail(problem.reason(), detail);
        }
    }

    private void rewindTo(@Nullable Long expected) {
        boolean flowing = life.phase == SenderPhase.SENDING || life.phase == SenderPhase.ENDING;
        if (!flowing) {
            return;
        }
        if (expected == null || expected < life.window.base() || expected > life.window.next()) {
            life.ask();
            return;
        }
        life.phase = SenderPhase.SENDING;
        life.window.continueAt(expected);
    }
}
