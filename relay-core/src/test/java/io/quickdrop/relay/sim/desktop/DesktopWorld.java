package io.quickdrop.relay.sim.desktop;

import io.quickdrop.protocol.AgentMessage.RelayAck;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.ViewerMessage.StreamStarted;
import io.quickdrop.protocol.ViewerMessage.StreamStopped;
import io.quickdrop.relay.desktop.AgentId;
import io.quickdrop.relay.desktop.DesktopRoom;
import io.quickdrop.relay.desktop.RoomConfig;
import io.quickdrop.relay.desktop.RoomInput;
import io.quickdrop.relay.desktop.RoomInput.AgentKind;
import io.quickdrop.relay.desktop.RoomOutput;
import io.quickdrop.relay.desktop.StreamKey;
import io.quickdrop.relay.desktop.ViewerId;
import io.quickdrop.relay.sim.VirtualTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One room from one seed: a desktop, its viewers, and everything that goes wrong between them for a while. After every event
 * the promises have to hold; and when the screen rests, every viewer that is not broken must come to show exactly it.
 */
final class DesktopWorld {
    static final String DESKTOP = "desk";
    private static final double STORM_MILLIS = 12_000;
    /** To find out that something is amiss and to begin again: four seconds of patience, a still each second, and so on. */
    private static final double PATIENCE_MILLIS = 20_000;

    /** How a world may be altered, to see that its promises are really looked at. */
    interface Alteration {
        DesktopRoom room(RoomConfig config, ToLongFunction<ViewerId> pendingBytes);

        /** None. */
        static DesktopRoom none(RoomConfig config, ToLongFunction<ViewerId> pendingBytes) {
            return new DesktopRoom(DESKTOP, config, pendingBytes);
        }
    }

    final VirtualTime time;
    final RoomPromises promises;
    final List<SimulatedScreen> screens = new ArrayList<>();
    final List<SimulatedViewer> viewers = new ArrayList<>();
    private final long seed;
    private final DesktopRoom room;
    private final Map<ViewerId, SimulatedViewer.Connection> connections = new HashMap<>();
    private final Map<ViewerId, SimulatedViewer> people = new HashMap<>();
    private final DesktopTally tally = new DesktopTally();
    private @Nullable SimulatedAgent agent;
    /** The one that the room takes for the present one. */
    private @Nullable SimulatedAgent known;

    private AgentKind kind = AgentKind.RENDITIONS;
    private long ids;
    private long agents;
    private long epochs;
    private boolean resting;
    private boolean over;
    private @Nullable Instant tickAt;
    private VirtualTime.@Nullable Event tick;

    /** @param comes which of the viewers take part; all others are as if they had never been */
    DesktopWorld(long seed, Alteration alteration, IntPredicate comes, boolean isolation) {
        this.seed = seed;
        this.time = new VirtualTime(random(1));
        this.promises = new RoomPromises(time);
        this.room = alteration.room(RoomConfig.defaults(), this::pendingBytes);
        SplittableRandom random = random(2);
        int monitors = isolation ? 1 : 1 + random.nextInt(2);
        for (int screen = 0; screen < monitors; screen++) {
            screens.add(new SimulatedScreen(screen, random(10 + screen)));
        }
        kind = !isolation && random.nextInt(5) == 0 ? AgentKind.WHOLE_PICTURES : AgentKind.RENDITIONS;
        int count = isolation ? 4 : 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            SplittableRandom own = random(100 + i);
            SimulatedViewer viewer = new SimulatedViewer(
                    this, "viewer " + i, isolation ? unequal(i, own) : any(own), key(own, isolation), own);
            if (comes.test(i)) {
                viewers.add(viewer);
                time.afterMillis(isolation ? 10 : own.nextInt(3_000), viewer::connect);
                if (!isolation) {
                    trouble(viewer, own);
                }
            }
        }
        screens.forEach(screen -> draw(screen, random(20 + screen.index), !isolation));
        time.afterMillis(random.nextInt(isolation ? 1 : 500), () -> agentComes(random(30), isolation));
    }

    /** A world with everything in it. */
    DesktopWorld(long seed, Alteration alteration) {
        this(seed, alteration, i -> true, false);
    }

    private SplittableRandom random(long part) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + part * 0xD1B54A32D192ED03L);
    }

    DesktopWorld traceTo(Consumer<String> lines) {
        promises.traceTo(lines);
        return this;
    }

    // ---- who is in it

    private static double between(SplittableRandom random, double least, double most) {
        return least * Math.pow(most / least, random.nextDouble());
    }

    private static SimulatedViewer.Nature any(SplittableRandom random) {
        int acks = random.nextInt(8);
        return new SimulatedViewer.Nature(
                between(random, 1_000, 125_000_000),
                random.nextInt(4) == 0 ? 0.1 : between(random, 0.1, 150),
                random.nextInt(2) * between(random, 0.1, 30),
                between(random, 0.5, 30),
                10 + random.nextInt(41),
                acks == 0 ? 1 : acks == 1 ? random.nextDouble() * 0.5 : 0);
    }

    /** The first has a good way, the others bad ones. */
    private static SimulatedViewer.Nature unequal(int i, SplittableRandom random) {
        double[] bytesPerSecond = {between(random, 2e6, 125e6), 125_000, 1_000, 50_000};
        double delay = i == 0 ? between(random, 0.2, 30) : between(random, 1, 100);
        return new SimulatedViewer.Nature(bytesPerSecond[i], delay, 0, 5, 10, i == 3 ? 1 : 0);
    }

    private StreamKey key(SplittableRandom random, boolean isolation) {
        int screen = random.nextInt(screens.size());
        int rendition = isolation ? 0 : Math.max(0, random.nextInt(6) - 3);
        return new StreamKey(screen, rendition);
    }

    private void trouble(SimulatedViewer viewer, SplittableRandom random) {
        double at = 500 + random.nextInt(8_000);
        if (at > STORM_MILLIS || random.nextInt(4) == 0) {
            return;
        }
        time.afterMillis(at, () -> {
            if (resting) {
                return;
            }
            tally.troubles++;
            switch (random.nextInt(6)) {
                case 0 -> viewer.freeze(random.nextInt(9_000));
                case 1 -> viewer.stall(random.nextInt(6_000));
                case 2 -> {
                    viewer.hide(true);
                    time.afterMillis(random.nextInt(6_000), () -> viewer.hide(false));
                }
                case 3 -> {
                    viewer.cut();
                    time.afterMillis(random.nextInt(5_000), viewer::connect);
                }
                case 4 -> viewer.stopAndStart();
                default -> viewer.stall(100 + random.nextInt(300));
            }
            trouble(viewer, random);
        });
    }

    private void draw(SimulatedScreen screen, SplittableRandom random, boolean resizes) {
        if (resting) {
            return;
        }
        boolean pause = resizes && random.nextInt(40) == 0;
        if (resizes && random.nextInt(150) == 0) {
            screen.resize();
        } else {
            screen.draw();
        }
        time.afterMillis(pause ? random.nextInt(4_000) : 20 + random.nextInt(150), () -> draw(screen, random, resizes));
    }

    private void agentComes(SplittableRandom random, boolean faultless) {
        double bandwidth = faultless ? 20e6 : between(random, 60_000, 100_000_000);
        double delay = faultless ? 5 : between(random, 0.1, 100);
        NarrowLink up = new NarrowLink(time, random.split(), bandwidth, delay, 0);
        NarrowLink down = new NarrowLink(time, random.split(), 1e6, delay, 0);
        SimulatedAgent fresh = new SimulatedAgent(this, ++agents, ++epochs, kind, up, down, random);
        agent = fresh;
        up.send(500, () -> {
            give(fresh.came());
            fresh.run();
        });
        if (!faultless && random.nextInt(2) == 0) {
            time.afterMillis(1_000 + random.nextInt(9_000), () -> agentGoes(fresh, random));
        }
    }

    /** Its process dies or its way is cut; the server notices at some time, maybe after the next one has come. */
    private void agentGoes(SimulatedAgent old, SplittableRandom random) {
        if (resting) {
            return;
        }
        tally.agentCuts++;
        old.end();
        if (random.nextBoolean()) {
            old.up().cut();
        }
        time.afterMillis(random.nextInt(4_000), () -> give(new RoomInput.AgentGone(old.id)));
        time.afterMillis(random.nextInt(3_000), () -> agentComes(random, false));
    }

    /** Whether nobody comes any more. */
    boolean isOver() {
        return over;
    }

    boolean sendsWholePictures() {
        return kind == AgentKind.WHOLE_PICTURES;
    }

    // ---- the room

    private long pendingBytes(ViewerId id) {
        SimulatedViewer.Connection connection = connections.get(id);
        return connection == null ? 0 : connection.down.pendingBytes();
    }

    long nextViewerId() {
        return ++ids;
    }

    void connected(SimulatedViewer viewer, SimulatedViewer.Connection connection) {
        connections.put(connection.id, connection);
        people.put(connection.id, viewer);
        promises.connected(viewer, connection);
    }

    /** The server finds out, after a while, that a connection is gone. */
    void cut(ViewerId id, double afterMillis) {
        time.afterMillis(afterMillis, () -> {
            connections.remove(id);
            promises.gone(id);
            give(new RoomInput.ViewerGone(id));
        });
    }

    void fromViewer(ViewerId id, RoomInput input) {
        if (!connections.containsKey(id)) {
            return;
        }
        if (input instanceof RoomInput.Painted painted) {
            SimulatedAgent now = known;
            boolean present = now != null && painted.ack().epoch() == now.epoch;
            promises.acknowledged(id, painted.ack(), present);
        } else if (input instanceof RoomInput.ViewerCame) {
            promises.looksAnew(id);
        }
        give(input);
    }

    void give(RoomInput input) {
        if (input instanceof RoomInput.AgentCame came && came.epoch() == epochs) {
            known = agent;
            promises.agentChanged();
        } else if (input instanceof RoomInput.AgentGone gone && known != null && known.id.equals(gone.agent())) {
            known = null;
            promises.agentChanged();
        }
        boolean acknowledge = false;
        boolean first = false;
        Frame taken = null;
        if (input instanceof RoomInput.FrameCame came && known != null && known.id.equals(came.agent())) {
            first = promises.frameCame(came.frame(), kind);
            taken = came.frame();
            acknowledge = kind == AgentKind.RENDITIONS && came.frame().header().has(FrameHeader.FLAG_LAST_PART);
            tally.frames++;
        }
        List<RoomOutput> outputs = room.handle(input, time.now());
        if (!(input instanceof RoomInput.Tick)) {
            promises.trace("room: " + input.getClass().getSimpleName());
        }
        carryOut(outputs, input);
        if (acknowledge && outputs.stream().noneMatch(DesktopWorld::isAck)) {
            promises.broken("a frame was not acknowledged");
        }
        if (taken != null) {
            promises.frameTaken(taken, first, this::pendingBytes);
        }
        promises.nothingIsOwed();
        schedule();
    }

    private static boolean isAck(RoomOutput output) {
        return output instanceof RoomOutput.ToAgent to && to.message() instanceof RelayAck;
    }

    private void carryOut(List<RoomOutput> outputs, RoomInput because) {
        Map<ViewerId, List<Frame>> pictures = new LinkedHashMap<>();
        for (RoomOutput output : outputs) {
            if (output instanceof RoomOutput.ToAgent to) {
                toAgent(to);
            } else if (output instanceof RoomOutput.ToViewer to) {
                promises.known(to.viewer());
                if (to.message() instanceof StreamStarted) {
                    boolean anew = because instanceof RoomInput.AgentCame || because instanceof RoomInput.ViewerCame;
                    promises.started(to.viewer(), anew);
                }
                if (to.message() instanceof StreamStopped) {
                    promises.stopped(to.viewer());
                }
                person(to.viewer()).tell(connection(to.viewer()), to.message());
            } else if (output instanceof RoomOutput.Picture picture) {
                pictures.computeIfAbsent(picture.viewer(), absent -> new ArrayList<>())
                        .add(picture.frame());
                tally.pictures++;
                person(picture.viewer()).show(connection(picture.viewer()), picture.frame());
            } else if (output instanceof RoomOutput.NoSuchStream no) {
                promises.known(no.viewer());
                person(no.viewer()).refused(connection(no.viewer()));
            } else if (output instanceof RoomOutput.FrameRefused refused) {
                promises.broken("the agent was refused: " + refused.detail());
            }
        }
        pictures.forEach((id, frames) -> {
            long largest = frames.stream()
                    .flatMap(frame -> frame.tiles().stream())
                    .mapToLong(tile -> tile.wireBytes())
                    .max()
                    .orElse(0);
            promises.sending(id, frames, largest);
        });
    }

    private void toAgent(RoomOutput.ToAgent to) {
        AgentId id = to.agent();
        if (known == null || !known.id.equals(id)) {
            promises.broken("the room told " + to.message() + " to " + id + ", who is not the present agent");
            return;
        }
        if (to.message() instanceof RelayAck ack) {
            promises.relayed(ack);
        }
        promises.trace(id + " is told " + to.message());
        known.tell(to.message());
    }

    private SimulatedViewer person(ViewerId id) {
        promises.known(id);
        return java.util.Objects.requireNonNull(people.get(id));
    }

    private SimulatedViewer.Connection connection(ViewerId id) {
        return java.util.Objects.requireNonNull(connections.get(id));
    }

    private void schedule() {
        Instant at = room.deadline().orElse(null);
        if (at != null && !at.isAfter(time.now())) {
            promises.broken("a deadline in the past would spin");
        }
        if (at == null || (tickAt != null && !tickAt.isAfter(at))) {
            return; // the one that is scheduled comes early enough
        }
        if (tick != null) {
            tick.cancel();
        }
        tickAt = at;
        tick = time.atNanos(at.getEpochSecond() * 1_000_000_000L + at.getNano(), () -> {
            tickAt = null;
            give(new RoomInput.Tick());
        });
    }

    void painted(SimulatedViewer viewer, List<Frame> batch) {
        SimulatedAgent now = known;
        if (now == null) {
            return;
        }
        long newest = batch.stream()
                .mapToLong(frame -> frame.header().captureMicros())
                .max()
                .orElse(0);
        viewer.agesMillis.add((now.agentMicros() - newest) / 1e3);
    }

    // ---- its run

    /** Runs it to its end: a storm, then rest, then everybody leaves. */
    DesktopTally run() {
        try {
            runUntil(STORM_MILLIS);
            rest();
            double patience = settle();
            judge(patience);
            leave();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + " at " + time.nowNanos() / 1_000_000 + " ms", e);
        }
        tally.rooms = 1;
        tally.viewers = viewers.size();
        tally.events = time.executed();
        tally.worstShareOfBound = promises.worstShareOfBound;
        return tally;
    }

    /** Runs it for so long; for what is measured, not judged. */
    void runUntil(double millis) {
        boolean[] over = {false};
        time.afterMillis(millis - time.nowNanos() / 1e6, () -> over[0] = true);
        while (!over[0] && time.step()) {
            promises.failIfBroken();
        }
    }

    /** Nothing more is drawn, nothing more goes wrong; whoever was away comes back. */
    private void rest() {
        resting = true;
        for (SimulatedViewer viewer : viewers) {
            viewer.hide(false);
            viewer.connect();
        }
    }

    private double settle() {
        double patience = 0;
        for (SimulatedViewer viewer : viewers) {
            patience = Math.max(patience, patienceWith(viewer));
        }
        double begun = time.nowNanos() / 1e6;
        double step = 250;
        while (time.nowNanos() / 1e6 < begun + patience && !everybodyShowsNewest()) {
            runUntil(time.nowNanos() / 1e6 + step);
        }
        tally.settleMillis = Math.max(tally.settleMillis, (long) (time.nowNanos() / 1e6 - begun));
        return patience;
    }

    /** How long it may take until this viewer shows what is on the screen. */
    private double patienceWith(SimulatedViewer viewer) {
        long whole = screens.get(viewer.key.screen()).wholeBytes(90);
        double narrow = Math.min(viewer.nature.bytesPerSecond(), 60_000);
        return PATIENCE_MILLIS + 4 * (whole + 2 * NarrowLink.SYSTEM_BYTES) / narrow * 1_000;
    }

    private boolean everybodyShowsNewest() {
        boolean agentIsThere = known != null && known == agent && !known.isGone();
        return agentIsThere && viewers.stream().allMatch(SimulatedViewer::showsNewest);
    }

    private void judge(double patience) {
        for (SimulatedViewer viewer : viewers) {
            if (!viewer.showsNewest()) {
                promises.broken(viewer.name + " does not show the newest picture " + (long) patience
                        + " ms after the screen came to rest: " + viewer.key + " of " + kind + ", " + viewer.nature
                        + ", frozen " + viewer.isFrozen() + ", shows " + viewer.glass + "; on the screen is "
                        + screens.get(viewer.key.screen()).shape + " "
                        + java.util.Arrays.toString(
                                screens.get(viewer.key.screen()).versions()));
            }
        }
        promises.failIfBroken();
        SimulatedAgent now = known;
        if (now != null) {
            runUntil(time.nowNanos() / 1e6 + 3_000);
            if (now.framesInFlight() > 0) {
                promises.broken("the agent is stuck with " + now.framesInFlight() + " frames in flight");
            }
        }
        promises.failIfBroken();
    }

    private void leave() {
        over = true;
        viewers.forEach(SimulatedViewer::cut);
        runUntil(time.nowNanos() / 1e6 + 10_000);
        if (room.view().capturing() || room.view().viewers() > 0) {
            promises.broken("everybody has left, and the room is " + room.view());
        }
        if (room.deadline().isPresent()) {
            promises.broken("an empty room waits for " + room.deadline());
        }
        SimulatedAgent now = known;
        if (now != null && now.isCapturing()) {
            promises.broken("the agent captures for nobody");
        }
        promises.failIfBroken();
    }
}
