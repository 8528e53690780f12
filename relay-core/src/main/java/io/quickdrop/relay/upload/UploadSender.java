package io.quickdrop.relay.upload;

import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The client's end of one recording: what to send next, what may be forgotten, and when it is done. The phone page's
 * {@code upload-sender.js} is its twin.
 *
 * <p>It deals in offsets; the bytes stay with the driver, which keeps them from the last {@link SenderOutput.Forget} on.
 * What it guarantees: nothing is forgotten that the server has not acknowledged; after a cut it continues exactly where
 * the server says; it never sends more than the window or the socket's buffer bears; an answer that does not come is
 * asked for again, so that no lost message can stop it; what the server has otherwise than the source is sent again;
 * {@code Done} is said only after {@code saved}, with the source's hash.
 *
 * <p>Its parts: {@link SenderLife} knows where it stands, {@link SendWindow} what is on its way, {@link SenderEars} say what
 * follows from the server's words, {@link Repair} mends.
 *
 * <p>Pure; confined to one thread; {@code now} is monotonic.
 */
public final class UploadSender {
    private final SenderLife life;
    private final Repair repair;
    private final SenderEars ears;

    public UploadSender(SessionId id, Description description, SenderConfig config) {
        this.life = new SenderLife(id, description, config);
        this.repair = new Repair(life);
        this.ears = new SenderEars(life, repair);
    }

    /** Takes one fact and returns what follows from it, in order. */
    public List<SenderOutput> handle(SenderInput input, Instant at) {
        if (at.isAfter(life.now)) {
            life.now = at;
        }
        if (!isOver()) {
            take(input);
            proceed();
        }
        return life.takeOrders();
    }

    /** When to send a {@link SenderInput.Tick} at the latest; an early one does nothing. */
    public Optional<Instant> deadline() {
        return awaitsAnswer() ? Optional.of(life.lastAnswer.plus(life.config.answerPatience())) : Optional.empty();
    }

    /** Bytes that survive a power cut at the server. */
    public long acknowledgedBytes() {
        return life.window.base();
    }

    /** Whether it has more to send and waits only for the socket's buffer to drain. */
    public boolean waitsForSocket() {
        return repair.waitsForSocket() || (life.phase == SenderPhase.SENDING && life.window.waitsForSocket());
    }

    /** Bytes sent on the present connection or acknowledged before. */
    public long sentBytes() {
        return life.window.next();
    }

    /** Whether it has come to its end, good or bad. */
    public boolean isOver() {
        return life.phase == SenderPhase.OVER;
    }

    private void take(SenderInput input) {
        if (input instanceof SenderInput.Connected) {
            life.window.pending(0);
            life.ask();
        } else if (input instanceof SenderInput.Disconnected) {
            life.phase = SenderPhase.OFFLINE;
            life.started = false;
            life.window.back();
            repair.interrupted();
        } else if (input instanceof SenderInput.Produced grown) {
            produce(grown.totalBytes());
        } else if (input instanceof SenderInput.Ended end) {
            life.ended = true;
            life.sha256 = end.sha256();
            life.rereadable = end.rereadable();
        } else if (input instanceof SenderInput.SourceHashed hashed) {
            repair.sourceHashed(hashed);
        } else if (input instanceof SenderInput.Received received) {
            ears.hear(received.message());
        } else if (input instanceof SenderInput.Drained drained) {
            life.window.pending(drained.pendingBytes());
        } else if (input instanceof SenderInput.AbortRequested) {
            life.abortWanted = true;
        } else if (input instanceof SenderInput.Tick) {
            askAgain();
        } else {
            throw new AssertionError("input without a case: " + input);
        }
    }

    private void produce(long totalBytes) {
        if (life.ended) {
            throw new IllegalStateException("produced " + totalBytes + " after the end at " + life.window.produced());
        }
        life.window.grow(totalBytes);
    }

    /** Sends whatever may be sent now. */
    private void proceed() {
        boolean connected =
                switch (life.phase) {
                    case SENDING, HELD, ENDING, HASHING, COMPARING, MENDING -> true;
                    case OFFLINE, ASKING, ABORTING, OVER -> false;
                };
        if (life.abortWanted && (connected || !life.everAsked())) {
            life.abort();
        } else if (life.phase == SenderPhase.SENDING) {
            sendOn();
        } else if (life.phase == SenderPhase.MENDING) {
            repair.sendOn();
        }
    }

    private void sendOn() {
        SendWindow window = life.window;
        if (life.ended && window.next() > window.produced()) {
            life.fail(
                    ErrorReason.CONTENT_CONFLICT,
                    "the server has " + window.next() + " bytes, but the source only " + window.produced());
            return;
        }
        boolean wasIdle = !window.inFlight();
        for (Optional<Span> chunk = window.takeChunk(); chunk.isPresent(); chunk = window.takeChunk()) {
            life.order(new SenderOutput.SendChunk(
                    chunk.get().offset(), (int) chunk.get().bytes()));
            life.chunksSent++;
        }
        if (wasIdle && window.inFlight()) {
            life.lastAnswer = life.now; // patience counts from the first byte that wants an answer
        }
        if (life.ended && window.allSent()) {
            life.sendEnd();
        }
    }

    private boolean awaitsAnswer() {
        return switch (life.phase) {
            case SENDING -> life.window.inFlight();
            case ASKING, HELD, ENDING, COMPARING, ABORTING -> true;
            case OFFLINE, HASHING, MENDING, OVER -> false;
        };
    }

    private void askAgain() {
        if (awaitsAnswer() && !life.now.isBefore(life.lastAnswer.plus(life.config.answerPatience()))) {
            switch (life.phase) {
                case ENDING -> life.sendEnd();
                case COMPARING -> repair.goOn();
                case ABORTING -> life.abort();
                default -> life.ask();
            }
        }
    }
}
