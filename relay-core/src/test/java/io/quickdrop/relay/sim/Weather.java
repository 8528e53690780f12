package io.quickdrop.relay.sim;

import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.sim.SimulatedLink.Cut;
import io.quickdrop.relay.sim.SimulatedLink.Quality;
import java.util.List;
import java.util.SplittableRandom;

/** What goes wrong in a world, for half a minute: with its lines, its server, its disk, and its uploads. */
final class Weather {
    /** Faults happen up to here, milliseconds. */
    static final double STORM_MILLIS = 30_000;

    private static final List<Cut> CUTS = List.of(Cut.values());

    private final VirtualTime time;
    private final SplittableRandom random;
    private final SimulatedServer server;
    private final SimulatedStore store;
    private final Promises promises;
    private final Tally tally;
    private final boolean calm;

    /** @param calm whether nothing goes wrong at all */
    Weather(
            VirtualTime time,
            SplittableRandom random,
            SimulatedServer server,
            SimulatedStore store,
            Promises promises,
            Tally tally,
            boolean calm) {
        this.time = time;
        this.random = random;
        this.server = server;
        this.store = store;
        this.promises = promises;
        this.tally = tally;
        this.calm = calm;
    }

    /** What may happen to one upload: not of the network's making. */
    void misfortunes(SimulatedUpload upload) {
        double at = random.nextDouble() * 20_000;
        if (calm) {
            return;
        }
        switch (random.nextInt(24)) {
            case 0, 1 ->
                time.afterMillis(at, () -> {
                    promises.trace(upload.id.value(), "aborts");
                    upload.abort();
                });
            case 2 -> time.afterMillis(at, () -> keepPartial(upload));
            case 3 -> time.afterMillis(at, () -> upload.kill(false));
            case 4, 5, 6 ->
                time.afterMillis(at, () -> {
                    tally.clientRestarts++;
                    promises.trace(upload.id.value(), "client restarts");
                    upload.kill(true);
                });
            case 8, 9 ->
                time.afterMillis(at, () -> {
                    tally.secondTabs++;
                    promises.trace(upload.id.value(), "is opened in a second tab");
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
            promises.trace(upload.id.value(), "operator keeps it as partial");
            upload.keepAsked = true;
        }
    }

    /** What may happen to the server. */
    void brew() {
        if (calm) {
            return;
        }
        for (int i = random.nextInt(4) - 1; i > 0; i--) {
            boolean powerCut = random.nextBoolean();
            double down = random.nextDouble() * (random.nextInt(4) == 0 ? 15_000 : 300);
            time.afterMillis(random.nextDouble() * STORM_MILLIS, () -> {
                tally.crashes++;
                promises.trace("server", "crashes, power cut " + powerCut);
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
            promises.trace("disk", "trouble begins");
            begin.run();
        });
        time.afterMillis(from + millis, () -> {
            promises.trace("disk", "trouble ends");
            end.run();
        });
    }

    /** Whether things go wrong now. */
    boolean isStormy() {
        return !calm && time.nowNanos() < STORM_MILLIS * 1e6;
    }

    /** A connection to the server, which may not last. */
    SimulatedLink newLink(SimulatedProcess client) {
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
}
