package io.quickdrop.server.playback;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Takes as recorders in browsers write them: no duration, no index. Made by the ffmpeg of this machine. */
final class TestTakes {
    private TestTakes() {}

    /** VP8 and Opus in a live WebM, unlike any other of another {@code hertz}. */
    static byte[] webm(Path folder, int seconds, int width, int height, int hertz) throws Exception {
        return made(
                folder.resolve("take-" + width + "-" + hertz + ".webm"),
                width,
                height,
                hertz,
                seconds,
                List.of(
                        "-c:v",
                        "libvpx",
                        "-deadline",
                        "realtime",
                        "-cpu-used",
                        "8",
                        "-b:v",
                        "400k",
                        "-g",
                        "30",
                        "-c:a",
                        "libopus",
                        "-f",
                        "webm",
                        "-live",
                        "1"));
    }

    /** H.264 and AAC in a fragmented MP4. */
    static byte[] mp4(Path folder, int seconds, int width, int height, int hertz) throws Exception {
        return made(
                folder.resolve("take-" + width + "-" + hertz + ".mp4"),
                width,
                height,
                hertz,
                seconds,
                List.of(
                        "-c:v",
                        "libx264",
                        "-preset",
                        "ultrafast",
                        "-bf",
                        "0",
                        "-g",
                        "30",
                        "-c:a",
                        "aac",
                        "-movflags",
                        "frag_keyframe+empty_moov+default_base_moof"));
    }

    private static byte[] made(Path file, int width, int height, int hertz, int seconds, List<String> encoders)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "ffmpeg",
                "-v",
                "error",
                "-y",
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=" + width + "x" + height + ":rate=30",
                "-f",
                "lavfi",
                "-i",
                "sine=" + hertz,
                "-t",
                String.valueOf(seconds)));
        command.addAll(encoders);
        command.add(file.toString());
        run(command);
        return Files.readAllBytes(file);
    }

    /** What ffprobe says of an entry, for example {@code format=duration}. */
    static String probe(Path file, String entries) throws Exception {
        return run(List.of("ffprobe", "-v", "error", "-show_entries", entries, "-of", "csv=p=0", file.toString()))
                .strip();
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new AssertionError(command + " failed");
        }
        return said;
    }
}
