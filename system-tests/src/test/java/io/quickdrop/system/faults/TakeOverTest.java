package io.quickdrop.system.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.relay.driver.client.UploadClient.UploadFailedException;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.system.harness.CuttingProxy;
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
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One owner per session. */
@ExtendWith(ShowServerLogs.class)
final class TakeOverTest {
    @Test
    void theNewerOfTwoClientsOwnsTheSessionAndTheOlderIsToldSo(@TempDir Path folder) {
        try (ThreadWorkers workers = new ThreadWorkers();
                ServerProcess server = Launch.in(folder.resolve("out")).start();
                CuttingProxy slow = new CuttingProxy(server.address())) {
            slow.limit(1_000_000);
            SeededBytes bytes = new SeededBytes(3, 10_000_000);
            Door slowly = Door.of(server).through(slow);
            Door door = Door.of(server);
            TestUpload older = new TestUpload(
                            "one",
                            bytes,
                            new TestConnector(slowly, Upgrade.v2(slowly)),
                            workers,
                            TestUpload.quickBackoff())
                    .whole();
            await().atMost(Duration.ofSeconds(20)).until(() -> older.acknowledged() > 1_000_000);
            TestUpload newer = new TestUpload(
                            "one", bytes, new TestConnector(door, Upgrade.v2(door)), workers, TestUpload.quickBackoff())
                    .whole();
            String name = newer.await(Duration.ofSeconds(30)).fileName();
            assertThat(older.client().outcome().toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOfSatisfying(UploadFailedException.class, failure -> assertThat(failure.reason())
                            .isEqualTo("superseded"));
            assertThat(older.connections()).isEqualTo(1);
            RecordingFolder.assertRecordingsExactly(server.output(), Map.of(name, bytes));
            System.out.println("two clients, one session: N=1, the older was closed with 4409, bytes exact");
        }
    }

    @Test
    void theOlderConnectionIsClosedWith4409(@TempDir Path folder) throws IOException {
        String start = "{\"type\":\"start\",\"sessionId\":\"raw\",\"mime\":\"video/webm\",\"ext\":\"webm\",\"ts\":1}";
        try (ServerProcess server = Launch.in(folder.resolve("out")).start()) {
            Door door = Door.of(server);
            try (TestSocket older = TestSocket.open(door, Upgrade.v2(door));
                    TestSocket newer = TestSocket.open(door, Upgrade.v2(door))) {
                older.text(start);
                older.message("started");
                newer.text(start.replace("\"start\"", "\"resume\""));
                assertThat(newer.message("started").get("resumed").getAsBoolean())
                        .isTrue();
                assertThat(older.closeCode()).isEqualTo(4409);
            }
        }
    }
}
