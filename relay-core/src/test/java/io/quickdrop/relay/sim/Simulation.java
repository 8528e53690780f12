package io.quickdrop.relay.sim;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.InMemoryRecordingStore;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.RelayConfig;
import io.quickdrop.relay.driver.UploadClient;
import io.quickdrop.relay.link.Heartbeat;
import io.quickdrop.relay.sim.SimulatedLink.Cut;
import io.quickdrop.relay.sim.SimulatedLink.Quality;
import io.quickdrop.relay.upload.SavedRecording;
import io.quickdrop.relay.upload.SenderConfig;
import io.quickdrop.relay.upload.SessionConfig;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One world from one seed: a server, some uploads, and everything that goes wrong between them for half a minute. After
 * every event the promises of the protocol have to hold, and in the end every upload has to have come to its end.
 */
public final class Simulation {
    /** Faults happen up to here, milliseconds. */
    private static final double STORM_MILLIS = 30_000;
    /** From the last fault on, everything must be done in this: 15 s to find a dead link, 10 s to connect, and so on. */
    private static final double PATIENCE_MILLIS = 180_000;

    private static final double EIGHT_DAYS_MILLIS = 8 * 24 * 3600 * 1000.0;
    private static final int UPLOADS = 6;
    private static final List<Cut> CUTS = List.of(Cut.values());

    /** How a world may be altered, to see that its promises are really looked at. */
    public static class Alteration {
        /** The disk. */
        protected SimulatedStore store(
                InMemoryRecordingStore disk, SplittableRandom random, SimulatedStore.Watch watch) {
            return new SimulatedStore(disk, random, watch);
        }

        /** What becomes of a text on its way to a client. */
        protected UnaryOperator<String> textToClient() {
            return UnaryOperator.identity();
        }

        /** What becomes of a chunk on its way to the server. */
        protected UnaryOperator<ByteBuffer> chunkToServer() {
            return UnaryOperator.identity();
        }
    }

    private final long seed;
    private final SplittableRandom random;
    private final VirtualTime time;
    private final SimulatedStore store;
    private final SimulatedServer server;
    private final Alteration alteration;
    private final Tally tally = new Tally();
    private final Map<SessionId, SimulatedUpload> uploads = new HashMap<>();
    private final List<SimulatedUpload> inOrder = new ArrayList<>();
    private final boolean calm;
    private long accepted;
    private @Nullable String broken;
    private @Nullable Consumer<String> trace;

    /** A world that is not altered. */
    public Simulation(long seed) {
        this(seed, new Alteration());
    }

    /** A world that is altered. */
    public Simulation(long seed, Alteration alteration) {
        this.seed = seed;
        this.alteration = alteration;
        this.random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 1);
        this.time = new VirtualTime(random.split());
        this.calm = random.nextInt(20) == 0;
        InMemoryRecordingStore disk = new InMemoryRecordingStore(time::now);
        this.store = alteration.store(disk, random.split(), new StoreWatch());
        this.server = new SimulatedServer(time, random.split(), relayConfig(), store);
    }

    /** Tells what happens, line by line: to look into a seed that failed. */
    public Simulation traceTo(Consumer<String> lines) {
        trace = lines;
        return this;
    }

    /**
     * Runs it to its end.
     *
     * @return what happened
     * @throws AssertionError naming the seed, if a promise is broken
     */
    public Tally run() {
        try {
            populate();
            if (!calm) {
                brew();
            }
            long end = (long) ((STORM_MILLIS + PATIENCE_MILLIS) * 1e6);
            while (!allOver() && time.nowNanos() <= end && time.step()) {
                failIfBroken();
            }
            for (SimulatedUpload upload : inOrder) {
                if (!upload.isOver()) {
                    broken(upload.id + " has not come to an end");
                }
            }
            failIfBroken();
            letExpire();
            inOrder.forEach(this::judge);
            failIfBroken();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + " at " + time.nowNanos() / 1_000_000 + " ms", e);
        }
        tally.events = time.executed();
        tally.sessions = inOrder.size();
        return tally;
    }

    // ---- the world

    private RelayConfig relayConfig() {
        SessionConfig session = new SessionConfig(
                1 << 20,
                100 + random.nextInt(1_000),
                Duration.ofMillis(1 + random.nextInt(200)),
                Duration.ofDays(7),
                Duration.ofSeconds(2),
                Duration.ofSeconds(20),
                Duration.ofSeconds(4));
        long inflow = 500L + random.nextInt(5_000);
        return new RelayConfig(
                "simulated",
                session,
                Heartbeat.Timing.defaults(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                256,
                inflow,
                inflow * 3);
    }

    private void populate() {
        for (int i = 0; i < UPLOADS; i++) {
            SessionId id = new SessionId("take-" + i);
            int chunk = 40 + random.nextInt(400);
            SenderConfig config = new SenderConfig(
                    chunk, chunk + random.nextInt(3_000), 1 + random.nextInt(1_500), Duration.ofSeconds(20), 3);
            time.afterMillis(random.nextDouble() * 5_000, () -> {
                SimulatedUpload upload = new SimulatedUpload(id, time, random.split(), config, new UploadWorld());
                uploads.put(id, upload);
                inOrder.add(upload);
                tally.bytes += upload.source.length;
                misfortunes(upload);
            });
        }
    }

    private boolean allOver() {
        if (inOrder.size() < UPLOADS) {
            return false;
        }
        for (SimulatedUpload upload : inOrder) { // asked after every event, so no stream
            if (!upload.isOver()) {
                return false;
            }
        }
        return true;
    }

    /** What may happen to one upload: not of the network's making. */
    private void misfortunes(SimulatedUpload upload) {
        double at = random.nextDouble() * 20_000;
        if (calm) {
            return;
        }
        switch (random.nextInt(24)) {
            case 0, 1 ->
                time.afterMillis(at, () -> {
                    trace(upload.id.value(), "aborts");
                    upload.abort();
                });
            case 2 -> time.afterMillis(at, () -> keepPartial(upload));
            case 3 -> time.afterMillis(at, () -> upload.kill(false));
            case 4, 5, 6 ->
                time.afterMillis(at, () -> {
                    tally.clientRestarts++;
                    trace(upload.id.value(), "client restarts");
                    upload.kill(true);
                });
            case 8, 9 ->
                time.afterMillis(at, () -> {
                    tally.secondTabs++;
                    trace(upload.id.value(), "is opened in a second tab");
                    upload.openSecondTab();
                });
            case 7 ->
                time.afterMillis(at, () -> {
                    tally.freezes++;
                    upload.process().freeze(random.nextDouble() * 40_000);
                });
            default -> {
                // spared
            }
        }
    }

    private void keepPartial(SimulatedUpload upload) {
        Relay relay = server.relay();
        if (relay != null && !upload.isOver() && relay.keepPartial(upload.id)) {
            trace(upload.id.value(), "operator keeps it as partial");
            upload.keepAsked = true;
        }
    }

    /** What may happen to the server. */
    private void brew() {
        for (int i = random.nextInt(4) - 1; i > 0; i--) {
            boolean powerCut = random.nextBoolean();
            double down = random.nextDouble() * (random.nextInt(4) == 0 ? 15_000 : 300);
            time.afterMillis(random.nextDouble() * STORM_MILLIS, () -> {
                tally.crashes++;
                trace("server", "crashes, power cut " + powerCut);
                server.crash(powerCut, down);
            });
        }
        if (random.nextInt(4) == 0) {
            during(random.nextDouble() * 10_000, () -> server.diskTakesUpTo(3_000), () -> server.diskTakesUpTo(2));
        }
        if (random.nextInt(4) == 0) {
            long left = random.nextInt(2_000);
            during(random.nextDouble() * 12_000, () -> store.fill(left), store::clear);
        }
        if (random.nextInt(4) == 0) {
            double rate = random.nextDouble() * 0.5;
            during(random.nextDouble() * 12_000, () -> store.failAt(rate), () -> store.failAt(0));
        }
        if (random.nextInt(8) == 0) {
            time.afterMillis(random.nextDouble() * STORM_MILLIS, () -> {
                tally.freezes++;
                server.process().freeze(random.nextDouble() * 40_000);
            });
        }
    }

    private void during(double millis, Runnable begin, Runnable end) {
        double from = random.nextDouble() * (STORM_MILLIS - millis);
        time.afterMillis(from, () -> {
            tally.diskFaults++;
            trace("disk", "trouble begins");
            begin.run();
        });
        time.afterMillis(from + millis, () -> {
            trace("disk", "trouble ends");
            end.run();
        });
    }

    private boolean isStormy() {
        return !calm && time.nowNanos() < STORM_MILLIS * 1e6;
    }

    private SimulatedLink newLink(SimulatedProcess client) {
        boolean slow = isStormy() && random.nextInt(3) == 0;
        Quality quality = new Quality(
                0.2 + random.nextDouble() * (slow ? 400 : 30),
                random.nextDouble() * (slow ? 100 : 3),
                slow ? 0.3 + random.nextDouble() * 3 : 20 + random.nextDouble() * 200);
        SimulatedLink link = new SimulatedLink(time, random.split(), quality, client, server.process());
        if (isStormy() && random.nextInt(3) > 0) {
            Cut how = CUTS.get(random.nextInt(CUTS.size()));
            tally.cuts++;
            if (random.nextInt(4) == 0) {
                time.afterMillis(random.nextDouble() * 10_000, () -> link.cut(how));
            } else {
                link.cutAtByte(random.nextInt(random.nextBoolean() ? 500 : 3_000), how);
            }
        }
        if (isStormy() && random.nextInt(5) == 0) {
            tally.stalls++;
            double millis = random.nextDouble() * 12_000;
            time.afterMillis(random.nextDouble() * 3_000, () -> link.stall(millis));
        }
        return link;
    }

    // ---- the promises

    private void trace(String who, String what) {
        if (trace != null) {
            trace.accept(time.nowNanos() / 1_000_000 + " ms " + who + " " + what);
        }
    }

    private void failIfBroken() {
        if (broken != null) {
            throw new AssertionError(broken);
        }
    }

    /** Remembers the first broken promise: where it is found, an exception could be caught by what is looked at. */
    private void broken(String promise) {
        if (broken == null) {
            broken = promise;
        }
    }

    /** The server says something to the connection that it accepted as its {@code number}th. */
    private void serverSays(SimulatedUpload upload, long number, String text) {
        trace(upload.id.value(), "← " + number + " " + text);
        if (text.startsWith("{\"type\":\"progress\"") || text.startsWith("{\"type\":\"started\"")) {
            long bytes = numberAfter(text, "\"bytes\":");
            if (bytes > store.durableBytes(upload.id)) {
                broken("server acknowledged " + bytes + " bytes of " + upload.id + "; durable are "
                        + store.durableBytes(upload.id));
            }
            if (bytes < upload.told && !upload.abortAsked) {
                broken("server acknowledged " + bytes + " bytes of " + upload.id + " after " + upload.told);
            }
            boolean open = store.saved(upload.id).isEmpty(); // else anybody is told that it is saved
            if (open && number < upload.owner) {
                broken("server served connection " + number + " of " + upload.id + " after " + upload.owner);
            }
            upload.told = bytes;
            upload.owner = number;
        } else if (text.startsWith("{\"type\":\"saved\"")) {
            SavedRecording saved = store.saved(upload.id).orElse(null);
            if (saved == null || saved.partial() || !isWhole(upload)) {
                broken("server said saved of " + upload.id + ", on the disk is " + saved);
            }
        }
    }

    private static void ownerGone(SimulatedUpload upload, long number) {
        if (upload.owner == number) {
            upload.owner = 0; // an older connection that is slow, but alive, may own it then
        }
    }

    private static long numberAfter(String text, String name) {
        long value = 0;
        for (int i = text.indexOf(name) + name.length(); Character.isDigit(text.charAt(i)); i++) {
            value = value * 10 + text.charAt(i) - '0';
        }
        return value;
    }

    private boolean isWhole(SimulatedUpload upload) {
        return store.bytes(upload.id)
                .filter(bytes -> Arrays.equals(bytes, upload.source))
                .isPresent();
    }

    /** A week later nothing is open any more. */
    private void letExpire() {
        long end = time.nowNanos() + (long) (EIGHT_DAYS_MILLIS * 1e6);
        while (time.nowNanos() <= end && time.step()) {
            failIfBroken();
        }
        Relay relay = server.relay();
        if (relay == null
                || !relay.sessions().isEmpty()
                || !relay.connectedDevices().isEmpty()) {
            broken("in the end there are "
                    + (relay == null ? "no relay" : relay.sessions() + " " + relay.connectedDevices()));
        }
    }

    private void judge(SimulatedUpload upload) {
        SavedRecording saved = store.saved(upload.id).orElse(null);
        if (upload.saved != null) {
            tally.saved++;
            if (saved == null || saved.partial() || !isWhole(upload)) {
                broken(upload.id + " was saved; on the disk is " + saved);
            } else if (!SimulatedUpload.sha256(upload.source).equals(upload.saved.sha256())) {
                broken(upload.id + " was saved with the hash of something else");
            }
        } else if (upload.aborted) {
            tally.aborted++;
            boolean wasAsked = upload.abortAsked && saved == null;
            if (!wasAsked || store.bytes(upload.id).isPresent()) {
                broken(upload.id + " was aborted; on the disk is " + saved);
            }
        } else {
            tally.keptPartial++;
            judgePartial(upload, saved);
        }
    }

    /** Nothing that was acknowledged is ever deleted silently. */
    private void judgePartial(SimulatedUpload upload, @Nullable SavedRecording saved) {
        if (saved == null) {
            if (upload.told > 0) {
                broken(upload.id + " had " + upload.told + " bytes acknowledged and is gone");
            }
            return;
        }
        byte[] bytes = store.bytes(upload.id).orElse(new byte[0]);
        if (bytes.length < upload.told || !Arrays.equals(bytes, Arrays.copyOf(upload.source, bytes.length))) {
            broken(upload.id + " had " + upload.told + " bytes acknowledged; kept are " + saved);
        }
    }

    private final class StoreWatch implements SimulatedStore.Watch {
        @Override
        public void appended(SessionId id, long offset, ByteBuffer bytes) {
            trace(id.value(), "append " + offset + "+" + bytes.remaining());
            byte[] source = known(id).source;
            boolean fits = offset + bytes.remaining() <= source.length;
            if (!fits || !bytes.equals(ByteBuffer.wrap(source, (int) offset, bytes.remaining()))) {
                broken("store of " + id + " got bytes at " + offset + " that are not the source's");
            }
        }

        @Override
        public void durable(SessionId id, long bytes) {
            trace(id.value(), "durable " + bytes);
            if (bytes < known(id).told && !known(id).abortAsked) {
                broken("store of " + id + " has " + bytes + " durable bytes; acknowledged were " + known(id).told);
            }
        }

        @Override
        public void discarded(SessionId id) {
            trace(id.value(), "discarded");
            SimulatedUpload upload = known(id);
            if (upload.told > 0 && !upload.abortAsked) {
                broken("store threw " + upload.told + " acknowledged bytes of " + id + " away");
            }
            upload.told = 0;
        }

        @Override
        public void misused(String how) {
            broken(how);
        }

        private SimulatedUpload known(SessionId id) {
            SimulatedUpload upload = uploads.get(id);
            if (upload == null) {
                throw new AssertionError("nobody has begun " + id);
            }
            return upload;
        }
    }

    private final class UploadWorld implements SimulatedUpload.World {
        @Override
        public void connect(SimulatedUpload upload, SimulatedUpload.Tab tab, UploadClient.Events events) {
            SimulatedProcess process = tab.process();
            tally.connections++;
            double delay = random.nextDouble() * 50;
            boolean noWay = isStormy() && random.nextInt(12) == 0;
            if (noWay) {
                return; // neither answered nor refused
            }
            time.afterMillis(delay, () -> {
                SimulatedLink link = newLink(process);
                long number = ++accepted;
                trace(upload.id.value(), "connects as " + number);
                Consumer<String> says = text -> serverSays(upload, number, text);
                if (server.accept(link, "phone", upload.generation(), says, () -> ownerGone(upload, number))) {
                    process.run(() -> {
                        link.client().receiveBy(new ToEvents(upload, events));
                        events.opened(tab.watched(link.client(), alteration.chunkToServer()));
                    });
                } else {
                    process.run(() -> events.closed(1006, "refused"));
                }
            });
        }

        @Override
        public long durableBytes(SessionId id) {
            return store.durableBytes(id);
        }

        @Override
        public void broken(String promise) {
            Simulation.this.broken(promise);
        }
    }

    private final class ToEvents implements SimulatedLink.Receiver {
        private final UploadClient.Events events;
        private final SimulatedUpload upload;
        private final UnaryOperator<String> altered = alteration.textToClient();

        ToEvents(SimulatedUpload upload, UploadClient.Events events) {
            this.upload = upload;
            this.events = events;
        }

        @Override
        public void text(String text) {
            events.text(altered.apply(text));
        }

        @Override
        public void binary(ByteBuffer frame) {
            broken("the server sent a binary frame");
        }

        @Override
        public void alive() {
            events.alive();
        }

        @Override
        public void closed(int code, String reason) {
            trace(upload.id.value(), "closed " + code + " " + reason);
            events.closed(code, reason);
        }
    }
}
