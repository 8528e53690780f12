package io.quickdrop.system.faults.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.system.faults.trial.FaultRow;
import io.quickdrop.system.faults.trial.Judgement;
import io.quickdrop.system.faults.trial.Traffic;
import io.quickdrop.system.harness.CuttingProxy;
import io.quickdrop.system.harness.CuttingProxy.Cut;
import io.quickdrop.system.harness.CuttingProxy.Direction;
import io.quickdrop.system.harness.CuttingProxy.Ending;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Connections that are dead and don't say so: the failure to beat, on either side. */
@ExtendWith(ShowServerLogs.class)
final class SilenceTest {
    /** 15 s as promised, and more than a second for a busy machine. */
    private static final double FOUND_WITHIN_SECONDS = 19;

    /** Silent ones cost nothing while they wait, but fifty TLS handshakes come at once. */
    private static final int SESSIONS_AT_ONCE = 50;

    private static final int MIN_BYTES = 300_000;
    private static final int MAX_BYTES = 600_000;

    @Test
    void fiftySilentConnectionsAreFoundInFifteenSecondsWhicheverWayIsDead(@TempDir Path folder) {
        fallSilent(folder, 50);
    }

    @Test
    @Tag("long")
    void fiveHundredSilentConnectionsAreFoundInFifteenSecondsWhicheverWayIsDead(@TempDir Path folder) {
        fallSilent(folder, 500);
    }

    private static void fallSilent(Path folder, int sessions) {
        FaultRow row = FaultRow.begin("half-open, silence both or one way, lost acknowledgements", sessions);
        Random random = row.random(0);
        Map<Ending, Integer> ways = new EnumMap<>(Ending.class);
        try (ServerProcess server = Launch.in(folder.resolve("out")).start();
                CuttingProxy bad = new CuttingProxy(server.address(), number -> next(random, ways));
                CuttingProxy good = new CuttingProxy(server.address());
                Traffic traffic = new Traffic(
                        "silence", row.random(), () -> firstBadThenGood(server, bad, good), MIN_BYTES, MAX_BYTES)) {
            double worst = 0;
            while (traffic.begun() < sessions) {
                for (int left = Math.min(SESSIONS_AT_ONCE, sessions - traffic.begun()); left > 0; left--) {
                    traffic.begin();
                }
                int all = traffic.begun();
                await().pollInterval(Duration.ofMillis(20))
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> bad.cuts() == all);
                long silentNanos = System.nanoTime();
                await().pollInterval(Duration.ofMillis(20))
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> good.connections() >= all);
                worst = Math.max(worst, (System.nanoTime() - silentNanos) / 1e9);
                traffic.finishAll();
            }
            new Judgement(server.output()).atTheEnd(traffic);
            assertThat(worst)
                    .as("seconds from the last connection's falling silent to the last client's coming back")
                    .isLessThan(FOUND_WITHIN_SECONDS);
            row.passed(String.format("%s; all back %.1f s after the last had fallen silent", ways, worst));
        }
    }

    /** Every session's first connection falls silent, and its next ones are sound. */
    private static Connector firstBadThenGood(ServerProcess server, CuttingProxy bad, CuttingProxy good) {
        Door first = Door.of(server).through(bad);
        Door then = Door.of(server).through(good);
        AtomicBoolean again = new AtomicBoolean();
        return events -> {
            Door door = again.getAndSet(true) ? then : first;
            new TestConnector(door, Upgrade.v2(door)).connect(events);
        };
    }

    /** One of eight in the handshake, the others on the way to the shortest upload's end. */
    private static Optional<Cut> next(Random random, Map<Ending, Integer> ways) {
        synchronized (random) {
            Ending ending =
                    switch (random.nextInt(3)) {
                        case 0 -> Ending.SILENT_UP;
                        case 1 -> Ending.SILENT_DOWN;
                        default -> Ending.SILENT;
                    };
            ways.merge(ending, 1, Integer::sum);
            int bytes = random.nextInt(8) == 0 ? 1 + random.nextInt(3_000) : 3_000 + random.nextInt(MIN_BYTES - 3_000);
            return Optional.of(new Cut(Direction.UP, bytes, ending));
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
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> proxy.serverClosedNanos() != 0);
                double seconds = (proxy.serverClosedNanos() - silentNanos) / 1e9;
                assertThat(seconds).isBetween(10.0, FOUND_WITHIN_SECONDS);
                System.out.printf("silent phone: N=1, the server closed after %.1f s%n", seconds);
            }
        }
    }
}
