package io.quickdrop.system.faults.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.system.faults.trial.FaultRow;
import io.quickdrop.system.harness.ChildClassPath;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.Pairing;
import io.quickdrop.system.harness.RecordingFolder;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A cable that is unplugged, and plugged in again after both ends have given each other up. */
@Tag("root")
@ExtendWith(ShowServerLogs.class)
final class UnpluggedTest {
    private static final String ROW = "half-open: network namespace, link down";
    private static final int PHONES = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void tenPhonesOnAnUnpluggedLinkGoOnByThemselves(@TempDir Path folder) throws Exception {
        unplug(folder, 1);
    }

    @Test
    @Tag("long")
    void aHundredPhonesOnAnUnpluggedLinkGoOnByThemselves(@TempDir Path folder) throws Exception {
        unplug(folder, 10);
    }

    private static void unplug(Path folder, int times) throws Exception {
        if (!Namespace.isPossible()) {
            FaultRow.notRun(ROW, "no network namespace can be made (root on Linux, with the package iproute2)");
        }
        FaultRow row = FaultRow.begin(ROW, times * PHONES);
        Map<String, SeededBytes> saved = new HashMap<>();
        int connections = 0;
        try (Namespace phones = Namespace.make(row.random());
                ServerProcess server = Launch.in(folder.resolve("out"))
                        .with("--name", phones.ourAddress())
                        .start()) {
            String key = Pairing.pair(Door.of(server), "live phones").key();
            for (int time = 0; time < times; time++) {
                Path output = folder.resolve("phones-" + time + ".txt");
                Process process = start(phones, server, key, row.seed() + (long) time * PHONES, output);
                try {
                    await().atMost(PATIENCE)
                            .until(() -> !process.isAlive() || said(output).contains(LivePhones.FLOWING));
                    boolean ourSide = row.random().nextBoolean();
                    phones.plug(ourSide, false);
                    Pause.of(Duration.ofMillis(16_000 + row.random().nextInt(4_000)));
                    phones.plug(ourSide, true);
                    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                            .as("whether the phones came to an end; they said:%n%s", said(output))
                            .isTrue();
                    assertThat(process.exitValue())
                            .as(String.join("\n", said(output)))
                            .isZero();
                } finally {
                    process.destroyForcibly();
                }
                for (String line : said(output)) {
                    if (line.startsWith(LivePhones.SAVED)) {
                        String[] words =
                                line.substring(LivePhones.SAVED.length()).split(" ", 3);
                        saved.put(words[2], new SeededBytes(Long.parseLong(words[0]), LivePhones.BYTES_EACH));
                        connections += Integer.parseInt(words[1]);
                    }
                }
            }
            assertThat(saved).hasSize(times * PHONES);
            assertThat(connections)
                    .as("connections: every phone lost its first")
                    .isGreaterThanOrEqualTo(2 * saved.size());
            RecordingFolder.assertRecordingsExactly(server.output(), saved);
            row.passed(times + " times unplugged for 16 to 20 s, " + connections + " connections");
        }
    }

    private static Process start(Namespace phones, ServerProcess server, String key, long seed, Path output)
            throws IOException {
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                ChildClassPath.without("capture-agent"),
                LivePhones.class.getName(),
                phones.ourAddress(),
                Integer.toString(server.port()),
                server.caFile().toString(),
                key,
                Long.toString(seed),
                Integer.toString(PHONES));
        return new ProcessBuilder(phones.command(java))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private static List<String> said(Path output) throws IOException {
        return Files.exists(output) ? new ArrayList<>(Files.readAllLines(output)) : List.of();
    }
}
