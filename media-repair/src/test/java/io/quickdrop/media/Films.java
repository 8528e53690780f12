package io.quickdrop.media;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Films made and looked at by the ffmpeg of this machine, which is another version than the one under test. */
final class Films {
    /** As recorders in browsers write WebM: no duration, no index. */
    static final List<String> WEBM = List.of(
            "-c:v",
            "libvpx",
            "-deadline",
            "realtime",
            "-cpu-used",
            "8",
            "-g",
            "30",
            "-c:a",
            "libopus",
            "-f",
            "webm",
            "-live",
            "1");

    /** As recorders in browsers write MP4. */
    static final List<String> MP4 = List.of(
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-g",
            "30",
            "-c:a",
            "aac",
            "-movflags",
            "frag_keyframe+empty_moov+default_base_moof");

    private Films() {}

    /** A test picture with a tone. */
    static Path film(Path file, int seconds, String size, List<String> encoders) {
        return pictures(file, seconds, "testsrc=size=" + size + ":rate=30", encoders);
    }

    /** The same of another picture, as FFmpeg's lavfi names it. */
    static Path pictures(Path file, int seconds, String source, List<String> encoders) {
        List<String> command = new ArrayList<>(List.of(
                "ffmpeg",
                "-v",
                "error",
                "-y",
                "-f",
                "lavfi",
                "-i",
                source,
                "-f",
                "lavfi",
                "-i",
                "sine=440",
                "-t",
                String.valueOf(seconds)));
        command.addAll(encoders);
        command.add(file.toString());
        run(command);
        return file;
    }

    /** One hash a stream, of its packets' bytes. */
    static String packets(Path file) {
        return run(List.of(
                "ffmpeg", "-v", "error", "-i", file.toString(), "-map", "0", "-c", "copy", "-f", "streamhash", "-"));
    }

    /** What ffprobe says of the entries, one value a line. */
    static String probe(Path file, String... options) {
        List<String> command = new ArrayList<>(List.of("ffprobe", "-v", "error", "-of", "csv=p=0"));
        command.addAll(List.of(options));
        command.add(file.toString());
        return run(command).strip();
    }

    static String run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(command + " failed");
            }
            return said;
        } catch (IOException e) {
            throw new AssertionError(command + " could not be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
