package io.quickdrop.system.faults.link;

import static org.awaitility.Awaitility.await;

import io.quickdrop.system.faults.trial.FaultRow;
import io.quickdrop.system.faults.trial.Judgement;
import io.quickdrop.system.faults.trial.Lanes;
import io.quickdrop.system.faults.trial.Traffic;
import io.quickdrop.system.harness.CuttingProxy;
import io.quickdrop.system.harness.CuttingProxy.Direction;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.RecordingFolder;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.SendProcess;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Processes that stand still for a while, as machines that sleep: half of the time the server, half the phone. */
@ExtendWith(ShowServerLogs.class)
final class FrozenTest {
    private static final int SERVERS_AT_ONCE = 5;
    private static final int PHONES_AT_ONCE = 5;
    private static final long BYTES_PER_SECOND = 1_500_000;
    private static final int MIN_BYTES = 3_000_000;
    private static final int MAX_BYTES = 5_000_000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Test
    void tenFrozenServersAndPhonesGoOnAndLoseNothing(@TempDir Path folder) throws Exception {
        freeze(folder, 10, 20);
    }

    @Test
    @Tag("long")
    void aHundredFrozenServersAndPhonesGoOnAndLoseNothing(@TempDir Path folder) throws Exception {
        freeze(folder, 100, 60);
    }

    private static void freeze(Path folder, int freezes, int maxSeconds) throws Exception {
        FaultRow row = FaultRow.begin("frozen server or phone", freezes);
        List<Double> seconds = new ArrayList<>();
        int lanes = SERVERS_AT_ONCE + PHONES_AT_ONCE;
        for (int wave = 0; wave < freezes / lanes; wave++) {
            Path place = Files.createDirectory(folder.resolve("wave-" + wave));
            int first = wave * lanes;
            List<Callable<Double>> running = new ArrayList<>();
            IntStream.range(0, SERVERS_AT_ONCE)
                    .forEach(lane -> running.add(
                            () -> frozenServer(place.resolve("server-" + lane), row.random(first + lane), maxSeconds)));
            try (ServerProcess server = Launch.in(place.resolve("out")).start()) {
                Map<String, SeededBytes> saved = new HashMap<>();
                IntStream.range(SERVERS_AT_ONCE, lanes)
                        .forEach(lane -> running.add(() -> frozenPhone(
                                place.resolve("phone-" + lane), server, row.random(first + lane), maxSeconds, saved)));
                seconds.addAll(Lanes.together(running));
                RecordingFolder.assertRecordingsExactly(server.output(), saved);
            }
        }
        row.passed(String.format(
                "half of them servers, half `quickdrop send`; frozen for %.1f to %.1f s, %d of them for longer than the"
                        + " 15 s after which a peer is given up",
                seconds.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
                seconds.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
                seconds.stream().filter(each -> each > 15).count()));
    }

    private static double frozenServer(Path folder, Random random, int maxSeconds) throws Exception {
        Files.createDirectory(folder);
        try (ServerProcess server = Launch.in(folder.resolve("out")).start();
                CuttingProxy network = new CuttingProxy(server.address())) {
            network.limit(BYTES_PER_SECOND);
            Door door = Door.of(server).through(network);
            try (Traffic traffic = new Traffic(
                    "frozen", random, () -> new TestConnector(door, Upgrade.v2(door)), MIN_BYTES, MAX_BYTES)) {
                traffic.begin();
                traffic.begin();
                long moment = 200_000L + random.nextInt(MIN_BYTES);
                await().pollInterval(Duration.ofMillis(5))
                        .atMost(PATIENCE)
                        .until(() -> traffic.acknowledged() >= moment || traffic.isAnyOver());
                server.freeze();
                double seconds = pause(random, maxSeconds);
                server.thaw();
                new Judgement(server.output()).atTheEnd(traffic);
                return seconds;
            }
        }
    }

    private static double frozenPhone(
            Path folder, ServerProcess server, Random random, int maxSeconds, Map<String, SeededBytes> saved)
            throws Exception {
        Files.createDirectory(folder);
        SeededBytes bytes = new SeededBytes(random.nextLong(), MIN_BYTES + random.nextInt(MAX_BYTES - MIN_BYTES));
        // Its own name, or the files of one second would get their numbers in an order that nobody knows.
        Path file = Files.write(folder.resolve(folder.getFileName() + ".bin"), bytes.all());
        try (CuttingProxy network = CuttingProxy.socks(server.address())) {
            network.limit(BYTES_PER_SECOND);
            try (SendProcess phone = new SendProcess(folder, server, network, file)) {
                long moment = 20_000L + random.nextInt(MIN_BYTES - 100_000);
                await().pollInterval(Duration.ofMillis(5))
                        .atMost(PATIENCE)
                        .until(() -> network.forwarded(Direction.UP) >= moment || !phone.isAlive());
                phone.freeze();
                double seconds = pause(random, maxSeconds);
                phone.thaw();
                String name = phone.awaitSaved(PATIENCE);
                synchronized (saved) {
                    saved.put(name, bytes);
                }
                return seconds;
            }
        }
    }

    private static double pause(Random random, int maxSeconds) {
        Duration pause = Duration.ofMillis(5_000 + random.nextInt((maxSeconds - 5) * 1_000));
        Pause.of(pause);
        return pause.toMillis() / 1e3;
    }
}
