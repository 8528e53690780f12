package io.quickdrop.relay.sim.desktop;

import io.quickdrop.relay.sim.VirtualTime;
import java.util.ArrayDeque;
import java.util.SplittableRandom;

/**
 * One direction of a connection: keeps order, has a bandwidth, a delay and jitter; may stand still for a while; may be cut.
 * What the system's own buffer takes no longer waits in the socket.
 */
public final class NarrowLink {
    /** What the system takes: a small socket send buffer, as the server sets it. */
    static final long SYSTEM_BYTES = 32 << 10;

    private record Leaving(long atNanos, long bytes) {}

    final double bytesPerSecond;
    final double delayMillis;
    final double jitterMillis;
    private final VirtualTime time;
    private final SplittableRandom random;
    private final ArrayDeque<Leaving> leaving = new ArrayDeque<>();
    private long freeNanos;
    private long lastArrivalNanos;
    private long queuedBytes;
    private boolean cut;

    public NarrowLink(
            VirtualTime time, SplittableRandom random, double bytesPerSecond, double delayMillis, double jitterMillis) {
        this.time = time;
        this.random = random;
        this.bytesPerSecond = bytesPerSecond;
        this.delayMillis = delayMillis;
        this.jitterMillis = jitterMillis;
    }

    /** Sends a message; {@code arrived} happens at the other end, unless the link is cut before. */
    public void send(long bytes, Runnable arrived) {
        if (cut) {
            return;
        }
        long begin = Math.max(freeNanos, time.nowNanos());
        freeNanos = begin + (long) (bytes * 1e9 / bytesPerSecond);
        leaving.addLast(new Leaving(freeNanos, bytes));
        queuedBytes += bytes;
        double late = jitterMillis == 0 ? 0 : random.nextDouble() * jitterMillis;
        lastArrivalNanos = Math.max(lastArrivalNanos, freeNanos + (long) ((delayMillis + late) * 1e6));
        time.atNanos(lastArrivalNanos, () -> {
            if (!cut) {
                arrived.run();
            }
        });
    }

    /** Nothing more leaves for so long. */
    public void stall(double millis) {
        freeNanos = Math.max(freeNanos, time.nowNanos()) + (long) (millis * 1e6);
    }

    /** What is on its way is lost. */
    public void cut() {
        cut = true;
    }

    /** Bytes that have not left. */
    public long queuedBytes() {
        while (!leaving.isEmpty() && leaving.getFirst().atNanos <= time.nowNanos()) {
            queuedBytes -= leaving.removeFirst().bytes;
        }
        return queuedBytes;
    }

    /** Bytes that wait in the socket since the system takes no more. */
    public long pendingBytes() {
        return Math.max(0, queuedBytes() - SYSTEM_BYTES);
    }
}
