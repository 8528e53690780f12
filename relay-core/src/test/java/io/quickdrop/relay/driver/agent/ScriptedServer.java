package io.quickdrop.relay.driver.agent;

import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.AgentMessage.HeartbeatTiming;
import io.quickdrop.protocol.AgentMessage.RegistrationFailed;
import io.quickdrop.protocol.AgentMessage.RelayAck;
import io.quickdrop.protocol.AgentMessage.ScreenWish;
import io.quickdrop.protocol.AgentMessage.StartCapture;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.relay.sim.VirtualTime;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A server for one agent, in simulated time, that a test tells how to behave. Confined to one thread. */
final class ScriptedServer implements Connector {
    static final String SERVER_KEY = "ab".repeat(32);

    private final VirtualTime time;
    /** Answers pings, registers whoever asks, and acknowledges frames. */
    boolean registers = true;

    boolean acknowledges = true;
    /** Bytes vanish both ways, and nobody says so: a pulled cable. */
    boolean swallows;
    /** Connections are refused. */
    boolean isDown;
    /** The certificate is another than the one that is trusted. */
    boolean isStranger;

    /** The error with which every registration fails. */
    @Nullable
    String refusal;

    double oneWayMillis = 5;
    /** Bytes a millisecond from the agent. */
    double width = 1e9;

    long epoch;
    final List<Message> said = new ArrayList<>();
    final List<Frame> frames = new ArrayList<>();
    final List<Double> connectedAtMillis = new ArrayList<>();
    int refused;
    long mostPending;

    @Nullable
    Wire wire;

    ScriptedServer(VirtualTime time) {
        this.time = time;
    }

    @Override
    public void connect(ConnectionEvents events) {
        if (swallows) {
            return; // no answer to the SYN
        }
        time.afterMillis(3 * oneWayMillis, () -> {
            if (isDown || isStranger) {
                refused++;
                events.closed(isStranger ? 1015 : 1006, isStranger ? "certificate" : "connection refused");
                return;
            }
            connectedAtMillis.add(time.nowNanos() / 1e6);
            Wire fresh = new Wire(events);
            wire = fresh;
            events.secured(SERVER_KEY);
            events.opened(fresh);
            if (registers) {
                tell(new Challenge("nonce" + connectedAtMillis.size(), "server"));
            }
        });
    }

    /** Says something to the agent. */
    void tell(Message message) {
        Wire to = wire();
        String text = TextCodec.encode(message);
        time.afterMillis(oneWayMillis, () -> {
            if (!swallows && !to.closed) {
                to.events.text(text);
            }
        });
    }

    void register() {
        tell(new HandshakeAck("desk", ++epoch, new HeartbeatTiming(5000, 3), true, 77L));
    }

    void startCapture(int screen, Integer... renditions) {
        tell(new StartCapture(List.of(new ScreenWish(screen, List.of(renditions))), 30, 75, "jpeg"));
    }

    /** Ends the connection with a close event. */
    void hangUp(int code, String reason) {
        Wire last = wire();
        time.afterMillis(oneWayMillis, () -> last.end(code, reason));
    }

    <T extends Message> List<T> said(Class<T> type) {
        return said.stream().filter(type::isInstance).map(type::cast).toList();
    }

    Wire wire() {
        if (wire == null) {
            throw new AssertionError("nobody connected");
        }
        return wire;
    }

    private void heard(Wire from, String text) {
        if (from != wire) {
            return;
        }
        if (!(TextCodec.decode(text) instanceof Decoded.Accepted<Message> accepted)) {
            throw new AssertionError("not a message: " + text);
        }
        Message message = accepted.value();
        said.add(message);
        if (message instanceof LinkMessage.Ping ping) {
            tell(new LinkMessage.Pong(ping.timestamp(), null, 0));
        } else if (message instanceof Handshake && refusal != null) {
            tell(new RegistrationFailed("desk", refusal, "as the test says"));
        } else if (message instanceof Handshake && registers) {
            register();
        }
    }

    private void heard(Wire from, ByteBuffer bytes) {
        if (from != wire) {
            return;
        }
        if (!(Frame.decode(bytes) instanceof Decoded.Accepted<Frame> accepted)) {
            throw new AssertionError("not a frame: " + Frame.decode(bytes));
        }
        frames.add(accepted.value());
        FrameHeader header = accepted.value().header();
        if (acknowledges && header.has(FrameHeader.FLAG_LAST_PART)) {
            tell(new RelayAck(
                    header.frameNumber(), header.screen(), header.rendition(), header.epoch(), RelayAck.RELAY));
        }
    }

    /** The agent's end of a connection; what it holds goes out as fast as the way is wide. */
    final class Wire implements Connection {
        private record Queued(long bytes, Runnable arrival) {}

        final ConnectionEvents events;
        boolean closed;
        int closeCode;
        private final Queue<Queued> queue = new ArrayDeque<>();
        private long pending;
        private boolean sending;

        Wire(ConnectionEvents events) {
            this.events = events;
        }

        @Override
        public void sendText(String text) {
            enqueue(text.length(), () -> heard(this, text));
        }

        @Override
        public void sendBinary(ByteBuffer payload) {
            ByteBuffer copy = ByteBuffer.allocate(payload.remaining())
                    .put(payload.duplicate())
                    .flip();
            enqueue(copy.remaining(), () -> heard(this, copy));
        }

        @Override
        public void sendPing() {}

        @Override
        public long pendingBytes() {
            return pending;
        }

        @Override
        public void pauseReading() {}

        @Override
        public void resumeReading() {}

        @Override
        public void close(int code, String reason) {
            closed = true;
            closeCode = code;
        }

        void end(int code, String reason) {
            if (!closed) {
                closed = true;
                events.closed(code, reason);
            }
        }

        private void enqueue(long bytes, Runnable arrival) {
            if (closed) {
                return;
            }
            pending += bytes;
            mostPending = Math.max(mostPending, pending);
            queue.add(new Queued(bytes, arrival));
            next();
        }

        private void next() {
            if (sending || queue.isEmpty() || swallows || closed) {
                return;
            }
            sending = true;
            transmit(queue.remove(), 0);
        }

        /** In pieces, so that the queue is seen to drain. */
        private void transmit(Queued item, long done) {
            long piece = Math.min(1400, item.bytes - done);
            time.afterMillis(piece / width, () -> {
                if (swallows) {
                    return; // what was on its way is gone, and nothing moves any more
                }
                pending -= piece;
                if (done + piece < item.bytes) {
                    transmit(item, done + piece);
                    return;
                }
                time.afterMillis(oneWayMillis, () -> {
                    if (!swallows && !closed) {
                        item.arrival.run();
                    }
                });
                sending = false;
                next();
            });
        }
    }
}
