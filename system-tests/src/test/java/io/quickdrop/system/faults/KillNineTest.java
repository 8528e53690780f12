package io.quickdrop.system.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.system.harness.CuttingProxy;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.RecordingFolder;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import io.quickdrop.system.harness.TestUpload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The server dies in mid-upload, as if the process had never been asked; what it acknowledged is there afterwards. */
@ExtendWith(ShowServerLogs.class)
final class KillNineTest {
    private static final int UPLOADS_AT_ONCE = 3;
    /** Slow enough that every kill hits uploads in their middle. */
    private static final long BYTES_PER_SECOND = 4_000_000;

    @Test
    void twentyKillsLoseNoAcknowledgedByte(@TempDir Path folder) {
        killAgainAndAgain(folder, 20);
    }

    @Test
    @Tag("long")
    void aHundredKillsLoseNoAcknowledgedByte(@TempDir Path folder) {
        killAgainAndAgain(folder, 100);
    }

    private static void killAgainAndAgain(Path folder, int kills) {
        long seed = Long.getLong("quickdrop.seed", System.nanoTime());
        Random random = new Random(seed);
        long begun = System.nanoTime();
        Map<String, SeededBytes> saved = new HashMap<>();
        List<Long> firstByteNanos = new ArrayList<>();
        long sent = 0;
        int count = 0;
        try (ThreadWorkers workers = new ThreadWorkers();
                ServerProcess server = Launch.in(folder.resolve("out")).start();
                CuttingProxy proxy = new CuttingProxy(server.address())) {
            proxy.limit(BYTES_PER_SECOND);
            Door door = Door.of(server).through(proxy);
            List<Interrupted> running = new ArrayList<>();
            for (int kill = 0; kill < kills; kill++) {
                while (running.size() < UPLOADS_AT_ONCE) {
                    SeededBytes bytes = new SeededBytes(seed + count, 1_000_000 + random.nextInt(10_000_000));
                    running.add(new Interrupted(new TestUpload(
                            "kill-" + count++,
                            bytes,
                            new TestConnector(door, Upgrade.v2(door)),
                            workers,
                            TestUpload.quickBackoff())));
                    sent += bytes.length();
                }
                long moment = acknowledged(running) + random.nextInt(3_000_000);
                await().pollInterval(Duration.ofMillis(2))
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> acknowledged(running) >= moment
                                || running.stream().anyMatch(Interrupted::isOver));
                server.kill9();
                running.removeIf(upload -> upload.collect(saved));
                running.forEach(Interrupted::died);
                server.start();
                for (Interrupted upload : running) {
                    await().atMost(Duration.ofSeconds(30)).until(() -> upload.goesOn() || upload.isOver());
                    upload.firstByteNanos(server.portOpenNanos()).ifPresent(firstByteNanos::add);
                }
            }
            running.forEach(upload -> upload.finish(saved));
            RecordingFolder.assertRecordingsExactly(server.output(), saved);
            assertThat(saved).hasSize(count);
        }
        Collections.sort(firstByteNanos);
        double median = firstByteNanos.get(firstByteNanos.size() / 2) / 1e6;
        System.out.printf(
                "kill -9: N=%d kills, %d uploads, %d bytes, %.1f s, seed %d: 0 acknowledged bytes lost; port open to first"
                        + " accepted byte of a session, N=%d: median %.0f ms, worst %.0f ms%n",
                kills,
                count,
                sent,
                (System.nanoTime() - begun) / 1e9,
                seed,
                firstByteNanos.size(),
                median,
                firstByteNanos.get(firstByteNanos.size() - 1) / 1e6);
        assertThat(median)
                .as("median from port open to first accepted byte, ms")
                .isLessThan(1_000);
    }

    private static long acknowledged(List<Interrupted> uploads) {
        return uploads.stream().mapToLong(each -> each.upload.acknowledged()).sum();
    }

    /** An upload, and when after a kill the first byte of it was accepted that had not been before. */
    private static final class Interrupted {
        private final TestUpload upload;
        /** Nothing at or below it counts; {@code Long.MAX_VALUE} once a byte beyond it was accepted. */
        private final AtomicLong mark = new AtomicLong(Long.MAX_VALUE);

        private final AtomicLong beyondNanos = new AtomicLong();

        Interrupted(TestUpload upload) {
            this.upload = upload.hear(this::hear).whole();
        }

        private void hear(Message message) {
            if (message instanceof UploadMessage.Started started) {
                mark.getAndUpdate(old -> old == Long.MAX_VALUE ? old : Math.max(old, started.bytes()));
            } else if (message instanceof UploadMessage.Progress progress && progress.bytes() > mark.get()) {
                beyondNanos.set(System.nanoTime());
                mark.set(Long.MAX_VALUE);
            }
        }

        void died() {
            beyondNanos.set(0);
            mark.set(upload.acknowledged());
        }

        boolean goesOn() {
            return beyondNanos.get() != 0;
        }

        boolean isOver() {
            return upload.client().outcome().toCompletableFuture().isDone();
        }

        Optional<Long> firstByteNanos(long since) {
            return goesOn() ? Optional.of(beyondNanos.get() - since) : Optional.empty();
        }

        boolean collect(Map<String, SeededBytes> saved) {
            if (!isOver()) {
                return false;
            }
            finish(saved);
            return true;
        }

        void finish(Map<String, SeededBytes> saved) {
            String name = upload.await(Duration.ofMinutes(2)).fileName();
            assertThat(saved.put(name, upload.bytes()))
                    .as("a second recording named %s", name)
                    .isNull();
        }
    }
}
