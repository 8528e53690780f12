package io.quickdrop.system.desktop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.system.display.VirtualDisplay;
import io.quickdrop.system.harness.CuttingProxy;
import io.quickdrop.system.harness.CuttingProxy.Ending;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ProcessFigures;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.peers.AgentKeyPair;
import io.quickdrop.system.peers.Enrolment;
import io.quickdrop.system.peers.GeneratedScreen;
import io.quickdrop.system.peers.TestAgent;
import io.quickdrop.system.peers.TestViewer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Five desktops, one of them real, and ten viewers, whose connections are cut at random; in the end everybody is back, sees
 * what is there, and the server is as small as before.
 *
 * <p>{@code -Dquickdrop.soak.seconds=180} makes the short one longer.
 */
@ExtendWith(ShowServerLogs.class)
@SuppressWarnings("try") // programs that run for as long as their block
final class DesktopSoakTest {
    private static final int GENERATED_DESKTOPS = 4;
    private static final int VIEWERS = 10;
    private static final Duration BACK_WITHIN = Duration.ofSeconds(30);
    /**
     * Between two moments of the same load: four screens of 0.75 MB, which the server keeps in up to twice their bytes, and what
     * is on its way to two viewers of the real one.
     */
    private static final long HEAP_SLACK_BYTES = 4 << 20;

    private static final int DESCRIPTOR_SLACK = 6;

    @Test
    void everybodyComesBackAndTheServerStaysAsSmallAsItWas(@TempDir Path folder) {
        soak(folder, Duration.ofSeconds(Long.getLong("quickdrop.soak.seconds", 25)));
    }

    @Test
    @Tag("long")
    void twoHoursLaterEverybodyComesBackAndTheServerIsAsSmallAsItWas(@TempDir Path folder) {
        soak(folder, Duration.ofHours(2));
    }

    private static void soak(Path folder, Duration length) {
        long seed = Long.getLong("quickdrop.seed", System.nanoTime());
        System.out.println("desktop soak: seed " + seed);
        Random random = new Random(seed);
        try (ServerProcess server = Launch.in(folder.resolve("out")).start();
                CuttingProxy network = new CuttingProxy(server.address());
                CuttingProxy realsNetwork = CuttingProxy.socks(server.address());
                OneRealDesktop real = OneRealDesktop.at(server, realsNetwork, VirtualDisplay.of(640, 360), "real");
                var text = real.programs().scrollingText(10, 10)) {
            Door door = Door.of(server).through(network);
            List<Seat> seats = new ArrayList<>();
            List<Desk> desks = new ArrayList<>();
            try {
                for (int i = 0; i < GENERATED_DESKTOPS; i++) {
                    desks.add(new Desk(Door.of(server), door, "desk-" + i, seed + i));
                }
                for (int i = 0; i < VIEWERS; i++) {
                    int desk = i % (GENERATED_DESKTOPS + 1);
                    seats.add(new Seat(door, desk == GENERATED_DESKTOPS ? "real" : "desk-" + desk));
                }
                awaitAllMoving(seats);
                // Everything has been used once before anything is counted.
                List<CuttingProxy> networks = List.of(network, realsNetwork);
                disturb(random, networks, seats, desks, length.dividedBy(8));
                Figures before = quietFigures(server, seats, desks);
                int disturbances = disturb(random, networks, seats, desks, length);
                Figures after = quietFigures(server, seats, desks);
                int checked = VIEWERS * GENERATED_DESKTOPS / (GENERATED_DESKTOPS + 1);
                System.out.printf(
                        "desktop soak: N=1 of %d s, 5 desktops, %d viewers, %d disturbances, %d connections, seed %d: all"
                                + " back, %d pictures identical; server before %s, after %s%n",
                        length.toSeconds(), VIEWERS, disturbances, network.connections(), seed, checked, before, after);
                assertThat(after.heapBytes).as("live heap").isLessThan(before.heapBytes + HEAP_SLACK_BYTES);
                assertThat(after.descriptors)
                        .as("descriptors")
                        .isLessThanOrEqualTo(before.descriptors + DESCRIPTOR_SLACK);
                assertThat(after.threads).as("threads").isLessThanOrEqualTo(before.threads + DESCRIPTOR_SLACK);
                assertThat(real.agent().isAlive()).as("the real agent").isTrue();
            } finally {
                seats.forEach(Seat::close);
                desks.forEach(Desk::close);
            }
        }
    }

    private static int disturb(
            Random random, List<CuttingProxy> networks, List<Seat> seats, List<Desk> desks, Duration length) {
        long end = System.nanoTime() + length.toNanos();
        int disturbances = 0;
        while (System.nanoTime() < end) {
            // Not more than people and networks do: one thing every 0.1 to 0.8 s.
            await().pollDelay(Duration.ofMillis(100 + random.nextInt(700))).until(() -> true);
            int what = random.nextInt(100);
            disturbances++;
            if (what < 55) {
                seats.get(random.nextInt(seats.size())).leave();
            } else if (what < 80) {
                desks.get(random.nextInt(desks.size())).leave();
            } else if (what < 85) {
                Ending ending = random.nextBoolean() ? Ending.FIN : Ending.RST;
                networks.forEach(network -> network.cutAll(ending));
            } else {
                seats.get(random.nextInt(seats.size())).freezeOrThaw();
            }
            desks.forEach(Desk::comeBack);
            seats.forEach(Seat::comeBack);
        }
        return disturbances;
    }

    private static void awaitAllMoving(List<Seat> seats) {
        seats.forEach(Seat::comeBack);
        List<Long> before = seats.stream().map(seat -> seat.viewer().frames()).toList();
        await().atMost(BACK_WITHIN).until(() -> {
            for (int i = 0; i < seats.size(); i++) {
                if (seats.get(i).viewer().frames() < before.get(i) + 3) {
                    return false;
                }
            }
            return true;
        });
    }

    private static void awaitEverybodyBack(List<Seat> seats, List<Desk> desks) {
        seats.forEach(Seat::thaw);
        await().atMost(BACK_WITHIN).pollInterval(Duration.ofMillis(200)).until(() -> {
            desks.forEach(Desk::comeBack);
            seats.forEach(Seat::comeBack);
            return desks.stream().noneMatch(Desk::isAway) && seats.stream().noneMatch(Seat::isAway);
        });
        awaitAllMoving(seats);
    }

    /** Of a moment in which everybody is back, sees what is there, and no generated picture is on its way. */
    private static Figures quietFigures(ServerProcess server, List<Seat> seats, List<Desk> desks) {
        awaitEverybodyBack(seats, desks);
        desks.forEach(desk -> desk.agent().pause());
        for (Seat seat : seats) {
            for (Desk desk : desks) {
                if (desk.id.equals(seat.desktop)) {
                    await().atMost(BACK_WITHIN)
                            .until(() -> seat.viewer()
                                            .glass()
                                            .differences(desk.agent().truth())
                                    == 0);
                }
            }
        }
        Figures figures = Figures.of(server);
        desks.forEach(desk -> desk.agent().resume());
        return figures;
    }

    private record Figures(long heapBytes, long descriptors, long threads) {
        static Figures of(ServerProcess server) {
            return new Figures(
                    ProcessFigures.liveHeapBytes(server.pid()),
                    ProcessFigures.descriptors(server.pid()),
                    ProcessFigures.threads(server.pid()));
        }

        @Override
        public String toString() {
            return "%.1f MB of heap, %d descriptors, %d threads".formatted(heapBytes / 1e6, descriptors, threads);
        }
    }

    /** Somebody who comes back whenever the connection is gone. */
    private static final class Seat implements AutoCloseable {
        private final Door door;
        private final String desktop;
        private @Nullable TestViewer viewer;
        private boolean frozen;

        Seat(Door door, String desktop) {
            this.door = door;
            this.desktop = desktop;
            comeBack();
        }

        TestViewer viewer() {
            if (viewer == null) {
                throw new IllegalStateException("nobody sits here");
            }
            return viewer;
        }

        void leave() {
            viewer().close();
        }

        boolean isAway() {
            return viewer().isOver() || viewer().frames() == 0;
        }

        void comeBack() {
            if (viewer == null || viewer.isOver()) {
                frozen = false;
                try {
                    TestViewer.Setup setup = new TestViewer.Setup();
                    TestViewer fresh = (desktop.equals("real") ? setup.blind() : setup).connect(door);
                    fresh.say("{\"type\":\"start_stream\",\"desktopClientId\":\"" + desktop + "\",\"monitorId\":0}");
                    fresh.look(desktop);
                    viewer = fresh;
                } catch (AssertionError | RuntimeException cutAgain) {
                    // the network was cut in the middle: the next turn tries again
                    if (viewer == null) {
                        throw cutAgain;
                    }
                }
            } else if (viewer.wasRefused()) {
                // the desktop was away at that moment
                viewer.forget();
                viewer.say("{\"type\":\"start_stream\",\"desktopClientId\":\"" + desktop + "\",\"monitorId\":0}");
            }
        }

        void freezeOrThaw() {
            if (frozen) {
                thaw();
            } else {
                viewer().freeze();
                frozen = true;
            }
        }

        void thaw() {
            viewer().thaw();
            frozen = false;
        }

        @Override
        public void close() {
            viewer().close();
        }
    }

    /** A generated desktop that registers anew whenever its connection is gone. */
    private static final class Desk implements AutoCloseable {
        private final AgentKeyPair key = new AgentKeyPair();
        private final Door door;
        private final String id;
        private final long seed;
        private TestAgent agent;

        Desk(Door operator, Door door, String id, long seed) {
            this.door = door;
            this.id = id;
            this.seed = seed;
            agent = register(Enrolment.offer(operator).code());
        }

        private TestAgent register(@Nullable String code) {
            // 640 × 384 of noise, 8 frames of 3 tiles a second: 300 kB/s
            return TestAgent.register(door, key, id, new GeneratedScreen(10, 6, 3, seed), code)
                    .draw(8);
        }

        TestAgent agent() {
            return agent;
        }

        void leave() {
            agent.close();
        }

        boolean isAway() {
            return agent.isOver();
        }

        void comeBack() {
            if (agent.isOver()) {
                try {
                    agent.close();
                    agent = register(null);
                } catch (AssertionError | RuntimeException cutAgain) {
                    // the network was cut in the middle: the next turn tries again
                }
            }
        }

        @Override
        public void close() {
            agent.close();
        }
    }
}
