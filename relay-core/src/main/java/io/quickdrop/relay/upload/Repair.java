package io.quickdrop.relay.upload;

import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.protocol.UploadMessage.Blocks;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a client mends what the server has otherwise than the source: parts to look at more closely, and parts to send again. A
 * round begins with the server's {@link Blocks} of the whole and ends with the client's next {@code end}; whatever comes
 * between ends it too, since that {@code end} finds out again what differs.
 */
final class Repair {
    /** Each round mends everything that differs; another is needed only if something is damaged once more. */
    private static final int MAX_ROUNDS = 5;
    /** Blocks up to this length are sent again as they are: asking for shorter ones would hardly be faster. */
    private static final long FINE_BYTES = 4L << 20;

    private final SenderLife life;
    private final Deque<Span> toCompare = new ArrayDeque<>();
    private final Deque<Span> toSend = new ArrayDeque<>();
    private @Nullable Blocks told;
    /** Rounds that came to their end, and the server still had something else. */
    private int rounds;
    /** Everything of the round was sent, and nothing came between. */
    private boolean complete;

    private boolean differs;

    Repair(SenderLife life) {
        this.life = life;
    }

    /** The server has something else than {@code end} states, and tells what. */
    void told(Blocks blocks) {
        life.lastAnswer = life.now;
        if (life.phase == SenderPhase.ENDING) {
            begin();
        }
        boolean awaited = life.phase == SenderPhase.ENDING || life.phase == SenderPhase.COMPARING;
        if (!awaited) {
            return; // of a round that something else has ended
        }
        if (blocks.bytes() > life.window.produced() - blocks.offset()) {
            String end = "the server compares bytes behind the end at " + life.window.produced();
            life.fail(ErrorReason.INTEGRITY_MISMATCH, end);
            return;
        }
        told = blocks;
        toCompare.removeIf(span -> span.offset() == blocks.offset());
        hashSource(blocks.offset(), blocks.bytes(), blocks.blockBytes());
    }

    private void begin() {
        toCompare.clear();
        toSend.clear();
        differs = false;
        rounds += complete ? 1 : 0;
        complete = false;
        if (rounds >= MAX_ROUNDS) {
            life.fail(
                    ErrorReason.INTEGRITY_MISMATCH,
                    "the server has other bytes, also after what differs was sent again " + MAX_ROUNDS + " times");
        }
    }

    /** A cut, or trouble with the server's disk: what was sent may not have arrived, and the round does not count. */
    void interrupted() {
        complete = false;
    }

    /** The source was hashed again. */
    void sourceHashed(SenderInput.SourceHashed source) {
        Blocks blocks = told;
        if (life.phase != SenderPhase.HASHING) {
            return; // something came between
        }
        if (blocks != null) {
            if (areSame(blocks, source)) {
                told = null;
                compare(blocks, source.hashes());
                goOn();
            }
        } else if (source.offset() == 0 && source.bytes() == source.blockBytes()) {
            life.sha256 = source.hashes().get(0);
            complete();
        }
    }

    private static boolean areSame(Blocks blocks, SenderInput.SourceHashed source) {
        return blocks.offset() == source.offset()
                && blocks.bytes() == source.bytes()
                && blocks.blockBytes() == source.blockBytes();
    }

    private void compare(Blocks blocks, List<String> hashes) {
        long end = blocks.offset() + blocks.bytes();
        for (int i = 0; i < hashes.size(); i++) {
            if (!hashes.get(i).equals(blocks.hashes().get(i))) {
                differs = true;
                long offset = blocks.offset() + i * blocks.blockBytes();
                Span span = new Span(offset, Math.min(blocks.blockBytes(), end - offset));
                (span.bytes() > FINE_BYTES ? toCompare : toSend).add(span);
            }
        }
    }

    /** The next step of the round; also asks again what was not answered. */
    void goOn() {
        Optional<Span> closer = Optional.ofNullable(toCompare.peek());
        if (closer.isPresent()) {
            life.phase = SenderPhase.COMPARING;
            life.lastAnswer = life.now;
            life.send(new UploadMessage.Compare(
                    life.id(), closer.get().offset(), closer.get().bytes()));
        } else if (!differs && life.window.produced() > 0) {
            long whole = life.window.produced(); // the server has every byte: it is the hash in `end` that was wrong
            hashSource(0, whole, whole);
        } else {
            life.phase = SenderPhase.MENDING;
        }
    }

    private void hashSource(long offset, long bytes, long blockBytes) {
        life.phase = SenderPhase.HASHING;
        life.order(new SenderOutput.HashSource(offset, bytes, blockBytes));
    }

    /** Whether it has more to send and waits only for the socket's buffer to drain. */
    boolean waitsForSocket() {
        return life.phase == SenderPhase.MENDING && !toSend.isEmpty() && life.window.isSocketFull();
    }

    /** Sends what differs, as far as the socket bears it, and {@code end} behind it. */
    void sendOn() {
        while (!toSend.isEmpty() && !life.window.isSocketFull()) {
            Span chunk = takeChunk();
            life.order(new SenderOutput.SendRepair(chunk.offset(), (int) chunk.bytes()));
            life.window.gaveSocket(chunk.bytes());
            life.chunksSent++;
        }
        if (toSend.isEmpty()) {
            complete();
        }
    }

    private void complete() {
        complete = true;
        life.sendEnd();
    }

    private Span takeChunk() {
        Span span = toSend.remove();
        int most = life.config.chunkBytes();
        if (span.bytes() <= most) {
            return span;
        }
        toSend.addFirst(new Span(span.offset() + most, span.bytes() - most));
        return new Span(span.offset(), most);
    }
}
