package io.quickdrop.system.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.system.harness.CuttingProxy;
import io.quickdrop.system.harness.CuttingProxy.Direction;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.RecordingFolder;
import io.quickdrop.system.harness.SeededBytes;
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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Connections that are dead and don't say so: the failure to beat, on either side. */
@ExtendWith(ShowServerLogs.class)
final class SilenceTest {
    /** 15 s as promised, and a second for a busy machine. */
    private static final Duration FOUND_WITHIN = Duration.ofSeconds(16);

    private static final long BYTES_PER_SECOND = 2_000_000;

    @Test
    void halfOpenConnectionsAreFoundInFifteenSecondsWhicheverWayIsDead(@TempDir Path folder) {
        Map<String, SeededBytes> saved = new HashMap<>();
        List<Set<Direction>> ways =
                List.of(EnumSet.of(Direction.UP), EnumSet.of(Direction.DOWN), EnumSet.allOf(Direction.class));
        List<CuttingProxy> proxies = new ArrayList<>();
        try (ThreadWorkers workers = new ThreadWorkers();
                ServerProcess server = Launch.in(folder.resolve("out")).start()) {
            List<TestUpload> uploads = new ArrayList<>();
            for (int i = 0; i < ways.size(); i++) {
                CuttingProxy proxy = new CuttingProxy(server.address());
                proxies.add(proxy);
                proxy.limit(BYTES_PER_SECOND);
                Door door = Door.of(server).through(proxy);
                uploads.add(new TestUpload(
                                "silence-" + i,
                                new SeededBytes(i, 8_000_000),
                                new TestConnector(door, Upgrade.v2(door)),
                                workers,
                                TestUpload.quickBackoff())
                        .whole());
            }
            uploads.forEach(
                    upload -> await().atMost(Duration.ofSeconds(20)).until(() -> upload.acknowledged() > 1_000_000));
            long silentNanos = System.nanoTime();
            for (int i = 0; i < ways.size(); i++) {
                proxies.get(i).swallow(ways.get(i));
            }
            List<Double> seconds = new ArrayList<>();
            for (TestUpload upload : uploads) {
                await().pollInterval(Duration.ofMillis(20)).atMost(FOUND_WITHIN).until(() -> upload.connections() == 2);
                seconds.add((System.nanoTime() - silentNanos) / 1e9);
            }
            uploads.forEach(
                    upload -> saved.put(upload.await(Duration.ofSeconds(30)).fileName(), upload.bytes()));
            RecordingFolder.assertRecordingsExactly(server.output(), saved);
            System.out.printf(
                    "half-open: N=%d, dead upwards, downwards, both ways; connected again after at most %s s%n",
                    ways.size(), seconds);
        } finally {
            proxies.forEach(CuttingProxy::close);
        }
    }

    @Test
    void theServerFindsASilentPhoneInFifteenSecondsByItself(@TempDir Path folder) throws IOException {
        try (ServerProcess server = Launch.in(folder.resolve("out")).start();
                CuttingProxy proxy = new CuttingProxy(server.address())) {
            Door door = Door.of(server).through(proxy);
            try (TestSocket socket = TestSocket.open(door, Upgrade.v2(door))) {
                socket.message("hello");
                socket.text(
                        "{\"type\":\"start\",\"sessionId\":\"silent\",\"mime\":\"video/webm\",\"ext\":\"webm\",\"ts\":1}");
                socket.message("started");
                long silentNanos = System.nanoTime();
                proxy.swallow(EnumSet.allOf(Direction.class));
                await().pollInterval(Duration.ofMillis(20))
                        .atMost(FOUND_WITHIN)
                        .until(() -> proxy.serverClosedNanos() != 0);
                System.out.printf(
                        "silent phone: N=1, the server closed after %.1f s%n",
                        (proxy.serverClosedNanos() - silentNanos) / 1e9);
            }
        }
    }

    @Test
    void aServerThatWasFrozenForEightSecondsGoesOnAndLosesNothing(@TempDir Path folder) {
        try (ThreadWorkers workers = new ThreadWorkers();
                ServerProcess server = Launch.in(folder.resolve("out")).start();
                CuttingProxy proxy = new CuttingProxy(server.address())) {
            proxy.limit(BYTES_PER_SECOND);
            Door door = Door.of(server).through(proxy);
            TestUpload upload = new TestUpload(
                            "frozen",
                            new SeededBytes(7, 8_000_000),
                            new TestConnector(door, Upgrade.v2(door)),
                            workers,
                            TestUpload.quickBackoff())
                    .whole();
            await().atMost(Duration.ofSeconds(20)).until(() -> upload.acknowledged() > 1_000_000);
            server.freeze();
            try {
                // The time is the fault itself, not a wait for anything.
                await().pollDelay(Duration.ofSeconds(8)).until(() -> true);
            } finally {
                server.thaw();
            }
            String name = upload.await(Duration.ofSeconds(60)).fileName();
            RecordingFolder.assertRecordingsExactly(server.output(), Map.of(name, upload.bytes()));
            assertThat(upload.connections()).as("connections").isEqualTo(1);
            System.out.println("frozen server: N=1, 8 s, the same connection went on, bytes exact");
        }
    }
}
