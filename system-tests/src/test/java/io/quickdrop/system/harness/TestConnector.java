package io.quickdrop.system.harness;

import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.client.Connector;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Connects {@code relay-core}'s client through a {@link Door}, so that Host and Origin are right behind a proxy too. Two
 * threads per connection.
 */
public final class TestConnector implements Connector {
    private final Door door;
    private final TestSocket.Upgrade upgrade;

    /** @param upgrade with what authenticates the client */
    public TestConnector(Door door, TestSocket.Upgrade upgrade) {
        this.door = door;
        this.upgrade = upgrade;
    }

    @Override
    public void connect(ConnectionEvents events) {
        daemon("client-connection", () -> run(events));
    }

    private void run(ConnectionEvents events) {
        Link link;
        try {
            TestSocket socket = TestSocket.open(door, upgrade);
            if (!socket.upgraded()) {
                socket.close();
                events.closed(
                        1006,
                        "status " + socket.answer().status() + ": "
                                + socket.answer().text());
                return;
            }
            socket.patience(0);
            events.secured(socket.serverKey());
            link = new Link(socket);
        } catch (IOException e) {
            events.closed(1006, "can't connect: " + e);
            return;
        }
        daemon("client-writer", link::write);
        events.opened(link);
        link.read(events);
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static final class Link implements Connection {
        @SuppressWarnings("ArrayRecordComponent") // a carrier that nobody compares
        private record Outgoing(int opcode, byte[] payload) {}

        private static final Outgoing LEAVE = new Outgoing(-1, new byte[0]);

        private final TestSocket socket;
        private final BlockingQueue<Outgoing> queue = new LinkedBlockingQueue<>();
        private final AtomicLong pending = new AtomicLong();
        private final AtomicBoolean closing = new AtomicBoolean();

        Link(TestSocket socket) {
            this.socket = socket;
        }

        void read(ConnectionEvents events) {
            int code = 1006;
            String reason = "the connection ended without a close frame";
            try {
                while (true) {
                    TestSocket.Frame frame = socket.read();
                    if (frame.opcode() == TestSocket.TEXT) {
                        events.text(frame.text());
                    } else if (frame.opcode() == TestSocket.CLOSE) {
                        code = frame.closeCode();
                        reason = frame.closeReason();
                        break;
                    } else {
                        events.alive();
                        if (frame.opcode() == TestSocket.PING) {
                            enqueue(TestSocket.PONG, frame.payload());
                        }
                    }
                }
            } catch (IOException e) {
                reason = e.toString();
            }
            closing.set(true);
            queue.add(LEAVE);
            socket.close();
            events.closed(code, reason);
        }

        void write() {
            try {
                for (Outgoing next = queue.take(); next.opcode != LEAVE.opcode; next = queue.take()) {
                    socket.frame(next.opcode, next.payload);
                    pending.addAndGet(-next.payload.length);
                }
            } catch (IOException broken) {
                // the reader finds out too, and tells it
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                socket.close();
            }
        }

        private void enqueue(int opcode, byte[] payload) {
            if (!closing.get()) {
                pending.addAndGet(payload.length);
                queue.add(new Outgoing(opcode, payload));
            }
        }

        @Override
        public void sendText(String text) {
            enqueue(TestSocket.TEXT, text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void sendBinary(ByteBuffer payload) {
            byte[] bytes = new byte[payload.remaining()];
            payload.duplicate().get(bytes);
            enqueue(TestSocket.BINARY, bytes);
        }

        @Override
        public void sendPing() {
            enqueue(TestSocket.PING, new byte[0]);
        }

        @Override
        public long pendingBytes() {
            return pending.get();
        }

        @Override
        public void pauseReading() {
            // uploads hear a few short messages: there is nothing to hold back
        }

        @Override
        public void resumeReading() {
            // never paused
        }

        @Override
        public void close(int code, String reason) {
            if (closing.compareAndSet(false, true)) {
                byte[] words = reason.getBytes(StandardCharsets.UTF_8);
                byte[] payload = ByteBuffer.allocate(2 + words.length)
                        .putShort((short) code)
                        .put(words)
                        .array();
                queue.add(new Outgoing(TestSocket.CLOSE, payload));
                queue.add(LEAVE);
                CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(socket::close);
            }
        }
    }
}
