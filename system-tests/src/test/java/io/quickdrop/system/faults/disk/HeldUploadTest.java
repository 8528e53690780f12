package io.quickdrop.system.faults.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.RecordingFolder;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import io.quickdrop.system.harness.TestUpload;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is really full: a tmpfs of 48 MiB. Mounting needs root; elsewhere the store's own tests stand alone. */
@Tag("root")
@ExtendWith(ShowServerLogs.class)
final class HeldUploadTest {
    private static final int DISK_MIB = 48;

    @Test
    void aFullDiskHoldsTheUploadUntilThereIsRoomAndThenItGoesOnByItself(@TempDir Path folder) throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=" + DISK_MIB + "m", "tmpfs", disk.toString());
        if (!mounted) {
            System.out.println("HeldUploadTest: NOT RUN, since no tmpfs can be mounted here (needs root)");
        }
        Assumptions.assumeTrue(mounted, "needs root to mount a tmpfs");
        try {
            fill(disk);
        } finally {
            assertThat(run("umount", "-l", disk.toString())).isTrue();
        }
    }

    private static void fill(Path disk) throws IOException {
        try (ThreadWorkers workers = new ThreadWorkers();
                ServerProcess server = Launch.in(disk.resolve("out")).start()) {
            Door door = Door.of(server);
            TestConnector connector = new TestConnector(door, Upgrade.v2(door));
            TestUpload small = new TestUpload(
                            "small", new SeededBytes(1, 200_000), connector, workers, TestUpload.quickBackoff())
                    .produced(200_000);
            await().atMost(Duration.ofSeconds(20)).until(() -> small.acknowledged() == 200_000);
            Path filler = disk.resolve("filler");
            try (RandomAccessFile file = new RandomAccessFile(filler.toFile(), "rw")) {
                byte[] piece = new byte[1 << 20];
                while (disk.toFile().getUsableSpace() > 9L << 20) {
                    file.write(piece);
                }
            }
            TestUpload large = new TestUpload(
                            "large", new SeededBytes(2, 20_000_000), connector, workers, TestUpload.quickBackoff())
                    .whole();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> large.statuses().stream().anyMatch(text -> text.startsWith("storage_full")));
            long heldAt = large.acknowledged();
            assertThat(heldAt).as("acknowledged on the full disk").isBetween(1_000_000L, 10_000_000L);
            small.client().ended(small.bytes().sha256());
            String smallName = small.await(Duration.ofSeconds(20)).fileName();
            assertThat(large.client().outcome().toCompletableFuture().isDone()).isFalse();
            Files.delete(filler);
            String largeName = large.await(Duration.ofSeconds(30)).fileName();
            assertThat(large.connections()).as("connections").isEqualTo(1);
            RecordingFolder.assertRecordingsExactly(
                    server.output(), Map.of(smallName, small.bytes(), largeName, large.bytes()));
            System.out.printf(
                    "full disk: N=1, held at %d bytes, another take was saved meanwhile, went on by itself, bytes exact%n",
                    heldAt);
        }
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor() == 0;
    }
}
