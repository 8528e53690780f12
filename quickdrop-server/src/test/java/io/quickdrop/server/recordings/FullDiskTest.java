package io.quickdrop.server.recordings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import io.quickdrop.relay.driver.RecordingStore.Opening;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import io.quickdrop.relay.upload.SavedRecording;
import io.quickdrop.server.catalogue.Catalogue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A volume that is really full, with recordings and catalogue on it: a small file system in memory, which only root may
 * mount. Where that is not allowed the test says on the standard output that it was not run.
 */
@Tag("root")
class FullDiskTest {
    private static final int VOLUME_MEGABYTES = 12;
    private static final int CHUNK_BYTES = 64 * 1024;

    @Test
    void aFullVolumeStopsUploadsAndLosesNothing(@TempDir Path mountPoint) throws Exception {
        if (!isDone("mount", "-t", "tmpfs", "-o", "size=" + VOLUME_MEGABYTES + "m", "tmpfs", mountPoint.toString())) {
            System.out.println("NOT RUN: FullDiskTest, no right to mount a file system here");
            return;
        }
        try {
            fillAndGoOn(mountPoint);
        } finally {
            // Lazily: SQLite has its native library mapped from the data folder as long as this process lives.
            assertThat(isDone("umount", "-l", mountPoint.toString())).isTrue();
        }
    }

    private static void fillAndGoOn(Path volume) throws Exception {
        Path ballast = volume.resolve("ballast");
        byte[] bytes = new byte[4 * CHUNK_BYTES];
        new Random(3).nextBytes(bytes);
        // No reserve, and a volume that claims to have room: the write itself has to meet its end.
        TestDisk disk = new TestDisk();
        disk.say(Long.MAX_VALUE / 2);
        StoreSettings settings = new StoreSettings(volume, volume.resolve(".quickdrop"), 0, Duration.ZERO);
        try (Catalogue catalogue = Catalogue.open(settings.data());
                FileRecordingStore store =
                        new FileRecordingStore(settings, catalogue, TestStore::name, Instant::now, disk)) {
            OpenRecording recording =
                    ((Opening.Writable) store.open(StubbornSender.ID, "phone", StubbornSender.DESCRIPTION)).recording();
            recording.append(ByteBuffer.wrap(bytes, 0, CHUNK_BYTES));
            recording.force(1);
            fill(ballast);

            Kind refused = refusal(() -> {
                for (int at = CHUNK_BYTES; at < bytes.length; at += CHUNK_BYTES) {
                    recording.append(ByteBuffer.wrap(bytes, at, CHUNK_BYTES));
                    recording.force(1 + at / CHUNK_BYTES);
                }
            });
            assertThat(refused).isEqualTo(Kind.FULL);
            long durable = recording.durableBytes();
            assertThat(durable).isGreaterThanOrEqualTo(CHUNK_BYTES);

            Files.delete(ballast);
            recording.rewind();
            assertThat(recording.durableBytes()).isGreaterThanOrEqualTo(durable);
            int at = (int) recording.durableBytes();
            recording.append(ByteBuffer.wrap(bytes, at, bytes.length - at));
            SavedRecording saved = recording.save(bytes.length, StubbornSender.sha256(bytes), 4);
            assertThat(volume.resolve(saved.fileName())).hasBinaryContent(bytes);

            // The catalogue alone: nothing but its own writes is refused.
            fill(ballast);
            assertThatThrownBy(() -> {
                        for (int label = 0; label < 10_000; label++) {
                            store.recordings().label(StubbornSender.ID, "label " + label);
                        }
                    })
                    .isInstanceOfSatisfying(
                            StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FULL));
            Files.delete(ballast);
            assertThat(store.recordings().label(StubbornSender.ID, "room again"))
                    .isPresent();
        }
    }

    private interface Sending {
        void run() throws StorageException;
    }

    private static Kind refusal(Sending sending) {
        try {
            sending.run();
        } catch (StorageException e) {
            return e.kind();
        }
        throw new AssertionError("a full volume took everything");
    }

    /** Takes all room that is left, to the last byte. */
    private static void fill(Path ballast) {
        byte[] block = new byte[4096];
        try (var file = Files.newOutputStream(ballast)) {
            while (true) {
                file.write(block);
            }
        } catch (IOException e) {
            assertThat(ballast).exists();
        }
    }

    private static boolean isDone(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
