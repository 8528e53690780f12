package io.quickdrop.relay.driver.desktop;

import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.sim.desktop.NarrowLink;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection that an instance made to another: two narrow links, and what both ends are told. */
final class Road {
    private static final int BROKEN = 1006;

    final Neighbourhood.Instance from;
    final Neighbourhood.Instance to;
    final NarrowLink up;
    final NarrowLink down;
    private final ConnectionEvents events;
    private @Nullable Peer peer;
    /** Streams were asked for on it, and the end that asked knows of no end. */
    boolean inUse;

    boolean over;
    long mostWaiting;
    long bytesDown;

    Road(
            Neighbourhood.Instance from,
            Neighbourhood.Instance to,
            NarrowLink up,
            NarrowLink down,
            ConnectionEvents events) {
        this.from = from;
        this.to = to;
        this.up = up;
        this.down = down;
        this.events = events;
    }

    void open() {
        to.process.run(() -> {
            peer = to.accept(new ServerEnd(), from.id);
            from.process.run(() -> events.opened(new ClientEnd()));
        });
    }

    /** The cable is pulled; each end finds out now or, where {@code silent}, by itself. */
    void cut(boolean silent) {
        over = true;
        up.cut();
        down.cut();
        if (!silent) {
            from.process.run(() -> lost(BROKEN));
            to.process.run(this::gone);
        }
    }

    /** What either end sends arrives later. */
    void stall(double millis) {
        up.stall(millis);
        down.stall(millis);
    }

    private void lost(int code) {
        over = true;
        inUse = false;
        events.closed(code, "gone");
    }

    private void gone() {
        Peer there = peer;
        if (there != null) {
            there.closed();
        }
    }

    /** What the instance that dialled sends on. */
    private final class ClientEnd implements Connection {
        @Override
        public void sendText(String text) {
            inUse |= text.contains("\"start_stream\"");
            up.send(text.length(), () -> to.process.run(() -> told(text)));
        }

        private void told(String text) {
            Peer there = peer;
            if (there != null) {
                there.text(text);
            }
        }

        @Override
        public void sendBinary(ByteBuffer payload) {
            throw new AssertionError("an instance that pulls sends no pictures");
        }

        @Override
        public void sendPing() {
            up.send(
                    10,
                    () -> to.process.run(() -> {
                        Peer there = peer;
                        if (there != null) {
                            there.alive();
                        }
                        down.send(10, () -> from.process.run(events::alive));
                    }));
        }

        @Override
        public long pendingBytes() {
            return up.pendingBytes();
        }

        @Override
        public void pauseReading() {}

        @Override
        public void resumeReading() {}

        @Override
        public void close(int code, String reason) {
            over = true;
            inUse = false;
            up.send(10, () -> to.process.run(Road.this::gone));
        }
    }

    /** What the instance that has the desktop sends on. */
    private final class ServerEnd implements Connection {
        @Override
        public void sendText(String text) {
            down.send(text.length(), () -> from.process.run(() -> events.text(text)));
        }

        @Override
        public void sendBinary(ByteBuffer payload) {
            ByteBuffer message =
                    ByteBuffer.allocate(payload.remaining()).put(payload).flip();
            bytesDown += message.remaining();
            down.send(message.remaining(), () -> from.process.run(() -> events.binary(message)));
            mostWaiting = Math.max(mostWaiting, down.queuedBytes());
        }

        @Override
        public void sendBinary(List<ByteBuffer> pieces) {
            int bytes = pieces.stream().mapToInt(ByteBuffer::remaining).sum();
            ByteBuffer message = ByteBuffer.allocate(bytes);
            pieces.forEach(piece -> message.put(piece.duplicate()));
            sendBinary(message.flip());
        }

        @Override
        public void sendPing() {
            down.send(
                    10,
                    () -> from.process.run(() -> {
                        events.alive();
                        up.send(
                                10,
                                () -> to.process.run(() -> {
                                    Peer there = peer;
                                    if (there != null) {
                                        there.alive();
                                    }
                                }));
                    }));
        }

        @Override
        public long pendingBytes() {
            return down.pendingBytes();
        }

        @Override
        public void pauseReading() {}

        @Override
        public void resumeReading() {}

        @Override
        public void close(int code, String reason) {
            down.send(10, () -> from.process.run(() -> lost(code)));
        }
    }
}
