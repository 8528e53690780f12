package io.quickdrop.system.desktop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ProcessFigures;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.peers.Enrolment;
import io.quickdrop.system.peers.GeneratedScreen;
import io.quickdrop.system.peers.TestAgent;
import io.quickdrop.system.peers.TestViewer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What one more desktop and one more viewer cost the server that rest: memory, threads, descriptors, CPU. From these figures
 * docs/scale.md reckons. {@code -Dquickdrop.peers=200} measures with more.
 */
@ExtendWith(ShowServerLogs.class)
final class PeerCostsTest {
    /** Far above what was measured: disasters only, such as a thread for each peer. */
    private static final long MANY_BYTES = 1 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration MEASURED = Duration.ofSeconds(5);

    /** The server's process at one moment. */
    private record Reading(
            long heapBytes, long residentBytes, long threads, long descriptors, double cpuSecondsPerSecond) {
        static Reading of(ServerProcess server) throws InterruptedException {
            long pid = server.pid();
            double cpu = ProcessFigures.cpuSeconds(pid);
            long nanos = System.nanoTime();
            Thread.sleep(MEASURED.toMillis()); // the time over which CPU is counted
            double load = (ProcessFigures.cpuSeconds(pid) - cpu) / ((System.nanoTime() - nanos) / 1e9);
            return new Reading(
                    ProcessFigures.liveHeapBytes(pid),
                    ProcessFigures.residentBytes(pid),
                    ProcessFigures.threads(pid),
                    ProcessFigures.descriptors(pid),
                    load);
        }

        void print(String what, Reading before, int peers) {
            System.out.printf(
                    "| %s | %d | %.1f | %.1f | %.2f | %.2f | %.3f |%n",
                    what,
                    peers,
                    (heapBytes - before.heapBytes) / 1024.0 / peers,
                    (residentBytes - before.residentBytes) / 1024.0 / peers,
                    (threads - before.threads) / (double) peers,
                    (descriptors - before.descriptors) / (double) peers,
                    (cpuSecondsPerSecond - before.cpuSecondsPerSecond) * 1000 / peers);
        }
    }

    @Test
    void aPeerThatRestsCostsKilobytesAndNoThread(@TempDir Path folder) throws Exception {
        int peers = Integer.getInteger("quickdrop.peers", 40);
        List<AutoCloseable> open = new ArrayList<>();
        try (ServerProcess server = Launch.in(folder.resolve("out")).start()) {
            Door door = Door.of(server);
            open.add(Enrolment.desktop(door, "warm", new GeneratedScreen(2, 2, 1, 1)));
            open.add(TestViewer.of(door));
            Reading empty = Reading.of(server);
            for (int i = 0; i < peers; i++) {
                open.add(Enrolment.desktop(door, "rests-" + i, new GeneratedScreen(2, 2, 1, i)));
            }
            Reading desktops = Reading.of(server);
            TestAgent drawing = Enrolment.desktop(door, "drawn", new GeneratedScreen(8, 8, 2, 9));
            open.add(drawing);
            drawing.draw(5);
            TestViewer first = TestViewer.of(door).watch("drawn", 0);
            open.add(first);
            await().atMost(PATIENCE).until(() -> first.frames() > 5);
            Reading watched = Reading.of(server);
            List<TestViewer> viewers = new ArrayList<>();
            for (int i = 0; i < peers; i++) {
                TestViewer viewer = TestViewer.of(door).watch("drawn", 0);
                viewers.add(viewer);
                open.add(viewer);
            }
            await().atMost(PATIENCE).until(() -> viewers.stream().allMatch(viewer -> viewer.frames() > 5));
            Reading all = Reading.of(server);
            System.out.println(
                    "| one more | N | live heap KiB | resident KiB | threads | descriptors | CPU ms a second |");
            System.out.println("|---|---|---|---|---|---|---|");
            desktops.print("desktop at rest, TLS", empty, peers);
            all.print("viewer of a desktop that sends 5 frames a second, TLS", watched, peers);
            assertThat(desktops.heapBytes() - empty.heapBytes()).isLessThan(peers * MANY_BYTES);
            assertThat(all.heapBytes() - watched.heapBytes()).isLessThan(peers * MANY_BYTES);
            assertThat(all.threads() - empty.threads()).isLessThan(peers);
        } finally {
            for (AutoCloseable one : open) {
                one.close();
            }
        }
    }
}
