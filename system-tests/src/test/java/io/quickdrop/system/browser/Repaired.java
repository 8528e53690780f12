package io.quickdrop.system.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.RawHttp;
import io.quickdrop.system.harness.RawHttp.Answer;
import io.quickdrop.system.harness.SeededBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What the server makes of a take after it is saved, and the bytes as they were received, which it keeps beside it. */
final class Repaired {
    private static final Duration PATIENCE = Duration.ofMillis((long) (2 * Chromium.PATIENCE_MS));

    private Repaired() {}

    /** The recording as it was received, fetched as a dashboard would, in a file of its own. */
    static Path received(Scene scene, String sessionId) {
        Answer answer = RawHttp.get(Door.of(scene.server()), content(sessionId) + "?as=received")
                .send();
        assertThat(answer.status()).as("%s as it was received", sessionId).isEqualTo(200);
        try {
            Path file = Files.createTempFile("received", ".media");
            file.toFile().deleteOnExit();
            return Files.write(file, answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits until the file under the final name is the repaired one, and holds it against what was received: the same packets
     * of the same streams, by FFmpeg's own count.
     */
    static void awaitSamePackets(Scene scene, String sessionId, Path file) {
        Path received = received(scene, sessionId);
        String receivedTag = "\"" + sha256(received) + "\"";
        await("repair of " + sessionId).atMost(PATIENCE).until(() -> !receivedTag.equals(tag(scene, sessionId)));
        assertThat(packets(file)).as("packets of %s", file).isNotEmpty().isEqualTo(packets(received));
    }

    private static String tag(Scene scene, String sessionId) {
        Answer answer = RawHttp.fromPage(Door.of(scene.server()), "HEAD", content(sessionId))
                .send();
        return answer.header("ETag").orElseThrow();
    }

    private static String content(String sessionId) {
        return "/api/recordings/" + sessionId + "/content";
    }

    /** One hash a stream, of its packets' bytes in order. */
    private static String packets(Path file) {
        List<String> command = List.of(
                "ffmpeg", "-v", "error", "-i", file.toString(), "-map", "0", "-c", "copy", "-f", "streamhash", "-");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String hashes = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("%s", command).isZero();
            return hashes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while FFmpeg read " + file, e);
        }
    }

    private static String sha256(Path file) {
        try {
            return SeededBytes.sha256(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
