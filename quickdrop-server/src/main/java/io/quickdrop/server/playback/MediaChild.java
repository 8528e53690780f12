package io.quickdrop.server.playback;

import io.quickdrop.media.order.AnswerLine;
import io.quickdrop.media.order.Progress;
import io.quickdrop.media.order.Refusal;
import io.quickdrop.media.order.Report;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs the media-repair module in a process of its own: without a shell, with an empty environment, in the work folder, at the
 * lowest priority and within {@link ChildLimits}. The child ends when this process does.
 *
 * <p>For one thread, which blocks; {@link #kill} may be called from any.
 */
final class MediaChild {
    private static final String MAIN = "io.quickdrop.media.Main";
    /** Its class path: nothing of this server is in it. */
    private static final Pattern LIBRARIES =
            Pattern.compile(".*(media-repair|/ffmpeg-|/javacpp-|/gson-|/jspecify-)[^/]*(/target/classes/?|\\.jar)");

    private static final int NATIVE_ACCESS_SINCE = 22;
    private static final int MAX_LINES = 100_000;
    /** What a process needs to be one; secrets are passed on by no accident. */
    private static final List<String> ENVIRONMENT = List.of("PATH", "HOME", "SystemRoot", "TEMP", "TMP", "USERPROFILE");

    private final Path folder;
    private final List<String> prefix;
    private final String classPath;
    private volatile @Nullable Process running;
    private volatile boolean over;

    /** @param folder in which it works: names are given relative to it */
    MediaChild(Path folder) {
        this.folder = folder;
        this.prefix = prefix();
        this.classPath = Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getProperty("java.class.path"))
                .filter(entry -> LIBRARIES.matcher(entry.replace('\\', '/')).matches())
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The child died or was killed before it answered: a limit, or a file that it could not survive. */
    static final class Died extends Exception {
        private static final long serialVersionUID = 1;

        Died(String words) {
            super(words);
        }
    }

    /** Why nothing can be repaired here; empty if it can. */
    Optional<String> problem() {
        try {
            run(List.of("check"), List.of(), ChildLimits.starting(), share -> {});
            return Optional.empty();
        } catch (Refusal | Died | IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Carries out one order.
     *
     * @param files that follow the order's name
     * @throws Refusal if the child says that it can't, in words
     */
    Report run(List<String> order, List<Path> files, ChildLimits limits, Progress progress)
            throws Refusal, Died, IOException {
        List<String> command = command(order, files, limits);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(ENVIRONMENT);
        Process process = builder.start();
        running = process;
        if (over) {
            process.destroyForcibly();
        }
        process.onExit().orTimeout(limits.wall().toSeconds(), TimeUnit.SECONDS).whenComplete((ended, tooLong) -> {
            if (tooLong != null) {
                process.destroyForcibly();
            }
        });
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            return answer(lines, progress);
        } finally {
            process.destroyForcibly();
            running = null;
        }
    }

    /** Ends the child that runs, and those that would follow. */
    void kill() {
        over = true;
        Process process = running;
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private static Report answer(BufferedReader lines, Progress progress) throws Refusal, Died, IOException {
        for (int i = 0; i < MAX_LINES; i++) {
            String line = boundedLine(lines);
            if (line == null) {
                throw new Died(
                        "the process that read it ended without an answer: it came to its limits, or the file broke it");
            }
            AnswerLine answer = AnswerLine.parse(line).orElse(null);
            if (answer instanceof AnswerLine.Progress part) {
                progress.at(Math.max(0, Math.min(1, part.share())));
            } else if (answer instanceof AnswerLine.Done done) {
                return done.report();
            } else if (answer instanceof AnswerLine.Refused refused) {
                throw new Refusal(refused.words());
            }
        }
        throw new Died("the process that read it said more than " + MAX_LINES + " lines");
    }

    private static @Nullable String boundedLine(BufferedReader lines) throws IOException, Died {
        StringBuilder line = new StringBuilder();
        int next = lines.read();
        while (next >= 0 && next != '\n') {
            if (line.length() > AnswerLine.MAX_CHARS) {
                throw new Died("the process that read it said a line without an end");
            }
            line.append((char) next);
            next = lines.read();
        }
        return next < 0 && line.isEmpty() ? null : line.toString().strip();
    }

    private List<String> command(List<String> order, List<Path> files, ChildLimits limits) {
        List<String> command = new ArrayList<>();
        for (String word : prefix) {
            command.add(word.replace("{cpu}", String.valueOf(limits.cpuSeconds()))
                    .replace("{file}", String.valueOf(limits.fileBytes())));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xmx64m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:ReservedCodeCacheSize=16m",
                "-XX:MaxMetaspaceSize=64m",
                "-XX:-UsePerfData",
                "-XX:+SuppressFatalErrorMessage", // a crash leaves no report in the folder
                "-Dfile.encoding=UTF-8",
                // FFmpeg's memory is bounded by the process's limit; JavaCPP would count the heap's.
                "-Dorg.bytedeco.javacpp.maxbytes=0",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0"));
        if (Runtime.version().feature() >= NATIVE_ACCESS_SINCE) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", classPath, MAIN));
        command.addAll(order);
        files.forEach(file -> command.add(folder.relativize(file).toString()));
        return command;
    }

    /** Limits and priority by the programs that the system has for it. */
    private static List<String> prefix() {
        List<String> words = new ArrayList<>();
        program("prlimit")
                .ifPresent(path -> words.addAll(List.of(
                        path, "--cpu={cpu}", "--data=" + ChildLimits.DATA_BYTES, "--fsize={file}", "--core=0", "--")));
        program("nice").ifPresent(path -> words.addAll(List.of(path, "-n", "19")));
        program("ionice").ifPresent(path -> words.addAll(List.of(path, "-c", "3", "-t")));
        return words;
    }

    private static Optional<String> program(String name) {
        for (String folder : List.of("/usr/bin", "/bin", "/usr/sbin")) {
            Path program = Path.of(folder, name);
            if (Files.isExecutable(program)) {
                return Optional.of(program.toString());
            }
        }
        return Optional.empty();
    }
}
