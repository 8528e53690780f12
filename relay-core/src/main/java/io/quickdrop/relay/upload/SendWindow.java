package io.quickdrop.relay.upload;

import java.util.Optional;

/**
 * How far a source has grown, how far it was sent, and how far the server has it: bounds what is on its way.
 *
 * <p>Invariant: {@code base <= next <= reached}.
 */
final class SendWindow {
    private final SenderConfig config;
    /** Acknowledged, and forgotten. */
    private long base;
    /** First byte not yet sent on this connection. */
    private long next;
    /** First byte never sent on any connection, as far as is known. */
    private long reached;

    private long produced;
    private long pendingBytes;

    SendWindow(SenderConfig config) {
        this.config = config;
    }

    long base() {
        return base;
    }

    long next() {
        return next;
    }

    long reached() {
        return reached;
    }

    long produced() {
        return produced;
    }

    boolean inFlight() {
        return next > base;
    }

    boolean allSent() {
        return next == produced;
    }

    void grow(long totalBytes) {
        if (totalBytes < produced) {
            throw new IllegalStateException("produced " + totalBytes + " after " + produced + ": a source only grows");
        }
        produced = totalBytes;
    }

    /** Given to the socket and not yet gone. */
    void pending(long bytes) {
        pendingBytes = bytes;
    }

    /** Whether the socket's buffer bears no more. */
    boolean isSocketFull() {
        return pendingBytes >= config.bufferedBytes();
    }

    /** Whether only the socket's buffer keeps the next bytes back. */
    boolean waitsForSocket() {
        return next < produced && inFlightBytes() < config.windowBytes() && isSocketFull();
    }

    /** The next chunk, which is sent then; empty if nothing is left, or what is on its way is enough. */
    Optional<Span> takeChunk() {
        if (next >= produced || inFlightBytes() >= config.windowBytes() || isSocketFull()) {
            return Optional.empty();
        }
        long room = Math.min(produced - next, config.windowBytes() - inFlightBytes());
        Span chunk = new Span(next, Math.min(room, config.chunkBytes()));
        next = chunk.end();
        reached = Math.max(reached, next);
        gaveSocket(chunk.bytes());
        return Optional.of(chunk);
    }

    void gaveSocket(long bytes) {
        pendingBytes += bytes;
    }

    /** What was in flight may be lost: it is sent again. */
    void back() {
        next = base;
    }

    /** The server wants to continue at {@code offset}, which may be further than was sent here: by an earlier run. */
    void continueAt(long offset) {
        next = offset;
        reached = Math.max(reached, offset);
    }

    /** Everything below {@code offset}, at most {@link #reached}, is durable; {@code false} if that is not news. */
    boolean acknowledge(long offset) {
        if (offset <= base) {
            return false;
        }
        base = offset;
        next = Math.max(next, base); // sent on an earlier connection, or before asking again on this one
        return true;
    }

    void allSaved() {
        base = produced;
    }

    private long inFlightBytes() {
        return next - base;
    }
}
