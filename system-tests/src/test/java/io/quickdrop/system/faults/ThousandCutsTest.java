package io.quickdrop.system.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.system.harness.CuttingProxy;
import io.quickdrop.system.harness.CuttingProxy.Cut;
import io.quickdrop.system.harness.CuttingProxy.Direction;
import io.quickdrop.system.harness.CuttingProxy.Ending;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.RecordingFolder;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket;
import io.quickdrop.system.harness.TestUpload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Connections end at any byte of the TLS stream, in any way; nothing is lost and nothing comes twice. */
@ExtendWith(ShowServerLogs.class)
final class ThousandCutsTest {
    private static final int CUTS = 1_000;
    private static final int UPLOADS_AT_ONCE = 8;
    /** A TLS handshake, the upgrade and {@code started} are about 4 KB up and 3 KB down: many cuts fall into those too. */
    private static final int MAX_BYTES_UP = 250_000;

    private static final int MAX_BYTES_DOWN = 6_000;

    @Test
    void noByteIsLostOrDoubledOverAThousandCutsAtRandomBytes(@TempDir Path folder) {
        long seed = Long.getLong("quickdrop.seed", System.nanoTime());
        Random random = new Random(seed);
        long begun = System.nanoTime();
        long sent = 0;
        int uploads = 0;
        Map<String, SeededBytes> saved = new HashMap<>();
        try (ThreadWorkers workers = new ThreadWorkers();
                ServerProcess server = Launch.in(folder.resolve("out")).start();
                CuttingProxy proxy = new CuttingProxy(server.address(), number -> next(random))) {
            Door door = Door.of(server).through(proxy);
            TestConnector connector = new TestConnector(door, TestSocket.Upgrade.v2(door));
            Queue<TestUpload> running = new ArrayDeque<>();
            while (proxy.cuts() < CUTS) {
                SeededBytes bytes = new SeededBytes(seed + uploads, 1 + random.nextInt(4_000_000));
                running.add(new TestUpload("cut-" + uploads++, bytes, connector, workers, TestUpload.quickBackoff())
                        .whole());
                sent += bytes.length();
                while (running.size() >= UPLOADS_AT_ONCE) {
                    finish(running.remove(), saved);
                }
            }
            while (!running.isEmpty()) {
                finish(running.remove(), saved);
            }
            RecordingFolder.assertRecordingsExactly(server.output(), saved);
            assertThat(saved).hasSize(uploads);
            // An upload needs one connection more than it was cut: a server that breaks any by itself is found out.
            assertThat(proxy.connections()).isLessThanOrEqualTo(proxy.cuts() + uploads);
            System.out.printf(
                    "thousand cuts: N=%d cuts over %d connections, %d uploads, %d bytes, %.1f s, seed %d: 0 bytes lost or doubled%n",
                    proxy.cuts(), proxy.connections(), uploads, sent, (System.nanoTime() - begun) / 1e9, seed);
        }
    }

    private static void finish(TestUpload upload, Map<String, SeededBytes> saved) {
        String name = upload.await(Duration.ofMinutes(2)).fileName();
        assertThat(saved.put(name, upload.bytes()))
                .as("a second recording named %s", name)
                .isNull();
    }

    /** 39 connections of 40 are cut, half of them in a TLS record of the upload, the others anywhere and early. */
    private static synchronized Optional<Cut> next(Random random) {
        if (random.nextInt(40) == 0) {
            return Optional.empty();
        }
        Ending ending = random.nextBoolean() ? Ending.FIN : Ending.RST;
        return Optional.of(
                switch (random.nextInt(4)) {
                    case 0 -> new Cut(Direction.DOWN, 1 + random.nextInt(MAX_BYTES_DOWN), ending);
                    case 1 -> new Cut(Direction.UP, 1 + random.nextInt(6_000), ending);
                    default -> new Cut(Direction.UP, 1 + random.nextInt(MAX_BYTES_UP), ending);
                });
    }
}
