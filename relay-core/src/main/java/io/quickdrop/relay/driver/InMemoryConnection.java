package io.quickdrop.relay.driver;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection inside one process, for tests and for embedders whose peers live in the same one. What one end
 * sends the other's {@link Receiver} is told, in order, on the executor's threads.
 *
 * <p>Safe on any thread.
 */
public final class InMemoryConnection implements Connection {
    /** Gone without a close frame (RFC 6455 section 7.1.5). */
    private static final int ABNORMAL = 1006;

    /** What an end is told, one call at a time. */
    public interface Receiver {
        /** A text frame came. */
        default void text(String text) {}

        /** A binary frame came; the bytes must not be changed. */
        default void binary(ByteBuffer payload) {}

        /** A ping or a pong came. */
        default void alive() {}

        /** The connection is gone; the last call. */
        default void closed(int code, String reason) {}
    }

    /** Two ends that belong together. */
    public record Pair(InMemoryConnection left, InMemoryConnection right) {}

    private record Frame(int bytes, Runnable delivery) {}

    private final Executor executor;
    private final Queue<Frame> arrived = new ArrayDeque<>();
    private @Nullable InMemoryConnection other;
    private @Nullable Receiver receiver;
    private long arrivedBytes;
    private boolean delivering;
    private boolean paused;
    private boolean closed;

    private InMemoryConnection(Executor executor) {
        this.executor = executor;
    }

    /** A new connection; each end holds back what comes until {@link #receiveBy} says who wants it. */
    public static Pair pair(Executor executor) {
        InMemoryConnection left = new InMemoryConnection(executor);
        InMemoryConnection right = new InMemoryConnection(executor);
        left.other = right;
        right.other = left;
        return new Pair(left, right);
    }

    /** Tells what comes to {@code next} from now on. */
    public void receiveBy(Receiver next) {
        synchronized (this) {
            receiver = next;
        }
        deliver();
    }

    @Override
    public void sendText(String text) {
        send(text.length(), to -> to.text(text));
    }

    @Override
    public void sendBinary(ByteBuffer payload) {
        ByteBuffer bytes = payload.slice();
        send(bytes.remaining(), to -> to.binary(bytes));
    }

    /** The other end answers by itself, as every WebSocket does. */
    @Override
    public void sendPing() {
        InMemoryConnection to = otherEnd();
        send(0, receiver -> {
            receiver.alive();
            to.send(0, Receiver::alive);
        });
    }

    @Override
    public long pendingBytes() {
        InMemoryConnection to = otherEnd();
        synchronized (to) {
            return to.arrivedBytes;
        }
    }

    @Override
    public synchronized void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        synchronized (this) {
            paused = false;
        }
        deliver();
    }

    @Override
    public void close(int code, String reason) {
        InMemoryConnection to = otherEnd();
        send(0, receiver -> {
            to.end();
            receiver.closed(code, reason);
        });
        endAndTell(code, reason);
    }

    /** Ends the connection for both without a word, as a pulled cable and an RST do; what was on its way is lost. */
    public void cut() {
        endAndTell(ABNORMAL, "cut");
        otherEnd().endAndTell(ABNORMAL, "cut");
    }

    private interface Delivery {
        void to(Receiver receiver);
    }

    private void send(int bytes, Delivery delivery) {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        otherEnd().arrive(bytes, delivery);
    }

    private void arrive(int bytes, Delivery delivery) {
        synchronized (this) {
            if (closed) {
                return;
            }
            arrivedBytes += bytes;
            arrived.add(new Frame(bytes, () -> {
                Receiver to = receiver;
                if (to != null) {
                    delivery.to(to);
                }
            }));
        }
        deliver();
    }

    private synchronized void end() {
        closed = true;
        paused = false;
        arrived.clear();
        arrivedBytes = 0;
    }

    private void endAndTell(int code, String reason) {
        synchronized (this) {
            if (closed) {
                return;
            }
            end();
            arrived.add(new Frame(0, () -> {
                Receiver to = receiver;
                if (to != null) {
                    to.closed(code, reason);
                }
            }));
        }
        deliver();
    }

    /** Has one frame delivered, and then the next, so that a pause takes effect between any two. */
    private void deliver() {
        synchronized (this) {
            if (delivering || paused || receiver == null || arrived.isEmpty()) {
                return;
            }
            delivering = true;
        }
        executor.execute(this::deliverOne);
    }

    private void deliverOne() {
        Frame frame;
        synchronized (this) {
            frame = paused ? null : arrived.poll();
            if (frame != null) {
                arrivedBytes -= frame.bytes;
            }
        }
        try {
            if (frame != null) {
                frame.delivery.run();
            }
        } finally {
            synchronized (this) {
                delivering = false;
            }
            deliver();
        }
    }

    private InMemoryConnection otherEnd() {
        if (other == null) {
            throw new AssertionError("an end without the other");
        }
        return other;
    }
}
