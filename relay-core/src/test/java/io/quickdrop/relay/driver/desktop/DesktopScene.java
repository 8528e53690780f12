package io.quickdrop.relay.driver.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.DesktopClient.Monitor;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.Tile;
import io.quickdrop.protocol.ViewerMessage;
import io.quickdrop.protocol.ViewerMessage.PaintedAck;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.InMemoryRecordingStore;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.RelayConfig;
import io.quickdrop.relay.driver.RelayListener;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.sim.SimulatedProcess;
import io.quickdrop.relay.sim.VirtualTime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A desktop relay in virtual time, with agents and viewers of both generations at its connections. */
final class DesktopScene {
    static final int WIDTH = 640;
    static final int HEIGHT = 480;

    /** What one peer is told, one line each, and its pictures. */
    static final class Wire implements Connection {
        final List<String> heard = new ArrayList<>();
        final List<JsonObject> texts = new ArrayList<>();
        final List<Frame> frames = new ArrayList<>();
        boolean paused;
        long pendingBytes;

        @Override
        public void sendText(String text) {
            JsonObject object = JsonParser.parseString(text).getAsJsonObject();
            texts.add(object);
            String type = object.get("type").getAsString();
            if (!type.equals("viewer_report") && !type.equals("stream_stats")) { // those come when time passes
                heard.add(type.equals("error") ? object.get("reason").getAsString() : type);
            }
        }

        @Override
        public void sendBinary(ByteBuffer payload) {
            frames.add(((Decoded.Accepted<Frame>) Frame.decode(payload)).value());
        }

        @Override
        public void sendPing() {
            heard.add("ws-ping");
        }

        @Override
        public long pendingBytes() {
            return pendingBytes;
        }

        @Override
        public void pauseReading() {
            paused = true;
        }

        @Override
        public void resumeReading() {
            paused = false;
        }

        @Override
        public void close(int code, String reason) {
            heard.add("closed " + code);
        }

        /** The last one of this type. */
        JsonObject last(String type) {
            for (int i = texts.size() - 1; i >= 0; i--) {
                if (texts.get(i).get("type").getAsString().equals(type)) {
                    return texts.get(i);
                }
            }
            throw new AssertionError("no " + type + " in " + heard);
        }

        long count(String line) {
            return heard.stream().filter(line::equals).count();
        }
    }

    /** Remembers the order of things, and fails on demand. */
    final class Registry implements DesktopRegistry {
        private final InMemoryDesktopRegistry kept = new InMemoryDesktopRegistry();
        boolean broken;

        @Override
        public long register(ClientInfo desktop, Generation generation) throws StorageException {
            if (broken) {
                throw new StorageException(StorageException.Kind.FAILED, "the disk is gone");
            }
            log.add("stored " + desktop.clientId());
            return kept.register(desktop, generation);
        }

        @Override
        public Set<String> seen(Map<String, Long> epochs) {
            return kept.seen(epochs);
        }

        @Override
        public void left(String clientId, long epoch) {
            kept.left(clientId, epoch);
        }

        @Override
        public List<Registered> list() {
            return kept.list();
        }

        @Override
        public boolean remove(String clientId) {
            return kept.remove(clientId);
        }
    }

    /** One end of a connection, and what the relay tells it. */
    record Seat(Wire wire, Peer peer) {
        void say(Message message) {
            peer.text(TextCodec.encode(message));
        }
    }

    final VirtualTime time = new VirtualTime(new SplittableRandom(1));
    double storageMillis = 1;
    final SimulatedProcess process = new SimulatedProcess(time, new SplittableRandom(2), () -> storageMillis);
    final List<String> log = new ArrayList<>();
    final Registry registry = new Registry();
    DesktopGate gate = DesktopGate.open();
    final Relay relay = new Relay(
            RelayConfig.defaults("srv"),
            new InMemoryRecordingStore(time::now),
            process,
            () -> Instant.ofEpochMilli(1_760_000_000_000L),
            new RelayListener() {});
    final DesktopRelay desktops = new DesktopRelay(
            DesktopConfig.defaults(),
            relay,
            registry,
            (application, pending) -> gate.admit(application, pending),
            () -> Instant.ofEpochMilli(1_760_000_000_000L).plusNanos(time.nowNanos()),
            new DesktopListener() {
                @Override
                public void connected(DesktopClient desktop) {
                    log.add(desktop.state() + " " + desktop.clientId());
                }

                @Override
                public void changed(DesktopClient desktop) {
                    log.add("changed " + desktop.clientId());
                }

                @Override
                public void disconnected(String clientId, boolean removed) {
                    log.add((removed ? "removed " : "disconnected ") + clientId);
                }
            });

    void pass(Duration duration) {
        long until = time.nowNanos() + duration.toNanos();
        boolean[] reached = {false};
        time.atNanos(until, () -> reached[0] = true);
        while (!reached[0]) {
            time.step();
        }
    }

    /** Enough for a few hops and a call of the registry, and too little for anything that is waited for. */
    void settle() {
        pass(Duration.ofMillis(20));
    }

    // ---- agents

    Seat agent() {
        Wire wire = new Wire();
        return new Seat(wire, desktops.agentConnected(wire, new PeerIdentity("agent", false)));
    }

    /** An agent that introduced itself. */
    Seat agent(String clientId) {
        Seat agent = agent();
        agent.say(new Handshake(desktop(clientId), "key", "signature", null));
        settle();
        return agent;
    }

    static ClientInfo desktop(String clientId) {
        return new ClientInfo(
                ClientInfo.DESKTOP,
                clientId,
                "Name of " + clientId,
                "host",
                List.of(new Monitor(0, "main", 0, 0, WIDTH, HEIGHT, true)),
                List.of("jpeg", "png"),
                List.of("screenshot"));
    }

    static long epoch(Seat agent) {
        return agent.wire.last("handshake_ack").get("epoch").getAsLong();
    }

    static void frame(Seat agent, long number, int rendition, byte... picture) {
        agent.peer.binary(frame(epoch(agent), number, rendition, picture).encode(), true);
    }

    /** One picture of the whole screen: of tiles a grid of one. */
    static Frame frame(long epoch, long number, int rendition, byte... picture) {
        boolean tiles = rendition == Rendition.TILES;
        FrameHeader header = new FrameHeader(
                PictureCodec.JPEG,
                FrameHeader.FLAG_KEY | FrameHeader.FLAG_LAST_PART | (tiles ? FrameHeader.FLAG_TILES : 0),
                0,
                epoch,
                number,
                0,
                number * 100_000,
                1_000,
                WIDTH,
                HEIGHT,
                rendition,
                75,
                tiles ? 1 : 0,
                1);
        return new Frame(header, List.of(new Tile(0, 0, WIDTH, HEIGHT, ByteBuffer.wrap(picture))));
    }

    // ---- viewers

    Seat viewer(String name) {
        return viewer(name, true);
    }

    Seat viewer(String name, boolean mayWatch) {
        Wire wire = new Wire();
        Peer peer = relay.connected(
                wire,
                new PeerIdentity("operator", true),
                Generation.V2,
                relay.hello(),
                desktops.viewer(name, mayWatch));
        return new Seat(wire, peer);
    }

    /** A viewer that looks at the tiles of a desktop's only screen. */
    Seat watcher(String name, String clientId) {
        Seat viewer = viewer(name);
        watch(viewer, clientId, Rendition.TILES);
        return viewer;
    }

    void watch(Seat viewer, String clientId, int rendition) {
        viewer.say(new ViewerMessage.StartStream(clientId, null, rendition));
        settle();
    }

    static void paint(Seat viewer, String clientId) {
        List<Frame> frames = viewer.wire.frames;
        FrameHeader newest = frames.get(frames.size() - 1).header();
        viewer.say(new PaintedAck(
                clientId,
                newest.screen(),
                newest.rendition(),
                newest.epoch(),
                newest.frameNumber(),
                newest.frameNumber(),
                5_000,
                0,
                false));
    }

    /** The encoded picture that a viewer was sent last. */
    static byte[] shown(Seat viewer) {
        assertThat(viewer.wire.frames).isNotEmpty();
        Frame last = viewer.wire.frames.get(viewer.wire.frames.size() - 1);
        return bytes(last.tiles().get(last.tiles().size() - 1).bytes());
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    // ---- v1

    Seat v1(@Nullable String clientType, @Nullable String clientId) {
        Wire wire = new Wire();
        return new Seat(
                wire,
                desktops.v1Connected(
                        wire,
                        new PeerIdentity("v1", true),
                        new LinkMessage.HelloV1("/out", "https://phone"),
                        clientType,
                        clientId,
                        "v1 viewer"));
    }
}
