package io.quickdrop.system.faults.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.system.faults.trial.FaultRow;
import io.quickdrop.system.faults.trial.Judgement;
import io.quickdrop.system.faults.trial.Lanes;
import io.quickdrop.system.faults.trial.Traffic;
import io.quickdrop.system.harness.CuttingProxy;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server dies in mid-upload, as if the process had never been asked: half of the kills hit it at a labelled point of
 * its work on the disk, its repairs after the kill before included, half at random, while it starts too.
 */
@ExtendWith(ShowServerLogs.class)
final class KillNineTest {
    private static final int UPLOADS_AT_ONCE = 3;
    /** Slow enough that a random kill hits uploads in their middle. */
    private static final long BYTES_PER_SECOND = 4_000_000;
    /** Nearly every labelled point is passed many times a second; the rest wait for a kill that leaves work to repair. */
    private static final Duration POINT_PATIENCE = Duration.ofSeconds(4);

    /** What the store calls between an upload's first byte and its last, and how often at most to let it pass by. */
    private static final List<KillPoint> POINTS = List.of(
            new KillPoint(false, 3, "create"),
            new KillPoint(false, 4, "syncFolder"),
            new KillPoint(false, 15, "commit"),
            new KillPoint(false, 20, "file.write"),
            new KillPoint(false, 8, "file.force"),
            new KillPoint(false, 2, "link"),
            new KillPoint(false, 2, "delete"),
            new KillPoint(false, 2, "open"),
            new KillPoint(false, 1, "file.truncate"),
            new KillPoint(false, 2, "size"),
            new KillPoint(false, 1, "list"));

    private record Found(int kills, int labelled, int uploads, long bytes, List<Long> firstByteNanos) {}

    @Test
    void aHundredKillsLoseNoAcknowledgedByte(@TempDir Path folder) throws Exception {
        killAgainAndAgain(folder, 100);
    }

    @Test
    @Tag("long")
    void fiveHundredKillsLoseNoAcknowledgedByte(@TempDir Path folder) throws Exception {
        killAgainAndAgain(folder, 500);
    }

    private static void killAgainAndAgain(Path folder, int kills) throws Exception {
        FaultRow row = FaultRow.begin("kill -9 at labelled points and at random", kills);
        int atPoints = row.trials() / 2;
        int atRandom = row.trials() - atPoints;
        List<Found> found = Lanes.together(List.of(
                () -> killAtPoints(folder.resolve("labelled"), atPoints, row.random(0)),
                () -> killAtRandom(folder.resolve("random"), atRandom, row.random(1))));
        Found points = found.get(0);
        Found random = found.get(1);
        List<Long> firstBytes = new ArrayList<>(random.firstByteNanos);
        Collections.sort(firstBytes);
        double median = firstBytes.get(firstBytes.size() / 2) / 1e6;
        row.passed(String.format(
                "%d of %d points reached, %d uploads, %d bytes; port open to first accepted byte of a session, N=%d: median"
                        + " %.0f ms, worst %.0f ms",
                points.labelled,
                points.kills,
                points.uploads + random.uploads,
                points.bytes + random.bytes,
                firstBytes.size(),
                median,
                firstBytes.get(firstBytes.size() - 1) / 1e6));
        assertThat(points.kills + random.kills).isEqualTo(row.trials());
        assertThat(points.labelled).as("points reached").isGreaterThan(points.kills * 3 / 4);
        assertThat(median)
                .as("median from port open to first accepted byte, ms")
                .isLessThan(1_000);
    }

    private static Found killAtPoints(Path folder, int kills, Random random) throws IOException {
        Files.createDirectories(folder);
        Path reached = folder.resolve("reached");
        Launch launch = Launch.in(folder.resolve("out")).program(StoppingServer.class);
        int labelled = 0;
        try (ServerProcess server = launch.jvm(
                                "-D" + StoppingServer.POINT + "=before 0 none",
                                "-D" + StoppingServer.REACHED + "=" + reached)
                        .start();
                Traffic traffic = new Traffic(
                        "label",
                        random,
                        () -> new TestConnector(Door.of(server), Upgrade.v2(Door.of(server))),
                        1,
                        300_000)) {
            Judgement judgement = new Judgement(server.output());
            server.kill9();
            for (int kill = 0; kill < kills; kill++) {
                KillPoint point = point(kill, random);
                Files.deleteIfExists(reached);
                server.spawn("-D" + StoppingServer.POINT + "=" + point, "-D" + StoppingServer.REACHED + "=" + reached);
                if (awaitPoint(server, reached, traffic)) {
                    labelled++;
                } else {
                    System.out.println("not reached: " + point);
                }
                server.kill9();
                judgement.whileDown(traffic);
            }
            server.start();
            judgement.atTheEnd(traffic);
            return new Found(kills, labelled, traffic.begun(), traffic.begunBytes(), List.of());
        }
    }

    /** Every point before and after its call in turn, the n-th of its kind at random. */
    private static KillPoint point(int kill, Random random) {
        KillPoint kind = POINTS.get(kill / 2 % POINTS.size());
        return new KillPoint(kill % 2 == 1, 1 + random.nextInt(kind.number()), kind.call());
    }

    private static boolean awaitPoint(ServerProcess server, Path reached, Traffic traffic) {
        traffic.keepUp(UPLOADS_AT_ONCE);
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofMinutes(1))
                .until(() -> server.answers() || Files.exists(reached));
        try {
            await().pollInterval(Duration.ofMillis(2)).atMost(POINT_PATIENCE).until(() -> {
                traffic.keepUp(UPLOADS_AT_ONCE);
                return Files.exists(reached);
            });
            return true;
        } catch (ConditionTimeoutException passedBy) {
            return false; // killed all the same, wherever it is
        }
    }

    private static Found killAtRandom(Path folder, int kills, Random random) throws IOException {
        Files.createDirectories(folder);
        List<Long> firstByteNanos = new ArrayList<>();
        try (ServerProcess server = Launch.in(folder.resolve("out")).start();
                CuttingProxy proxy = new CuttingProxy(server.address())) {
            proxy.limit(BYTES_PER_SECOND);
            Door door = Door.of(server).through(proxy);
            Judgement judgement = new Judgement(server.output());
            List<FirstByte> watched = new ArrayList<>();
            try (Traffic traffic = new Traffic(
                    "random", random, () -> new TestConnector(door, Upgrade.v2(door)), 100_000, 2_000_000)) {
                for (int kill = 0; kill < kills; kill++) {
                    while (traffic.running().size() < UPLOADS_AT_ONCE) {
                        watched.add(new FirstByte(traffic.begin()));
                    }
                    long moment = traffic.acknowledged() + random.nextInt(600_000);
                    await().pollInterval(Duration.ofMillis(2))
                            .atMost(Duration.ofMinutes(1))
                            .until(() -> traffic.acknowledged() >= moment || traffic.isAnyOver());
                    server.kill9();
                    if (random.nextInt(8) == 0 && kill + 1 < kills) {
                        kill++;
                        server.spawn();
                        await().pollDelay(Duration.ofMillis(1 + random.nextInt(1_500)))
                                .atMost(Duration.ofMinutes(1))
                                .until(() -> true);
                        server.kill9();
                    }
                    judgement.whileDown(traffic);
                    watched.removeIf(upload -> !traffic.running().contains(upload.upload()));
                    watched.forEach(FirstByte::died);
                    server.start();
                    await().atMost(Duration.ofMinutes(1))
                            .until(() -> watched.stream().allMatch(FirstByte::goesOn));
                    watched.forEach(
                            upload -> upload.nanosSince(server.portOpenNanos()).ifPresent(firstByteNanos::add));
                    traffic.collect();
                }
                judgement.atTheEnd(traffic);
                return new Found(kills, 0, traffic.begun(), traffic.begunBytes(), firstByteNanos);
            }
        }
    }
}
