package io.quickdrop.server.recordings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.SessionId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process, really killed in the middle of writing, again and again on the same folder. */
class KillTest {
    private static final int KILLS = 20;
    /** Lines after which the process is killed: from its first words to some recordings later. */
    private static final int MAX_LINES = 120;

    private final long seed = new Random().nextLong();
    private final Map<String, Long> acknowledged = new HashMap<>();
    private final Map<String, String> saved = new HashMap<>();

    @Test
    void aKilledProcessLosesNothingThatItAcknowledged(@TempDir Path output) throws Exception {
        Random random = new Random(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            runAndKill(output, 1 + random.nextInt(MAX_LINES));
        }

        System.out.println("seed " + seed + ": " + KILLS + " kills, " + acknowledged.size() + " sessions begun, "
                + saved.size() + " saved, 0 acknowledged bytes lost");
        assertThat(acknowledged).as("seed %s", seed).isNotEmpty();
        for (Map.Entry<String, String> recording : saved.entrySet()) {
            assertThat(output.resolve(recording.getValue()))
                    .as("seed %s, %s", seed, recording.getKey())
                    .hasBinaryContent(KilledServer.bytes(new SessionId(recording.getKey())));
        }
        try (Stream<Path> files = Files.list(output)) {
            List<Path> unfinished = files.filter(Files::isRegularFile)
                    .filter(file -> size(file) != KilledServer.TOTAL_BYTES)
                    .toList();
            assertThat(unfinished).as("seed %s", seed).isEmpty();
        }
    }

    private void runAndKill(Path output, int lines) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledServer.class.getName(),
                        output.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader words = process.inputReader(UTF_8)) {
            int heard = 0;
            String line = words.readLine();
            while (line != null) {
                boolean whole = note(line);
                heard += whole ? 1 : 0;
                if (heard == lines) {
                    // By its handle: that leaves the pipe open, and what it said before is still to be heard.
                    process.toHandle().destroyForcibly();
                }
                line = words.readLine();
            }
            assertThat(heard).as("seed %s: it ended by itself", seed).isGreaterThanOrEqualTo(lines);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** {@code false} for what is not the writer's, and for a last line that the kill cut. */
    private boolean note(String line) {
        String[] words = line.split(" ", 4);
        if (words.length < 4 || !words[3].equals(KilledServer.END)) {
            return false;
        }
        switch (words[0]) {
            case "opened" ->
                assertThat(Long.parseLong(words[2]))
                        .as("seed %s, %s", seed, line)
                        .isGreaterThanOrEqualTo(acknowledged.getOrDefault(words[1], 0L));
            case "durable" -> acknowledged.merge(words[1], Long.parseLong(words[2]), Math::max);
            case "saved" -> saved.put(words[1], words[2]);
            default -> assertThat(words[0]).as("seed %s, %s", seed, line).isEqualTo("opened");
        }
        return true;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
