package io.quickdrop.relay.sim;

import io.quickdrop.relay.driver.Connection;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket over one TCP connection: in order, with a delay, a narrow bandwidth and bounded buffers, until it is cut,
 * stalls, or swallows everything in silence.
 */
public final class SimulatedLink {
    /** What the two ends notice of a cut. Whatever had not been delivered is lost, except where it says otherwise. */
    public enum Cut {
        /** Both ends are told soon (RST). */
        TOLD_TO_BOTH,
        /** The server goes on believing in it, and still gets what was on its way. */
        TOLD_TO_CLIENT,
        /** The client goes on believing in it. */
        TOLD_TO_SERVER,
        /** Nobody is told: half-open both ways. */
        SILENT,
        /** What the client sends vanishes. */
        SILENT_UP,
        /** What the server sends vanishes. */
        SILENT_DOWN
    }

    /** What an end does with what arrives. */
    public interface Receiver {
        /** A text frame. */
        void text(String text);

        /** A binary frame. */
        void binary(ByteBuffer frame);

        /** A ping or a pong. */
        void alive();

        /** The connection is gone. */
        void closed(int code, String reason);
    }

    /** How good the line is. */
    public record Quality(double delayMillis, double jitterMillis, double bytesPerMilli) {}

    private enum Kind {
        TEXT,
        BINARY,
        PING,
        PONG,
        CLOSE
    }

    private record Frame(Kind kind, @Nullable String text, @Nullable ByteBuffer bytes, int code, int size) {}

    /** What the two kernels and the line hold of one direction, bytes, before its sender has to wait. */
    private static final int KERNEL_BYTES = 2_000;
    /** Frame header and TCP's share. */
    private static final int FRAME_OVERHEAD = 8;

    private static final int ABNORMAL = 1006;

    private final VirtualTime time;
    private final SplittableRandom random;
    private final Quality quality;
    private final End client;
    private final End server;
    private long cutAtByte = Long.MAX_VALUE;
    private Cut cutAs = Cut.TOLD_TO_BOTH;
    private long bytesUp;

    /** An open connection between two processes; {@link End#receiveBy} has to follow for both ends. */
    public SimulatedLink(
            VirtualTime time,
            SplittableRandom random,
            Quality quality,
            SimulatedProcess clientProcess,
            SimulatedProcess serverProcess) {
        this.time = time;
        this.random = random;
        this.quality = quality;
        this.client = new End(clientProcess);
        this.server = new End(serverProcess);
        client.other = server;
        server.other = client;
    }

    /** The client's end. */
    public End client() {
        return client;
    }

    /** The server's end. */
    public End server() {
        return server;
    }

    /** Cuts it in the middle of what the client sends. */
    public void cutAtByte(long byteFromTheClient, Cut how) {
        cutAtByte = byteFromTheClient;
        cutAs = how;
    }

    /** Nothing moves for a while, and nothing is lost. */
    public void stall(double millis) {
        client.stalledUntil = server.stalledUntil = time.nowNanos() + (long) (millis * 1e6);
    }

    /** Cuts it now. */
    public void cut(Cut how) {
        if (how == Cut.SILENT_UP || how == Cut.SILENT_DOWN) {
            (how == Cut.SILENT_UP ? client : server).vanish();
            return;
        }
        boolean lateBytes = how == Cut.TOLD_TO_CLIENT && random.nextBoolean();
        client.vanish();
        server.vanish();
        if (!lateBytes) {
            client.lost = true;
        }
        server.lost = true;
        if (how == Cut.TOLD_TO_BOTH || how == Cut.TOLD_TO_CLIENT) {
            client.toldLater();
        }
        if (how == Cut.TOLD_TO_BOTH || how == Cut.TOLD_TO_SERVER) {
            server.toldLater();
        }
    }

    /** One end: the connection of the process there, and what it has sent. */
    public final class End implements Connection {
        private final SimulatedProcess process;
        private final ArrayDeque<Frame> unsent = new ArrayDeque<>();
        private final ArrayDeque<Frame> arrived = new ArrayDeque<>();
        private End other;
        private @Nullable Receiver receiver;
        private long unsentBytes;
        private long kernelBytes;
        private long stalledUntil;
        private long lastDelivery;
        private boolean transmitting;
        private boolean paused;
        private boolean closed;
        /** What this end sends never arrives. */
        private boolean vanishes;
        /** What this end has sent and has not arrived never will. */
        private boolean lost;

        @SuppressWarnings("NullAway") // `other` is set by the link's constructor: the two ends know each other
        private End(SimulatedProcess process) {
            this.process = process;
        }

        /** Takes what arrives from now on. */
        public void receiveBy(Receiver next) {
            receiver = next;
            deliverArrived();
        }

        @Override
        public void sendText(String text) {
            send(new Frame(Kind.TEXT, text, null, 0, text.length() + FRAME_OVERHEAD));
        }

        @Override
        public void sendBinary(ByteBuffer payload) {
            send(new Frame(Kind.BINARY, null, payload, 0, payload.remaining() + FRAME_OVERHEAD));
        }

        @Override
        public void sendPing() {
            send(new Frame(Kind.PING, null, null, 0, FRAME_OVERHEAD));
        }

        @Override
        public long pendingBytes() {
            return unsentBytes;
        }

        @Override
        public void pauseReading() {
            paused = true;
        }

        @Override
        public void resumeReading() {
            if (paused) {
                paused = false;
                time.soon(this::deliverArrived);
            }
        }

        @Override
        public void close(int code, String reason) {
            if (!closed) {
                send(new Frame(Kind.CLOSE, reason, null, code, FRAME_OVERHEAD));
                closed = true;
                toldLater();
            }
        }

        /** The process is gone; its kernel closes what it left. */
        public void processDied(boolean powerCut) {
            closed = true;
            vanish();
            lost = true;
            if (!powerCut) {
                other.toldLater();
            }
        }

        private void send(Frame frame) {
            if (!closed) {
                unsent.add(frame);
                unsentBytes += frame.size;
                transmit();
            }
        }

        private void vanish() {
            vanishes = true;
        }

        private void transmit() {
            Frame frame = unsent.peek();
            if (transmitting || frame == null || kernelBytes >= KERNEL_BYTES) {
                return;
            }
            transmitting = true;
            double millis = frame.size / quality.bytesPerMilli;
            long from = Math.max(time.nowNanos(), stalledUntil);
            time.atNanos(from + (long) (millis * 1e6), this::transmitted);
        }

        private void transmitted() {
            transmitting = false;
            if (time.nowNanos() < stalledUntil) {
                transmit();
                return;
            }
            Frame frame = unsent.remove();
            unsentBytes -= frame.size;
            kernelBytes += frame.size;
            if (this == client) {
                bytesUp += frame.size;
                if (bytesUp > cutAtByte) {
                    cutAtByte = Long.MAX_VALUE;
                    cut(cutAs);
                }
            }
            if (!vanishes) { // else the kernel's buffer fills up with what is never acknowledged
                double millis = quality.delayMillis + random.nextDouble() * quality.jitterMillis;
                lastDelivery = Math.max(lastDelivery, time.nowNanos() + (long) (millis * 1e6));
                time.atNanos(lastDelivery, () -> arrive(frame));
            }
            transmit();
        }

        private void arrive(Frame frame) {
            if (!lost) {
                other.arrived.add(frame);
                other.deliverArrived();
            }
        }

        /** Hands on what arrived, unless the application does not read. */
        private void deliverArrived() {
            Frame frame = arrived.peek();
            while (frame != null && receiver != null && !paused) {
                arrived.remove();
                other.kernelBytes -= frame.size;
                other.transmit();
                Frame delivered = frame;
                Receiver by = receiver;
                process.run(() -> deliver(by, delivered));
                frame = arrived.peek();
            }
        }

        private void deliver(Receiver by, Frame frame) {
            if (frame.kind == Kind.CLOSE) {
                told(frame.code, frame.text == null ? "" : frame.text);
            } else if (closed) {
                return;
            } else if (frame.text != null) {
                by.text(frame.text);
            } else if (frame.bytes != null) {
                by.binary(frame.bytes);
            } else {
                by.alive();
                if (frame.kind == Kind.PING) {
                    send(new Frame(Kind.PONG, null, null, 0, FRAME_OVERHEAD));
                }
            }
        }

        private void toldLater() {
            time.afterMillis(random.nextDouble() * 100, () -> process.run(() -> told(ABNORMAL, "reset")));
        }

        private void told(int code, String reason) {
            closed = true;
            if (receiver != null) {
                receiver.closed(code, reason);
            }
        }
    }
}
