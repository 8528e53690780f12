package io.quickdrop.relay.upload;

import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.LinkMessage.Problem;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.protocol.UploadMessage.Progress;
import io.quickdrop.protocol.UploadMessage.Saved;
import io.quickdrop.protocol.UploadMessage.Started;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of one recording: what to send next, what may be forgotten, and when it is done. The phone page's
 * {@code upload-sender.js} is its twin.
 *
 * <p>It deals in offsets; the bytes stay with the driver, which keeps them from the last {@link SenderOutput.Forget} on.
 * What it guarantees: nothing is forgotten that the server has not acknowledged; after a cut it continues exactly where
 * the server says; it never sends more than the window or the socket's buffer bears; an answer that does not come is
 * asked for again, so that no lost message can stop it; {@code Done} is said only after {@code saved}.
 *
 * <p>Pure; confined to one thread; {@code now} is monotonic.
 */
public final class UploadSender {
    private enum Phase {
        /** No connection. */
        OFFLINE,
        /** {@code start} or {@code resume} is sent, {@code started} has not come. */
        ASKING,
        /** Bytes flow. */
        SENDING,
        /** The server can't store now. */
        HELD,
        /** {@code end} is sent. */
        ENDING,
        /** {@code abort} is sent. */
        ABORTING,
        /** Done, aborted or failed. */
        OVER
    }

    private final SessionId id;
    private final Description description;
    private final SenderConfig config;
    private List<SenderOutput> orders = new ArrayList<>();

    private Phase phase = Phase.OFFLINE;
    private Instant now = Instant.MIN;
    private Instant lastAnswer = Instant.MIN;

    private boolean everAsked;
    private boolean everStarted;
    private boolean abortWanted;
    private boolean ended;
    private @Nullable String sha256;
    private int conflicts;
    private long chunksSent;

    /** Acknowledged, and forgotten. Invariant: {@code base <= next <= reached}. */
    private long base;
    /** First byte not yet sent on this connection. */
    private long next;

    /** First byte never sent on any connection, as far as is known. */
    private long reached;

    private long produced;
    private long pendingBytes;

    public UploadSender(SessionId id, Description description, SenderConfig config) {
        this.id = id;
        this.description = description;
        this.config = config;
    }

    /** Takes one fact and returns what follows from it, in order. */
    public List<SenderOutput> handle(SenderInput input, Instant at) {
        if (at.isAfter(now)) {
            now = at;
        }
        if (phase != Phase.OVER) {
            take(input);
            proceed();
        }
        List<SenderOutput> result = orders;
        orders = new ArrayList<>();
        return result;
    }

    /** When to send a {@link SenderInput.Tick} at the latest; an early one does nothing. */
    public Optional<Instant> deadline() {
        return awaitsAnswer() ? Optional.of(lastAnswer.plus(config.answerPatience())) : Optional.empty();
    }

    /** Bytes that survive a power cut at the server. */
    public long acknowledgedBytes() {
        return base;
    }

    /** Whether it has more to send and waits only for the socket's buffer to drain. */
    public boolean waitsForSocket() {
        return phase == Phase.SENDING
                && next < produced
                && next - base < config.windowBytes()
                && pendingBytes >= config.bufferedBytes();
    }

    /** Bytes sent on the present connection or acknowledged before. */
    public long sentBytes() {
        return next;
    }

    /** Whether it has come to its end, good or bad. */
    public boolean isOver() {
        return phase == Phase.OVER;
    }

    private void take(SenderInput input) {
        if (input instanceof SenderInput.Connected) {
            pendingBytes = 0;
            ask();
        } else if (input instanceof SenderInput.Disconnected) {
            phase = Phase.OFFLINE;
            next = base;
        } else if (input instanceof SenderInput.Produced grown) {
            produce(grown.totalBytes());
        } else if (input instanceof SenderInput.Ended end) {
            ended = true;
            sha256 = end.sha256();
        } else if (input instanceof SenderInput.Received received) {
            received(received.message());
        } else if (input instanceof SenderInput.Drained drained) {
            pendingBytes = drained.pendingBytes();
        } else if (input instanceof SenderInput.AbortRequested) {
            abortWanted = true;
        } else if (input instanceof SenderInput.Tick) {
            askAgain();
        } else {
            throw new AssertionError("input without a case: " + input);
        }
    }

    private void produce(long totalBytes) {
        if (ended || totalBytes < produced) {
            throw new IllegalStateException("produced " + totalBytes + " after " + produced
                    + (ended ? " and the end" : "") + ": a source only grows");
        }
        produced = totalBytes;
    }

    /** Sends whatever may be sent now. */
    private void proceed() {
        boolean connected = phase == Phase.SENDING || phase == Phase.HELD || phase == Phase.ENDING;
        if (abortWanted && (connected || !everAsked)) {
            abort();
            return;
        }
        if (phase != Phase.SENDING) {
            return;
        }
        if (ended && next > produced) {
            fail(ErrorReason.CONTENT_CONFLICT, "the server has " + next + " bytes, but the source only " + produced);
            return;
        }
        boolean wasIdle = next == base;
        while (next < produced && next - base < config.windowBytes() && pendingBytes < config.bufferedBytes()) {
            long room = Math.min(produced - next, config.windowBytes() - (next - base));
            int length = (int) Math.min(room, config.chunkBytes());
            orders.add(new SenderOutput.SendChunk(next, length));
            next += length;
            pendingBytes += length;
            chunksSent++;
        }
        reached = Math.max(reached, next);
        if (wasIdle && next > base) {
            lastAnswer = now; // patience counts from the first byte that wants an answer
        }
        if (ended && next == produced) {
            sendEnd();
        }
    }

    private void ask() {
        phase = Phase.ASKING;
        next = base;
        lastAnswer = now;
        send(everAsked ? new UploadMessage.Resume(id, description) : new UploadMessage.Start(id, description, false));
        everAsked = true;
    }

    private void sendEnd() {
        phase = Phase.ENDING;
        lastAnswer = now;
        send(new UploadMessage.End(id, produced, chunksSent, sha256));
    }

    private void abort() {
        if (!everAsked) {
            phase = Phase.OVER; // the server never heard of it
            orders.add(new SenderOutput.Aborted());
            return;
        }
        phase = Phase.ABORTING;
        lastAnswer = now;
        send(new UploadMessage.Abort(id));
    }

    private boolean awaitsAnswer() {
        boolean bytesInFlight = phase == Phase.SENDING && next > base;
        return bytesInFlight
                || phase == Phase.ASKING
                || phase == Phase.HELD
                || phase == Phase.ENDING
                || phase == Phase.ABORTING;
    }

    private void askAgain() {
        if (awaitsAnswer() && !now.isBefore(lastAnswer.plus(config.answerPatience()))) {
            if (phase == Phase.ENDING) {
                sendEnd();
            } else if (phase == Phase.ABORTING) {
                abort();
            } else {
                ask();
            }
        }
    }

    // ---- what the server says

    private void received(Message message) {
        if (phase == Phase.OFFLINE) {
            return; // of a connection that is gone
        }
        if (message instanceof Started started) {
            started(started.bytes());
        } else if (message instanceof Progress progress) {
            acknowledged(progress.bytes());
        } else if (message instanceof Saved saved) {
            saved(saved);
        } else if (message instanceof UploadMessage.Aborted && !abortWanted) {
            fail(ErrorReason.SESSION_UNKNOWN, "the recording was thrown away at the server");
        } else if (message instanceof UploadMessage.Aborted) {
            phase = Phase.OVER;
            orders.add(new SenderOutput.Aborted());
        } else if (message instanceof Problem problem) {
            problem(problem);
        }
    }

    private void started(long durableBytes) {
        everStarted = true;
        if (abortWanted) {
            if (phase != Phase.ABORTING) {
                abort(); // of a session that may have begun anew, if an abort before was carried out and its answer
                // lost
            }
        } else if (durableBytes < base) {
            fail(
                    ErrorReason.SESSION_UNKNOWN,
                    "the server has " + durableBytes + " bytes, but had acknowledged " + base);
        } else {
            phase = Phase.SENDING;
            next = durableBytes;
            reached = Math.max(reached, next); // more than was sent here: by an earlier run of this program
            acknowledged(durableBytes);
            orders.add(new SenderOutput.Flowing());
        }
    }

    private void acknowledged(long durableBytes) {
        lastAnswer = now;
        if (!everStarted) {
            return; // `started` says how far an earlier run of this program came
        }
        if (durableBytes > reached) {
            fail(
                    ErrorReason.CONTENT_CONFLICT,
                    "the server acknowledges " + durableBytes + " bytes of " + reached + " sent");
        } else if (durableBytes > base) {
            base = durableBytes;
            next = Math.max(next, base); // sent on an earlier connection, or before asking again on this one
            orders.add(new SenderOutput.Forget(base));
        }
    }

    private void saved(Saved saved) {
        boolean whole = ended && saved.bytes() == produced && (sha256 == null || sha256.equals(saved.sha256()));
        if (!whole) {
            fail(
                    ErrorReason.INTEGRITY_MISMATCH,
                    "the server saved " + saved.bytes() + " bytes with SHA-256 " + saved.sha256() + "; sent were "
                            + produced);
            return;
        }
        phase = Phase.OVER;
        base = produced;
        orders.add(new SenderOutput.Forget(base));
        orders.add(new SenderOutput.Done(saved));
    }

    private void problem(Problem problem) {
        String detail = problem.detail() == null ? problem.reason() : problem.detail();
        Long expected = problem.expectedOffset();
        lastAnswer = now;
        switch (problem.reason()) {
            case ErrorReason.OFFSET_MISMATCH, ErrorReason.CHUNK_CORRUPT -> rewindTo(expected);
            case ErrorReason.STORAGE_FULL, ErrorReason.STORAGE_FAILED -> {
                if (phase != Phase.ABORTING) {
                    phase = Phase.HELD;
                    next = base;
                    orders.add(new SenderOutput.Waiting(problem.reason(), detail));
                }
            }
            case ErrorReason.CONTENT_CONFLICT -> {
                conflicts++; // a damaged header looks like this: say it again before giving up
                if (conflicts > config.conflictRetries()) {
                    fail(problem.reason(), detail);
                } else {
                    ask();
                }
            }
            case ErrorReason.END_WITHOUT_START, ErrorReason.BINARY_WITHOUT_SESSION -> ask();
            case ErrorReason.RATE_LIMITED, ErrorReason.BAD_CHUNK -> {
                // the patience for an answer takes care of it
            }
            default -> fail(problem.reason(), detail);
        }
    }

    private void rewindTo(@Nullable Long expected) {
        boolean flowing = phase == Phase.SENDING || phase == Phase.ENDING;
        if (!flowing) {
            return;
        }
        if (expected == null || expected < base || expected > next) {
            ask();
            return;
        }
        phase = Phase.SENDING;
        next = expected;
    }

    private void fail(String reason, String detail) {
        phase = Phase.OVER;
        orders.add(new SenderOutput.Failed(reason, detail));
    }

    private void send(Message message) {
        orders.add(new SenderOutput.SendMessage(message));
    }
}
