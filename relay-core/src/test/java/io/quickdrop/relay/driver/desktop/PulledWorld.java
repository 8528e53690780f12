package io.quickdrop.relay.driver.desktop;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.Tile;
import io.quickdrop.protocol.ViewerMessage.PaintedAck;
import io.quickdrop.protocol.ViewerMessage.StartStream;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerIdentity;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One desktop that moves between three instances, and viewers on each, from one seed: connections that open late or not at
 * all, that are cut, silently or not, that stand still; instances that freeze; news of the store that are late and overtake
 * each other. After every event a picture is on one connection only and no viewer is shown an older registration behind a
 * newer one; and when all is well again, everybody comes to show the screen.
 */
final class PulledWorld {
    private static final double STORM_MILLIS = 25_000;
    /** A frozen connection is found out after 15 s at the latest, and then the rest begins anew. */
    private static final double PATIENCE_MILLIS = 60_000;

    private static final int CELLS = 4;
    private static final int CELL = 64;

    final Neighbourhood town;
    private final long seed;
    private final SplittableRandom random;
    private final List<Viewer> viewers = new ArrayList<>();
    private final long[] screen = new long[CELLS];
    private Agent agent;
    private long versions;
    private boolean calm;
    private @Nullable String broken;
    long events;
    long pictures;

    PulledWorld(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.town = new Neighbourhood(random.nextLong(), "a", "b", "c");
        town.bytesPerSecond = 50_000 * Math.pow(1_000, random.nextDouble());
        town.delayMillis = random.nextInt(1, 80);
        town.newsMillis = () -> calm ? 20 : random.nextDouble() * 1_500;
        town.connectMillis = this::connects;
        agent = new Agent(any());
        for (int i = 0; i < 6; i++) {
            Viewer viewer = new Viewer("viewer " + i, any());
            viewers.add(viewer);
            town.time.afterMillis(random.nextInt(4_000), viewer::connect);
        }
        town.time.afterMillis(1, agent::connect);
        draw();
        for (int i = 0; i < 12; i++) {
            town.time.afterMillis(random.nextInt((int) STORM_MILLIS), this::trouble);
        }
    }

    private double connects() {
        if (calm) {
            return 5;
        }
        int kind = random.nextInt(6);
        return kind == 0 ? -random.nextInt(1, 9_000) : kind == 1 ? random.nextInt(1, 9_000) : random.nextInt(1, 300);
    }

    private Neighbourhood.Instance any() {
        return new ArrayList<>(town.instances.values()).get(random.nextInt(3));
    }

    private void draw() {
        if (calm) {
            return;
        }
        versions++;
        int cell = random.nextInt(CELLS);
        screen[cell] = versions;
        agent.changed(cell);
        town.time.afterMillis(random.nextInt(20, 300), this::draw);
    }

    private void trouble() {
        if (calm) {
            return;
        }
        List<Road> open = town.roads.stream().filter(road -> !road.over).toList();
        switch (random.nextInt(6)) {
            case 0 -> any().process.freeze(random.nextInt(1, 14_000));
            case 1 -> open.forEach(road -> road.cut(random.nextBoolean()));
            case 2 -> open.forEach(road -> road.stall(random.nextInt(1, 8_000)));
            case 3, 4 -> {
                boolean silent = random.nextBoolean();
                agent.leave(silent);
                agent = new Agent(any());
                town.time.afterMillis(random.nextInt(2_000), agent::connect);
            }
            default -> {
                Viewer viewer = viewers.get(random.nextInt(viewers.size()));
                viewer.hidden = !viewer.hidden;
                viewer.acknowledge();
            }
        }
    }

    /** Runs it to its end. */
    PulledWorld run() {
        try {
            passMillis(STORM_MILLIS);
            calm = true;
            for (Viewer viewer : viewers) {
                viewer.hidden = false;
                viewer.connect();
            }
            town.spread();
            double left = PATIENCE_MILLIS;
            while (left > 0 && !viewers.stream().allMatch(Viewer::showsAll)) {
                passMillis(500);
                left -= 500;
                town.spread();
            }
            for (Viewer viewer : viewers) {
                if (!viewer.showsAll()) {
                    broken = viewer.name + " at " + viewer.at.id + " shows " + Arrays.toString(viewer.glass)
                            + " of epoch "
                            + viewer.epoch + ", hearing last " + viewer.last + "; the screen of epoch " + agent.epoch
                            + " at " + agent.at.id + " is " + Arrays.toString(screen);
                }
            }
            judge();
            viewers.forEach(Viewer::leave);
            passMillis(40_000);
            judgeTheEnd();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + " at " + town.time.nowNanos() / 1_000_000 + " ms", e);
        }
        events = town.time.executed();
        return this;
    }

    private void passMillis(double millis) {
        boolean[] over = {false};
        town.time.afterMillis(millis, () -> over[0] = true);
        while (!over[0]) {
            town.time.step();
            judge();
        }
    }

    private void judge() {
        for (Neighbourhood.Instance instance : town.instances.values()) {
            List<Road> used = town.inUse(instance);
            if (used.size() > 1) {
                broken = instance.id + " pulls on " + used.size() + " connections at once";
            }
        }
        if (broken != null) {
            throw new AssertionError(broken);
        }
    }

    private void judgeTheEnd() {
        for (Road road : town.roads) {
            if (!road.over) {
                throw new AssertionError("nobody looks, and " + road.from.id + " keeps a connection to " + road.to.id);
            }
            long most = (4 << 20) + (256 << 10); // the widest window, and a batch that was begun
            if (road.mostWaiting > most) {
                throw new AssertionError(road.mostWaiting + " bytes waited for " + road.from.id);
            }
        }
        if (agent.captures) {
            throw new AssertionError("the agent captures for nobody");
        }
    }

    /** The agent of one registration. */
    private final class Agent implements Connection {
        final Neighbourhood.Instance at;
        private @Nullable Peer peer;
        private boolean gone;
        private boolean captures;
        private long epoch;
        private long frames;
        private long handle;

        Agent(Neighbourhood.Instance at) {
            this.at = at;
        }

        void connect() {
            at.process.run(() -> {
                Peer mine = at.desktops.agentConnected(this, new PeerIdentity("agent", false));
                peer = mine;
                mine.text(TextCodec.encode(new Handshake(DesktopScene.desktop("desk"), "key", "signature", null)));
                beat();
            });
        }

        private void beat() {
            Peer mine = peer;
            if (!gone && mine != null) {
                at.process.run(mine::alive);
                town.time.afterMillis(2_000, this::beat);
            }
        }

        void leave(boolean silent) {
            gone = true;
            captures = false;
            if (!silent) {
                at.process.run(() -> {
                    if (peer != null) {
                        peer.closed();
                    }
                });
            }
        }

        void changed(int cell) {
            send(List.of(cell));
        }

        private void send(List<Integer> cells) {
            Peer to = peer;
            if (gone || !captures || to == null) {
                return;
            }
            frames++;
            List<Tile> tiles = new ArrayList<>();
            for (int cell : cells) {
                ByteBuffer bytes = ByteBuffer.allocate(100 + (int) (frames * 7919 % 4_000));
                bytes.putLong(0, screen[cell]);
                tiles.add(new Tile(cell * CELL, 0, CELL, CELL, bytes));
            }
            FrameHeader header = new FrameHeader(
                    PictureCodec.JPEG,
                    FrameHeader.FLAG_TILES | FrameHeader.FLAG_LAST_PART,
                    0,
                    epoch,
                    frames,
                    0,
                    town.time.nowNanos() / 1_000,
                    0,
                    CELLS * CELL,
                    CELL,
                    Rendition.TILES,
                    75,
                    tiles.size(),
                    handle);
            ByteBuffer message = new Frame(header, tiles).encode();
            at.process.run(() -> to.binary(message, true));
        }

        @Override
        public void sendText(String text) {
            if (gone) {
                return;
            }
            JsonObject said = JsonParser.parseString(text).getAsJsonObject();
            switch (said.get("type").getAsString()) {
                case "handshake_ack" -> {
                    epoch = said.get("epoch").getAsLong();
                    handle = said.get("desktopHandle").getAsLong();
                }
                case "start_capture" -> {
                    captures = true;
                    town.time.afterMillis(1, () -> send(List.of(0, 1, 2, 3)));
                }
                case "stop_capture" -> captures = false;
                case "request_keyframe" -> town.time.afterMillis(1, () -> send(List.of(0, 1, 2, 3)));
                default -> {
                    // acknowledgements and reports
                }
            }
        }

        @Override
        public void sendBinary(ByteBuffer payload) {}

        @Override
        public void sendPing() {}

        @Override
        public long pendingBytes() {
            return 0;
        }

        @Override
        public void pauseReading() {}

        @Override
        public void resumeReading() {}

        /** It was fenced, or given up while its instance was frozen: it registers anew somewhere, as agents do. */
        @Override
        public void close(int code, String reason) {
            if (!gone && agent == this) {
                gone = true;
                captures = false;
                agent = new Agent(any());
                town.time.afterMillis(1_000, agent::connect);
            }
        }
    }

    /** Somebody who looks, at one instance. */
    private final class Viewer {
        final String name;
        final Neighbourhood.Instance at;
        final long[] glass = new long[CELLS];
        private @Nullable Peer peer;
        private @Nullable Seat seat;
        private boolean hidden;
        private long epoch;
        private long painted;
        private String last = "nothing";

        Viewer(String name, Neighbourhood.Instance at) {
            this.name = name;
            this.at = at;
        }

        void connect() {
            if (seat != null && seat.open) {
                acknowledge();
                return;
            }
            Seat fresh = new Seat();
            seat = fresh;
            at.process.run(() -> {
                peer = at.relay.connected(
                        fresh,
                        new PeerIdentity("operator", true),
                        Generation.V2,
                        at.relay.hello(),
                        at.desktops.viewer(name, true));
                fresh.look();
                fresh.beat();
            });
        }

        void leave() {
            Seat mine = seat;
            Peer to = peer;
            if (mine != null && to != null) {
                mine.open = false;
                at.process.run(to::closed);
            }
        }

        boolean showsAll() {
            return Arrays.equals(glass, screen) && epoch == agent.epoch;
        }

        void acknowledge() {
            Seat mine = seat;
            Peer to = peer;
            if (mine != null && to != null && mine.open) {
                PaintedAck ack = new PaintedAck("desk", 0, Rendition.TILES, epoch, painted, painted, 0, 0, hidden);
                at.process.run(() -> to.text(TextCodec.encode(ack)));
            }
        }

        private void show(Frame frame) {
            pictures++;
            FrameHeader header = frame.header();
            if (header.epoch() < epoch) {
                broken = name + " is shown epoch " + header.epoch() + " behind " + epoch;
            }
            epoch = header.epoch();
            for (Tile tile : frame.tiles()) {
                glass[tile.x() / CELL] = tile.bytes().getLong(0);
            }
            painted = header.frameNumber();
            town.time.afterMillis(random.nextInt(1, 40), this::acknowledge);
        }

        /** Its connection. */
        private final class Seat implements Connection {
            private boolean open = true;

            void look() {
                Peer to = peer;
                if (open && to != null) {
                    to.text(TextCodec.encode(new StartStream("desk", 0, Rendition.TILES)));
                }
            }

            void beat() {
                Peer to = peer;
                if (open && to != null) {
                    at.process.run(to::alive);
                    town.time.afterMillis(2_000, this::beat);
                }
            }

            @Override
            public void sendText(String text) {
                JsonObject said = JsonParser.parseString(text).getAsJsonObject();
                String type = said.get("type").getAsString();
                if (type.equals("error")) { // the desktop is not known or not there yet
                    town.time.afterMillis(500, () -> at.process.run(this::look));
                }
                if (!type.equals("stream_stats")) {
                    last = text;
                }
            }

            @Override
            public void sendBinary(ByteBuffer payload) {
                show(((Decoded.Accepted<Frame>) Frame.decode(payload)).value());
            }

            @Override
            public void sendBinary(List<ByteBuffer> pieces) {
                ByteBuffer message = ByteBuffer.allocate(
                        pieces.stream().mapToInt(ByteBuffer::remaining).sum());
                pieces.forEach(message::put);
                sendBinary(message.flip());
            }

            @Override
            public void sendPing() {}

            @Override
            public long pendingBytes() {
                return 0;
            }

            @Override
            public void pauseReading() {}

            @Override
            public void resumeReading() {}

            @Override
            public void close(int code, String reason) {
                open = false;
                town.time.afterMillis(500, Viewer.this::connect);
            }
        }
    }
}
