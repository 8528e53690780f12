package io.quickdrop.system.faults.trial;

import static org.awaitility.Awaitility.await;

import io.quickdrop.system.harness.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Lets system calls of a running server fail or take long, until it is closed: the server itself is as users have it. */
public final class Strace implements AutoCloseable {
    /** What {@code timeout} says of a command that would still run. */
    private static final int TIMED_OUT = 124;

    private final Process process;
    private final Path log;

    private Strace(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Why it can't be used here on a process that runs already; empty if it can. */
    public static String obstacle() {
        Process target;
        try {
            target = new ProcessBuilder("sleep", "60").start();
        } catch (IOException e) {
            return "there is no sleep: " + e;
        }
        try {
            // It ends with its target, and that with this line: a second of watching is enough to know.
            Command.Result result =
                    Command.run("timeout", "1", "strace", "-q", "-o", "/dev/null", "-p", Long.toString(target.pid()));
            boolean watched = result.status() == TIMED_OUT;
            return watched ? "" : "strace can't look at a process: " + result.output();
        } finally {
            target.destroyForcibly();
        }
    }

    /**
     * Returns when every thread of the server is watched.
     *
     * @param log gets a line for each of the calls
     * @param calls names, separated by commas
     * @param injection what happens to them, as strace's {@code inject} says it: {@code error=EIO:when=2}
     */
    public static Strace attach(ServerProcess server, Path log, String calls, String injection) {
        Process process;
        try {
            Files.deleteIfExists(log);
            process = new ProcessBuilder(List.of(
                            "strace",
                            "-f",
                            "-q",
                            "-p",
                            Long.toString(server.pid()),
                            "-e",
                            "trace=" + calls,
                            "-e",
                            "inject=" + calls + ":" + injection,
                            "-o",
                            log.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String traced = "TracerPid:\t" + process.pid();
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(30))
                .until(() -> !process.isAlive() || allThreadsAre(traced, server.pid()));
        if (!process.isAlive()) {
            throw new AssertionError("strace ended with status " + process.exitValue() + "; see " + log);
        }
        return new Strace(process, log);
    }

    private static boolean allThreadsAre(String traced, long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads.toList()) {
                try {
                    if (!Files.readString(thread.resolve("status")).contains(traced)) {
                        return false;
                    }
                } catch (IOException ended) {
                    // a thread that is gone needs no watching
                }
            }
            return true;
        }
    }

    /** Calls so far to which something was done. */
    public long injected() {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("(INJECTED)") || line.contains("(DELAYED)"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on the calls do what they should. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new AssertionError("strace does not let go of the server");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
