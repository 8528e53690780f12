package io.quickdrop.system.faults.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.system.faults.trial.FaultRow;
import io.quickdrop.system.faults.trial.Judgement;
import io.quickdrop.system.faults.trial.Lanes;
import io.quickdrop.system.faults.trial.Strace;
import io.quickdrop.system.faults.trial.Traffic;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ProcessFigures;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import io.quickdrop.system.harness.TestUpload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every sync takes between 0.2 and 5 s, while phones send as fast as they can into a server with a small heap. */
@ExtendWith(ShowServerLogs.class)
final class SlowDiskTest {
    private static final String NAME = "slow disk, 0.2 to 5 s";
    private static final int LANES = 2;
    private static final int UPLOADS_AT_ONCE = 4;
    private static final int SLOW_SYNCS = 2;
    /** A phone takes a server for dead that says nothing for 15 s. */
    private static final double WORST_PING_SECONDS = 5;

    private static final double MIB = 1 << 20;

    private record Found(int trials, double worstPingSeconds, double firstHeap, double worstHeap, int uploads) {}

    @Test
    void tenSlowDisksLoseNoAcknowledgedByteAndNoHeartbeat(@TempDir Path folder) throws Exception {
        slowAgainAndAgain(folder, 10);
    }

    @Test
    @Tag("long")
    void aHundredSlowDisksLoseNoAcknowledgedByteAndNoHeartbeat(@TempDir Path folder) throws Exception {
        slowAgainAndAgain(folder, 100);
    }

    private static void slowAgainAndAgain(Path folder, int trials) throws Exception {
        FaultRow row = FaultRow.begin(NAME, trials);
        String obstacle = Strace.obstacle();
        if (!obstacle.isEmpty()) {
            FaultRow.notRun(NAME, obstacle);
        }
        int half = row.trials() / LANES;
        List<Found> found = Lanes.together(List.of(
                () -> lane(folder, "one", half, row.random(0)),
                () -> lane(folder, "two", row.trials() - half, row.random(1))));
        assertThat(found.stream().mapToInt(Found::trials).sum()).isEqualTo(row.trials());
        double worstPing =
                found.stream().mapToDouble(Found::worstPingSeconds).max().orElseThrow();
        row.passed(String.format(
                "%d uploads, worst ping %.2f s; live heap at the beginning %.1f MiB, at most %.1f MiB, -Xmx128m",
                found.stream().mapToInt(Found::uploads).sum(),
                worstPing,
                found.stream().mapToDouble(Found::firstHeap).max().orElseThrow(),
                found.stream().mapToDouble(Found::worstHeap).max().orElseThrow()));
        assertThat(worstPing).as("worst ping, s").isLessThan(WORST_PING_SECONDS);
        for (Found lane : found) {
            assertThat(lane.worstHeap)
                    .as("live heap while the disk is slow, MiB")
                    .isLessThan(lane.firstHeap + 40);
        }
    }

    private static Found lane(Path folder, String name, int trials, Random random) throws IOException {
        double worstPing = 0;
        double worstHeap = 0;
        try (ServerProcess server = Launch.in(folder.resolve(name))
                        .jvm("-Xmx128m", "-XX:+ExitOnOutOfMemoryError")
                        .start();
                TestSocket pinger = TestSocket.open(Door.of(server), Upgrade.v2(Door.of(server)));
                Traffic traffic = new Traffic(
                        name,
                        random,
                        () -> new TestConnector(Door.of(server), Upgrade.v2(Door.of(server))),
                        2_000_000,
                        8_000_000)) {
            Judgement judgement = new Judgement(server.output());
            traffic.finish(traffic.begin());
            double firstHeap = ProcessFigures.liveHeapBytes(server.pid()) / MIB;
            for (int trial = 0; trial < trials; trial++) {
                traffic.keepUp(UPLOADS_AT_ONCE);
                List<TestUpload> slowed = traffic.running();
                // Evenly over the orders of magnitude: 0.2 to 1 s is as likely as 1 to 5 s.
                long delayMicros = (long) (200_000 * Math.pow(25, random.nextDouble()));
                try (Strace strace = Strace.attach(
                        server, folder.resolve(name + ".strace"), "fsync,fdatasync", "delay_enter=" + delayMicros)) {
                    while (strace.injected() < SLOW_SYNCS) {
                        traffic.keepUp(UPLOADS_AT_ONCE);
                        worstPing = Math.max(worstPing, pingSeconds(pinger));
                        await().pollDelay(Duration.ofMillis(50)).until(() -> true);
                    }
                    worstHeap = Math.max(worstHeap, ProcessFigures.liveHeapBytes(server.pid()) / MIB);
                    worstPing = Math.max(worstPing, pingSeconds(pinger));
                }
                traffic.finishAll();
                for (TestUpload upload : slowed) {
                    assertThat(upload.connections())
                            .as("connections of %s over a sync of %d µs", upload.id(), delayMicros)
                            .isEqualTo(1);
                }
            }
            server.kill9();
            judgement.whileDown(traffic);
            server.start();
            judgement.atTheEnd(traffic);
            return new Found(trials, worstPing, firstHeap, worstHeap, traffic.begun());
        }
    }

    private static double pingSeconds(TestSocket pinger) throws IOException {
        long sent = System.nanoTime();
        pinger.text("{\"type\":\"ping\",\"timestamp\":" + sent + "}");
        assertThat(pinger.message("pong").get("timestamp").getAsLong()).isEqualTo(sent);
        return (System.nanoTime() - sent) / 1e9;
    }
}
