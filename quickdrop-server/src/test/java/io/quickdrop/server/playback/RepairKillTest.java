package io.quickdrop.server.playback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.ObserverMessage.Playback;
import io.quickdrop.protocol.ObserverMessage.Recording;
import io.quickdrop.protocol.SessionId;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process, really killed while it repairs, again and again on the same folder. */
final class RepairKillTest {
    private static final int KILLS = Integer.getInteger("repair.kills", 5);
    /** From the first order to the child to the last name in place, on a busy machine. */
    private static final int MAX_MILLIS = 4_000;

    @Test
    void aKilledRepairLeavesWholeFilesAndIsDoneAfterTheNextStart(@TempDir Path output, @TempDir Path scratch)
            throws Exception {
        long seed = new Random().nextLong();
        System.out.println("kills while repairing: seed " + seed);
        Random random = new Random(seed);
        byte[] bytes = TestTakes.webm(scratch, 3, 320, 180, 440);
        Path file = Files.write(scratch.resolve("take"), bytes);
        for (int kill = 0; kill < KILLS; kill++) {
            runAndKill(output, file, random.nextInt(MAX_MILLIS));
            checkWhole(output, bytes, "seed " + seed + ", kill " + kill);
        }

        try (TestLaptop laptop = new TestLaptop(output).work()) {
            for (int i = 0; i < KilledWorkshop.TAKES; i++) {
                Recording recording = laptop.settled(new SessionId("take-" + i));
                assertThat(playback(recording).state()).as("seed %s", seed).isEqualTo("ready");
            }
            assertThat(output.resolve(".quickdrop/work")).isEmptyDirectory();
        }
        checkWhole(output, bytes, "seed " + seed + ", in the end");
    }

    /** What the next start finds: each file is the received or the repaired one, as the catalogue says. */
    private static void checkWhole(Path output, byte[] bytes, String when) throws Exception {
        try (TestLaptop laptop = new TestLaptop(output)) {
            assertThat(laptop.recordings().scan()).as(when).isEmpty();
            for (int i = 0; i < KilledWorkshop.TAKES; i++) {
                SessionId id = new SessionId("take-" + i);
                Recording recording = laptop.recordings().find(id).orElseThrow();
                byte[] found = Files.readAllBytes(laptop.recordings().file(id).orElseThrow());
                Playback playback = playback(recording);
                String expected =
                        playback.state().equals("ready") ? String.valueOf(playback.sha256()) : TestLaptop.sha256(bytes);
                assertThat(TestLaptop.sha256(found))
                        .as("%s, %s", when, recording)
                        .isEqualTo(expected);
                assertThat(laptop.recordings().playback().received(id).orElseThrow())
                        .as(when)
                        .hasBinaryContent(bytes);
            }
        }
    }

    private static Playback playback(Recording recording) {
        return Objects.requireNonNull(recording.playback());
    }

    private static void runAndKill(Path output, Path file, int millis) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWorkshop.class.getName(),
                        output.toString(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader words = process.inputReader(UTF_8)) {
            String line = words.readLine();
            while (line != null && !line.equals("opened")) {
                line = words.readLine();
            }
            assertThat(line).as("it opened the folder").isEqualTo("opened");
            // The moment of the kill is the experiment, not a wait for something.
            CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(process::destroyForcibly);
            assertThat(process.waitFor(Duration.ofMinutes(2).toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
