package io.quickdrop.system.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real {@code quickdrop send} in a process of its own, which can be frozen. For one thread; leaves no process behind. */
public final class SendProcess implements AutoCloseable {
    private static final Pattern SAVED = Pattern.compile("saved as (.+?) \\(");
    private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly), "no-sender-left-behind"));
    }

    private final Process process;
    private final Path log;

    /**
     * Starts one, for a server on this machine.
     *
     * @param home an own folder, for what it remembers and prints
     * @param network made by {@link CuttingProxy#socks} of the same server
     */
    public SendProcess(Path home, ServerProcess server, CuttingProxy network, Path file) {
        log = home.resolve("send.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-DsocksProxyHost=127.0.0.1",
                "-DsocksProxyPort=" + network.port(),
                "-DsocksNonProxyHosts=",
                "-Duser.home=" + home,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                ChildClassPath.without("capture-agent"),
                "io.quickdrop.server.Main",
                "send",
                "--server",
                "https://" + server.authority(),
                "--ca",
                server.caFile().toString(),
                file.toString()));
        try {
            Files.createDirectories(home);
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            ALIVE.add(process);
            process.onExit().thenRun(() -> ALIVE.remove(process));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGSTOP: as a phone whose system puts the page to sleep. */
    public void freeze() {
        Signals.send("STOP", process.pid());
    }

    /** SIGCONT. */
    public void thaw() {
        Signals.send("CONT", process.pid());
    }

    /** Whether it has not ended yet. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end, and returns the name that the server gave the file. */
    public String awaitSaved(Duration patience) throws InterruptedException {
        boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        Matcher saved = SAVED.matcher(output());
        if (!ended || process.exitValue() != 0 || !saved.find()) {
            throw new AssertionError("quickdrop send "
                    + (ended ? "exited with " + process.exitValue() : "still runs after " + patience)
                    + "; it printed:\n" + output());
        }
        return saved.group(1);
    }

    /** What it printed so far. */
    public String output() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(no output: " + e + ")";
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
