package io.quickdrop.system.faults.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.system.faults.trial.FaultRow;
import io.quickdrop.system.faults.trial.Judgement;
import io.quickdrop.system.faults.trial.Lanes;
import io.quickdrop.system.faults.trial.Strace;
import io.quickdrop.system.faults.trial.Traffic;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import io.quickdrop.system.harness.TestUpload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The device refuses to sync, of a recording, of the catalogue, of a folder, and then works again. Which of them fails is
 * the chance of the moment; strace counts for each thread of the server.
 */
@ExtendWith(ShowServerLogs.class)
final class FailingSyncTest {
    private static final String NAME = "failing sync (EIO), then success";
    private static final int UPLOADS_AT_ONCE = 3;
    private static final int LANES = 2;

    private record Found(int trials, long failedSyncs, int uploads, int told) {}

    @Test
    void twentyFailuresOfTheDeviceLoseNoAcknowledgedByte(@TempDir Path folder) throws Exception {
        failAgainAndAgain(folder, 20);
    }

    @Test
    @Tag("long")
    void twoHundredFailuresOfTheDeviceLoseNoAcknowledgedByte(@TempDir Path folder) throws Exception {
        failAgainAndAgain(folder, 200);
    }

    private static void failAgainAndAgain(Path folder, int trials) throws Exception {
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
        row.passed(String.format(
                "%d syncs failed, %d uploads, %d of them were told to wait",
                found.stream().mapToLong(Found::failedSyncs).sum(),
                found.stream().mapToInt(Found::uploads).sum(),
                found.stream().mapToInt(Found::told).sum()));
    }

    private static Found lane(Path folder, String name, int trials, Random random) {
        long failed = 0;
        int told = 0;
        try (ServerProcess server = Launch.in(folder.resolve(name)).start();
                Traffic traffic = new Traffic(
                        name,
                        random,
                        () -> new TestConnector(Door.of(server), Upgrade.v2(Door.of(server))),
                        1,
                        2_000_000)) {
            Judgement judgement = new Judgement(server.output());
            for (int trial = 0; trial < trials; trial++) {
                failed += failOnce(server, traffic, folder.resolve(name + ".strace"), injection(random));
                List<TestUpload> hit = traffic.running();
                traffic.finishAll();
                told += (int) hit.stream()
                        .filter(upload -> upload.statuses().stream().anyMatch(words -> words.startsWith("storage_")))
                        .count();
            }
            server.kill9();
            judgement.whileDown(traffic);
            server.start();
            judgement.atTheEnd(traffic);
            return new Found(trials, failed, traffic.begun(), told);
        }
    }

    /** Once at the first sync or a later one, or several in a row. */
    private static String injection(Random random) {
        int first = 1 + random.nextInt(3);
        return "error=EIO:when=" + first + (random.nextBoolean() ? "" : ".." + (first + random.nextInt(3)));
    }

    private static long failOnce(ServerProcess server, Traffic traffic, Path log, String injection) {
        traffic.keepUp(UPLOADS_AT_ONCE);
        try (Strace strace = Strace.attach(server, log, "fsync,fdatasync", injection)) {
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> {
                        traffic.keepUp(UPLOADS_AT_ONCE);
                        return strace.injected() > 0;
                    });
            return strace.injected();
        }
    }
}
