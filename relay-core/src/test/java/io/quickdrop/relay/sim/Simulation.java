package io.quickdrop.relay.sim;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.InMemoryRecordingStore;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.RelayConfig;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.link.Heartbeat;
import io.quickdrop.relay.upload.SenderConfig;
import io.quickdrop.relay.upload.SessionConfig;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One world from one seed: a server, some uploads, and everything that goes wrong between them for half a minute. After
 * every event the promises of the protocol have to hold, and in the end every upload has to have come to its end.
 */
public final class Simulation {
    /** From the last fault on, everything must be done in this: 15 s to find a dead link, 10 s to connect, and so on. */
    private static final double PATIENCE_MILLIS = 180_000;

    private static final double EIGHT_DAYS_MILLIS = 8 * 24 * 3600 * 1000.0;
    private static final int UPLOADS = 6;

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
        protected UnaryOperator<ByteBuffer> chunkToServer(SimulatedUpload upload) {
            return UnaryOperator.identity();
        }

        /** How often the bytes of an upload may be damaged where no checksum of a chunk can tell. */
        protected int damages() {
            return 0;
        }
    }

    private final long seed;
    private final SplittableRandom random;
    private final VirtualTime time;
    private final SimulatedStore store;
    private final SimulatedServer server;
    private final Alteration alteration;
    private final Tally tally = new Tally();
    private final List<SimulatedUpload> inOrder = new ArrayList<>();
    private final Promises promises;
    private final Weather weather;
    private long accepted;

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
        boolean calm = random.nextInt(20) == 0;
        this.promises = new Promises(time);
        InMemoryRecordingStore disk = new InMemoryRecordingStore(time::now);
        this.store = alteration.store(disk, random.split(), promises);
        promises.compareWith(store);
        this.server = new SimulatedServer(time, random.split(), relayConfig(), store);
        this.weather = new Weather(time, random, server, store, promises, tally, calm);
    }

    /** Tells what happens, line by line: to look into a seed that failed. */
    public Simulation traceTo(Consumer<String> lines) {
        promises.traceTo(lines);
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
            weather.brew();
            long end = (long) ((Weather.STORM_MILLIS + PATIENCE_MILLIS) * 1e6);
            while (!allOver() && time.nowNanos() <= end && time.step()) {
                promises.failIfBroken();
            }
            for (SimulatedUpload upload : inOrder) {
                if (!upload.isOver()) {
                    promises.broken(upload.id + " has not come to an end");
                }
            }
            promises.failIfBroken();
            letExpire();
            inOrder.forEach(upload -> promises.judge(upload, tally));
            tally.repairs = store.repairs();
            promises.failIfBroken();
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
                SimulatedUpload upload =
                        new SimulatedUpload(id, time, random.split(), config, new UploadWorld(), alteration.damages());
                promises.watch(upload);
                inOrder.add(upload);
                tally.bytes += upload.source.length;
                weather.misfortunes(upload);
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

    /** A week later nothing is open any more. */
    private void letExpire() {
        long end = time.nowNanos() + (long) (EIGHT_DAYS_MILLIS * 1e6);
        while (time.nowNanos() <= end && time.step()) {
            promises.failIfBroken();
        }
        Relay relay = server.relay();
        if (relay == null
                || !relay.sessions().isEmpty()
                || !relay.connectedDevices().isEmpty()) {
            promises.broken("in the end there are "
                    + (relay == null ? "no relay" : relay.sessions() + " " + relay.connectedDevices()));
        }
    }

    private final class UploadWorld implements SimulatedUpload.World {
        @Override
        public void connect(SimulatedUpload upload, SimulatedUpload.Tab tab, ConnectionEvents events) {
            SimulatedProcess process = tab.process();
            tally.connections++;
            double delay = random.nextDouble() * 50;
            boolean noWay = weather.isStormy() && random.nextInt(12) == 0;
            if (noWay) {
                return; // neither answered nor refused
            }
            time.afterMillis(delay, () -> {
                SimulatedLink link = weather.newLink(process);
                long number = ++accepted;
                promises.trace(upload.id.value(), "connects as " + number);
                Consumer<String> says = text -> promises.serverSays(upload, number, text);
                if (server.accept(link, "phone", upload.generation(), says, () -> Promises.ownerGone(upload, number))) {
                    process.run(() -> {
                        link.client().receiveBy(new ToEvents(upload, events));
                        events.opened(tab.watched(link.client(), alteration.chunkToServer(upload)));
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
            promises.broken(promise);
        }
    }

    private final class ToEvents implements SimulatedLink.Receiver {
        private final ConnectionEvents events;
        private final SimulatedUpload upload;
        private final UnaryOperator<String> altered = alteration.textToClient();

        ToEvents(SimulatedUpload upload, ConnectionEvents events) {
            this.upload = upload;
            this.events = events;
        }

        @Override
        public void text(String text) {
            events.text(altered.apply(text));
        }

        @Override
        public void binary(ByteBuffer frame) {
            promises.broken("the server sent a binary frame");
        }

        @Override
        public void alive() {
            events.alive();
        }

        @Override
        public void closed(int code, String reason) {
            promises.trace(upload.id.value(), "closed " + code + " " + reason);
            events.closed(code, reason);
        }
    }
}
