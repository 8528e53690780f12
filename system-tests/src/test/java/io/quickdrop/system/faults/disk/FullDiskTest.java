package io.quickdrop.system.faults.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.system.faults.trial.FaultRow;
import io.quickdrop.system.faults.trial.Judgement;
import io.quickdrop.system.faults.trial.Lanes;
import io.quickdrop.system.faults.trial.Traffic;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import io.quickdrop.system.harness.TestUpload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is really full at the worst moments: in a chunk, in the catalogue's journal, when the final name is given. */
@Tag("root")
@ExtendWith(ShowServerLogs.class)
final class FullDiskTest {
    private static final String NAME = "disk full in chunk, journal, rename";
    private static final int DISK_MIB = 32;
    private static final int NAMES = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final int TRIALS_PER_DISK = 10;
    /** An upload comes back up to two seconds after there is room: they wait side by side. */
    private static final int LANES = 4;

    private record Found(Map<Moment, Integer> counts, int uploads, long bytes) {}

    private enum Moment {
        CHUNK,
        JOURNAL,
        RENAME
    }

    @Test
    void twentyFullDisksLoseNoAcknowledgedByteAndEveryUploadGoesOnByItself(@TempDir Path folder) throws Exception {
        fillAgainAndAgain(folder, 20);
    }

    @Test
    @Tag("long")
    void twoHundredFullDisksLoseNoAcknowledgedByteAndEveryUploadGoesOnByItself(@TempDir Path folder) throws Exception {
        fillAgainAndAgain(folder, 200);
    }

    private static void fillAgainAndAgain(Path folder, int times) throws Exception {
        FaultRow row = FaultRow.begin(NAME, times);
        List<Callable<Found>> lanes = new ArrayList<>();
        for (int lane = 0; lane < LANES; lane++) {
            int number = lane;
            lanes.add(() -> lane(folder.resolve("lane-" + number), number, row));
        }
        List<Found> found = Lanes.together(lanes);
        Map<Moment, Integer> counts = new EnumMap<>(Moment.class);
        found.forEach(lane -> lane.counts.forEach((moment, count) -> counts.merge(moment, count, Integer::sum)));
        assertThat(counts.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(row.trials());
        row.passed(String.format(
                "%s; each upload waited and went on by itself over the same connection; %d uploads, %d bytes",
                counts,
                found.stream().mapToInt(Found::uploads).sum(),
                found.stream().mapToLong(Found::bytes).sum()));
    }

    /** Every so-manieth trial; on a new disk now and then, since what was saved fills it too. */
    private static Found lane(Path folder, int lane, FaultRow row) throws IOException {
        Random random = row.random(lane);
        Map<Moment, Integer> counts = new EnumMap<>(Moment.class);
        int uploads = 0;
        long bytes = 0;
        for (int trial = lane; trial < row.trials(); ) {
            try (SmallDisk disk = disk(folder.resolve("disk-" + trial));
                    ServerProcess server = Launch.in(disk.place())
                            .jvm("-Dorg.sqlite.tmpdir=" + folder)
                            .start();
                    Traffic traffic = new Traffic(
                            "full-" + trial,
                            random,
                            () -> new TestConnector(Door.of(server), Upgrade.v2(Door.of(server))),
                            200_000,
                            1_000_000)) {
                Judgement judgement = new Judgement(server.output());
                for (int i = 0; i < TRIALS_PER_DISK && trial < row.trials(); i++, trial += LANES) {
                    Moment moment = Moment.values()[trial % Moment.values().length];
                    fill(moment, disk, traffic, random);
                    counts.merge(moment, 1, Integer::sum);
                }
                server.kill9();
                judgement.whileDown(traffic);
                server.start();
                judgement.atTheEnd(traffic);
                uploads += traffic.begun();
                bytes += traffic.begunBytes();
            }
        }
        return new Found(counts, uploads, bytes);
    }

    private static void fill(Moment moment, SmallDisk disk, Traffic traffic, Random random) throws IOException {
        TestUpload upload = traffic.beginLive();
        long half = upload.bytes().length() / 2;
        long before = moment == Moment.CHUNK ? half : upload.bytes().length();
        upload.produced(before);
        await().atMost(PATIENCE).until(() -> upload.acknowledged() == before);
        if (moment == Moment.RENAME) {
            disk.useUpNames();
        } else {
            disk.fillUpTo(moment == Moment.CHUNK ? random.nextInt((int) half) : 0);
        }
        upload.whole();
        await().atMost(PATIENCE)
                .until(() -> upload.statuses().stream().anyMatch(words -> words.startsWith("storage_full")));
        assertThat(upload.client().outcome().toCompletableFuture())
                .as("the outcome of an upload on a full disk")
                .isNotDone();
        disk.makeRoom();
        traffic.finish(upload);
        assertThat(upload.connections()).as("connections").isEqualTo(1);
    }

    private static SmallDisk disk(Path place) {
        try {
            return SmallDisk.in(place, DISK_MIB, NAMES);
        } catch (IOException e) {
            FaultRow.notRun(NAME, String.valueOf(e.getMessage()));
            throw new AssertionError("not reached", e);
        }
    }
}
