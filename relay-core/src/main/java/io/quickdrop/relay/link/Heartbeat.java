package io.quickdrop.relay.link;

import java.time.Duration;
import java.time.Instant;

/**
 * Tells a dead peer from a silent one, without ever relying on a close event.
 *
 * <p>Any inbound byte is a sign of life, and so are bytes that leave a full socket: a pong can wait behind large frames for
 * longer than a dead peer is given. Each interval asks for a ping; {@link Timing#silentIntervals} intervals without
 * a sign mean death. A tick that comes late (this process was frozen, or the machine slept) proves nothing about the
 * peer, whose bytes may wait unread in the socket: it buys the peer one more interval. So does a pause in reading that
 * we asked for ourselves.
 *
 * <p>Pure; confined to one thread; time is monotonic.
 */
public final class Heartbeat {
    /**
     * When to ping and when to give up.
     *
     * @param interval between pings
     * @param silentIntervals intervals of silence that mean death, at least 2: the first ends in the ping that a quiet
     *     peer must be given the time to answer
     */
    public record Timing(Duration interval, int silentIntervals) {
        /** @throws IllegalArgumentException if {@code interval} is not positive or {@code silentIntervals} below 2 */
        public Timing {
            if (interval.isNegative() || interval.isZero() || silentIntervals < 2) {
                throw new IllegalArgumentException("interval " + interval + " and silent intervals " + silentIntervals
                        + ": allowed are a positive interval and at least 2");
            }
        }

        /** 5 s and 3 intervals: found dead within 15 s, as the best of the field does (Guacamole). */
        public static Timing defaults() {
            return new Timing(Duration.ofSeconds(5), 3);
        }
    }

    /** What to do now. */
    public enum Verdict {
        /** Nothing. */
        QUIET,
        /** Send a ping. */
        PING,
        /** The peer is dead: close, and don't wait for the close to be confirmed. */
        DEAD
    }

    private final Timing timing;
    /** Silence that means death; and one interval less. Multiplying durations is slow, and deadlines are asked for often. */
    private final Duration deadlySilence;

    private final Duration lastWarning;
    private Instant lastHeard;
    private Instant nextPing;
    private boolean deaf;
    private long written;
    private boolean socketWasFull;
    private Instant lastTold = Instant.MIN;

    public Heartbeat(Timing timing, Instant now) {
        this.timing = timing;
        this.deadlySilence = timing.interval.multipliedBy(timing.silentIntervals);
        this.lastWarning = deadlySilence.minus(timing.interval);
        this.lastHeard = now;
        this.nextPing = now.plus(timing.interval);
    }

    /** Any byte came from the peer. */
    public void heard(Instant now) {
        if (now.isAfter(lastHeard)) {
            lastHeard = now;
        }
    }

    /**
     * What became of our own bytes. Where some waited for the socket when this was told last, the kernel's buffer was full;
     * it took more only because the peer's acknowledged some, which a peer that is gone does not. That was at that time or
     * later, so the peer was alive then: a dead one is not found any later for it.
     *
     * @param handedBytes bytes given to the connection so far
     * @param pendingBytes those of them that wait for the socket
     */
    public void sent(long handedBytes, long pendingBytes, Instant now) {
        long nowWritten = handedBytes - pendingBytes;
        if (socketWasFull && nowWritten > written) {
            heard(lastTold);
        }
        lastTold = now;
        written = nowWritten;
        socketWasFull = pendingBytes > 0;
    }

    /** We stopped reading, so silence proves nothing until {@link #listening}. */
    public void notListening() {
        deaf = true;
    }

    /** We read again; the count of silence starts anew. */
    public void listening(Instant now) {
        deaf = false;
        heard(now);
    }

    /** Called at {@link #deadline} or any time before or after; an early call does nothing. */
    public Verdict poll(Instant now) {
        if (now.isAfter(deadline().plus(timing.interval))) {
            lateAt(now);
        }
        if (!deaf && !now.isBefore(death())) {
            return Verdict.DEAD;
        }
        if (now.isBefore(nextPing)) {
            return Verdict.QUIET;
        }
        nextPing = now.plus(timing.interval);
        return Verdict.PING;
    }

    private void lateAt(Instant now) {
        Instant oneIntervalLeft = now.minus(lastWarning);
        if (lastHeard.isBefore(oneIntervalLeft)) {
            lastHeard = oneIntervalLeft;
        }
    }

    /** When {@link #poll} has something to say: not only at each ping, or death would be noticed up to one too late. */
    public Instant deadline() {
        return deaf || nextPing.isBefore(death()) ? nextPing : death();
    }

    private Instant death() {
        return lastHeard.plus(deadlySilence);
    }
}
