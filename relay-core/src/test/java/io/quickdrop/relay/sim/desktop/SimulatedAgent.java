package io.quickdrop.relay.sim.desktop;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.AgentStatus;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.RelayAck;
import io.quickdrop.protocol.AgentMessage.RequestKeyframe;
import io.quickdrop.protocol.AgentMessage.ScreenWish;
import io.quickdrop.protocol.AgentMessage.StartCapture;
import io.quickdrop.protocol.AgentMessage.StopCapture;
import io.quickdrop.protocol.AgentMessage.ViewerReport;
import io.quickdrop.protocol.DesktopClient.Monitor;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.relay.desktop.AgentId;
import io.quickdrop.relay.desktop.RoomInput;
import io.quickdrop.relay.desktop.RoomInput.AgentKind;
import io.quickdrop.relay.desktop.StreamKey;
import io.quickdrop.relay.desktop.agent.PaceBounds;
import io.quickdrop.relay.desktop.agent.QualityController;
import io.quickdrop.relay.sim.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * One connection of a desktop's agent: captures what it was told to, at the pace that the real {@link QualityController}
 * sets. Its window is opened by acknowledgements alone and nothing in it expires, so that a room which forgets one is found.
 */
final class SimulatedAgent {
    /** Frames that it has in flight at most: v2 and v1. */
    private static final int WINDOW = 10;

    private static final int WINDOW_V1 = 2;
    private static final int PART_BYTES = 16 << 10;

    final AgentId id;
    final long epoch;
    final AgentKind kind;
    private final VirtualTime time;
    private final List<SimulatedScreen> screens;
    private final NarrowLink up;
    private final NarrowLink down;
    private final DesktopWorld world;
    private final QualityController pace = new QualityController(PaceBounds.defaults());
    private final long clockOffsetMicros;
    private final Set<StreamKey> wanted = new HashSet<>();
    /** Versions that were sent, for each stream of tiles; of pictures the one version. */
    private final Map<StreamKey, long[]> sent = new HashMap<>();

    private final Map<StreamKey, Integer> sentShape = new HashMap<>();
    private final Map<StreamKey, Long> numbers = new HashMap<>();
    private final Map<StreamKey, Long> thumbnailNanos = new HashMap<>();
    /** Frames without acknowledgement, by stream and number. */
    private final Map<StreamKey, TreeMap<Long, Long>> inFlight = new HashMap<>();

    private boolean gone;
    private long skipped;

    SimulatedAgent(
            DesktopWorld world,
            long id,
            long epoch,
            AgentKind kind,
            NarrowLink up,
            NarrowLink down,
            SplittableRandom random) {
        this.world = world;
        this.time = world.time;
        this.id = new AgentId(id);
        this.epoch = epoch;
        this.kind = kind;
        this.screens = world.screens;
        this.up = up;
        this.down = down;
        this.clockOffsetMicros = random.nextInt(1_000_000_000);
        pace.begin(time.now());
    }

    RoomInput.AgentCame came() {
        List<Monitor> monitors = new ArrayList<>();
        for (SimulatedScreen screen : screens) {
            monitors.add(new Monitor(
                    screen.index, "m" + screen.index, 0, 0, screen.width(), screen.height(), screen.index == 0));
        }
        ClientInfo info = new ClientInfo(
                ClientInfo.DESKTOP, DesktopWorld.DESKTOP, null, null, monitors, List.of("jpeg"), List.of());
        return new RoomInput.AgentCame(id, info, epoch, 1, kind);
    }

    /** The connection is established and registered. */
    void run() {
        tick();
        status();
    }

    private void tick() {
        if (gone) {
            return;
        }
        pace.step(Duration.ZERO, framesInFlight(), time.now());
        for (StreamKey key : wanted) {
            capture(key);
        }
        time.afterMillis(1_000.0 / pace.pace().fps(), this::tick);
    }

    private void status() {
        if (gone) {
            return;
        }
        AgentStatus status = new AgentStatus("capturing", 1, 1, pace.pace().quality(), skipped, 1_000, null);
        up.send(200, () -> world.give(new RoomInput.StatusCame(id, status)));
        time.afterMillis(1_000, this::status);
    }

    private void capture(StreamKey key) {
        SimulatedScreen screen = screens.get(key.screen());
        boolean asPicture = key.rendition() != Rendition.TILES;
        boolean anew = sentShape.getOrDefault(key, -1) != screen.shape;
        long[] before = sent.getOrDefault(key, new long[0]);
        boolean nothing = asPicture
                ? before.length > 0 && before[0] == screen.lastVersion()
                : !anew && java.util.Arrays.equals(before, screen.versions());
        if (nothing || (key.rendition() == Rendition.THUMBNAIL && isTooEarly(key))) {
            return;
        }
        boolean room = framesInFlight() < (kind == AgentKind.RENDITIONS ? WINDOW : WINDOW_V1);
        boolean budget = room && (kind == AgentKind.WHOLE_PICTURES || pace.hasBudget(time.now()));
        pace.wanted(room && budget);
        if (!room || !budget) {
            skipped++;
            return;
        }
        long number = numbers.merge(key, 1L, Long::sum);
        SimulatedScreen.Numbers figures = new SimulatedScreen.Numbers(
                epoch, number, agentMicros(), key.rendition(), pace.pace().quality());
        inFlight.computeIfAbsent(key, absent -> new TreeMap<>()).put(number, time.nowNanos());
        if (asPicture) {
            boolean small = key.rendition() == Rendition.THUMBNAIL;
            int bytes = small ? 200 : (int) screen.wholeBytes(figures.quality());
            send(screen.picture(figures, small ? 32 : screen.width(), small ? 32 : screen.height(), bytes));
            sent.put(key, new long[] {screen.lastVersion()});
        } else {
            tiles(screen, figures, anew ? new long[0] : before);
            sent.put(key, screen.versions().clone());
        }
        sentShape.put(key, screen.shape);
    }

    private boolean isTooEarly(StreamKey key) {
        long last = thumbnailNanos.getOrDefault(key, Long.MIN_VALUE / 2);
        if (time.nowNanos() - last < 2_000_000_000L) {
            return true;
        }
        thumbnailNanos.put(key, time.nowNanos());
        return false;
    }

    private void tiles(SimulatedScreen screen, SimulatedScreen.Numbers figures, long[] before) {
        List<Integer> changed = new ArrayList<>();
        int perPart = Math.max(1, PART_BYTES / screen.cellBytes(figures.quality()));
        for (int cell = 0; cell < screen.cells(); cell++) {
            if (before.length != screen.cells() || before[cell] != screen.versions()[cell]) {
                changed.add(cell);
            }
        }
        for (int from = 0; from < changed.size(); from += perPart) {
            int to = Math.min(from + perPart, changed.size());
            send(screen.tiles(changed.subList(from, to), figures, to == changed.size()));
        }
    }

    private void send(Frame frame) {
        pace.sent(frame.wireBytes(), time.now());
        up.send(frame.wireBytes(), () -> world.give(new RoomInput.FrameCame(id, frame)));
    }

    /** The room tells it something. */
    void tell(AgentMessage message) {
        down.send(100, () -> hear(message));
    }

    private void hear(AgentMessage message) {
        if (gone) {
            return;
        }
        if (message instanceof StartCapture start) {
            Set<StreamKey> now = new HashSet<>();
            for (ScreenWish wish : start.screens()) {
                wish.renditions().forEach(rendition -> now.add(new StreamKey(wish.screen(), rendition)));
            }
            sent.keySet().retainAll(now);
            thumbnailNanos.keySet().retainAll(now);
            wanted.clear();
            wanted.addAll(now);
            pace.asked(start.fps(), start.quality(), false);
        } else if (message instanceof StopCapture) {
            wanted.clear();
            sent.clear();
            thumbnailNanos.clear();
        } else if (message instanceof RequestKeyframe request) {
            sent.remove(new StreamKey(request.screen(), request.rendition()));
        } else if (message instanceof RelayAck ack) {
            acknowledged(ack);
        } else if (message instanceof ViewerReport report) {
            pace.governed(report.governing(), time.now());
        }
    }

    private void acknowledged(RelayAck ack) {
        StreamKey key = new StreamKey(ack.screen(), ack.rendition());
        if (ack.epoch() != epoch || ack.frameNumber() > numbers.getOrDefault(key, 0L)) {
            throw new AssertionError("agent " + id + " of epoch " + epoch + " was told " + ack);
        }
        TreeMap<Long, Long> flying = inFlight.get(key);
        if (flying != null) {
            flying.headMap(ack.frameNumber(), true).clear();
        }
    }

    int framesInFlight() {
        int frames = 0;
        for (TreeMap<Long, Long> flying : inFlight.values()) {
            frames += flying.size();
        }
        return frames;
    }

    /** Now, on its own clock. */
    long agentMicros() {
        return clockOffsetMicros + time.nowNanos() / 1000;
    }

    boolean isCapturing() {
        return !wanted.isEmpty();
    }

    boolean isGone() {
        return gone;
    }

    /** Its process ends; what it had sent may still arrive. */
    void end() {
        gone = true;
    }

    NarrowLink up() {
        return up;
    }
}
