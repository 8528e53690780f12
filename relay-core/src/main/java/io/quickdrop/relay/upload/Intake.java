package io.quickdrop.relay.upload;

import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.relay.upload.SessionInput.RawReceived;
import java.nio.ByteBuffer;

/** Judges bytes: what is new and in its place goes to the store, everything else is answered. */
final class Intake {
    private final SessionLife life;

    Intake(SessionLife life) {
        this.life = life;
    }

    /** A chunk of v2. Before {@code started} it was not asked for, and is ignored. */
    void chunk(Chunk chunk) {
        if (life.phase() != SessionPhase.RECEIVING) {
            return;
        }
        long expected = life.extent.received();
        if (!chunk.isIntact()) {
            if (chunk.offset() <= expected) {
                life.voice.endRefusing(); // not one of those behind the gap: asked for again, and damaged again
            }
            refuse(ErrorReason.CHUNK_CORRUPT, "chunk at " + chunk.offset() + " does not match its checksum", expected);
        } else if (chunk.offset() > expected) {
            refuse(ErrorReason.OFFSET_MISMATCH, "found offset " + chunk.offset() + "; expected " + expected, expected);
        } else if (chunk.end() > life.config.maxRecordingBytes() || chunk.end() < 0) {
            life.voice.refuse(life.voice.problem(ErrorReason.TOO_LARGE, longest(), null), life.now);
        } else {
            life.voice.endRefusing();
            life.chunks++;
            takeBehind(chunk, (int)
                    Math.min(expected - chunk.offset(), chunk.payload().remaining()));
        }
    }

    /** Takes what is new of a chunk; what was sent before must be the same as then. */
    private void takeBehind(Chunk chunk, int overlap) {
        ByteBuffer payload = chunk.payload();
        if (overlap > 0) {
            ByteBuffer before = payload.slice(payload.position(), overlap);
            life.voice.order(new SessionOutput.Compare(chunk.offset(), before));
        }
        int fresh = payload.remaining() - overlap;
        if (fresh > 0) {
            append(payload.slice(payload.position() + overlap, fresh));
        }
    }

    /** Bytes of v1, which belong behind what came before, also while the store is still being asked. */
    void raw(RawReceived received) {
        boolean takes =
                switch (life.phase()) {
                    case RECEIVING, SYNCING, OPENING -> true;
                    default -> false;
                };
        if (!takes) {
            return;
        }
        int bytes = received.bytes().remaining();
        if (bytes > life.config.maxRecordingBytes() - life.extent.received()) {
            life.sayProblem(ErrorReason.TOO_LARGE, longest(), null);
            life.closeOwner(CloseCode.POLICY, "recording too large");
            return;
        }
        if (bytes > 0) {
            append(received.bytes());
        }
        if (received.last()) {
            life.chunks++;
        }
        life.judgeAwaitedEnd();
    }

    private void append(ByteBuffer bytes) {
        life.voice.order(new SessionOutput.Append(bytes));
        life.extent.took(bytes.remaining(), life.now);
    }

    private void refuse(String reason, String detail, long expectedOffset) {
        life.voice.refuse(life.voice.problem(reason, detail, expectedOffset), life.now);
    }

    private String longest() {
        return "allowed are " + life.config.maxRecordingBytes() + " bytes a recording";
    }
}
