package io.quickdrop.relay.link;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a socket that is full still moves. Behind large frames on a narrow way a pong takes longer than the heartbeat
 * waits; but a queue that goes on draining is a peer that goes on acknowledging. To take a socket's own buffer for the peer
 * would keep dead ones alive, so what counts is a queue that is never empty, and moves in each of two seconds in a row:
 * buffers swallow at once what they swallow. Nor does it count for ever: one who takes bytes and says nothing is broken too.
 *
 * <p>Pure; confined to one thread.
 */
public final class DrainWatch {
    /** From one look to the next. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final int LOOKS = 2;
    /** Silence that draining makes up for. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

    private Instant heardAt;
    private Optional<Instant> lookAt = Optional.empty();
    private int moved;
    private long drained;

    public DrainWatch(Instant now) {
        heardAt = now;
    }

    /** The peer said something. */
    public void heard(Instant now) {
        heardAt = now;
    }

    /**
     * Begins to look, unless it does already.
     *
     * @param givenBytes to the socket, ever
     * @param pendingBytes of those that it still holds back
     */
    public void begin(long givenBytes, long pendingBytes, Instant now) {
        if (lookAt.isEmpty() && pendingBytes > 0) {
            moved = 0;
            drained = givenBytes - pendingBytes;
            lookAt = Optional.of(now.plus(LOOK));
        }
    }

    /** When {@link #look} is due; empty unless it looks. */
    public Optional<Instant> deadline() {
        return lookAt;
    }

    /** Looks, if it is time to; true if the peer has proved that it is there. An early call does nothing. */
    public boolean look(long givenBytes, long pendingBytes, Instant now) {
        if (lookAt.isEmpty() || now.isBefore(lookAt.get())) {
            return false;
        }
        long before = drained;
        drained = givenBytes - pendingBytes;
        lookAt = Optional.empty();
        if (pendingBytes == 0 || drained <= before) {
            return false;
        }
        moved++;
        if (moved == LOOKS) {
            return now.isBefore(heardAt.plus(LONGEST_SILENCE));
        }
        lookAt = Optional.of(now.plus(LOOK));
        return false;
    }
}
