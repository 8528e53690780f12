package io.quickdrop.system.peers;

import io.quickdrop.system.display.VirtualDisplay;
import io.quickdrop.system.harness.ChildClassPath;
import io.quickdrop.system.harness.CuttingProxy;
import io.quickdrop.system.harness.Door;
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

/**
 * The real agent in a Java process of its own, before a virtual display. Its key and pins are in a home of its own, which a
 * second start finds again.
 *
 * <p>For one thread. Leaves no process behind, also when the tests' JVM is interrupted.
 */
public final class AgentProcess implements AutoCloseable {
    private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly), "no-agent-left-behind"));
    }

    private final Process process;
    private final Path log;

    private AgentProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * How to start one.
     *
     * @param home where it keeps its key
     * @param port where it finds the server, on this machine
     * @param jvmOptions for example that it goes through a proxy
     * @param arguments of {@code quickdrop agent}
     */
    public record Launch(VirtualDisplay display, Path home, int port, List<String> jvmOptions, List<String> arguments) {
        /** For a server on this port. */
        public static Launch at(VirtualDisplay display, Path home, int port) {
            return new Launch(display, home, port, List.of(), List.of());
        }

        /** Through a network that a test can break, made by {@link CuttingProxy#socks}. */
        public Launch through(CuttingProxy network) {
            List<String> options = List.of(
                    "-DsocksProxyHost=127.0.0.1", "-DsocksProxyPort=" + network.port(), "-DsocksNonProxyHosts=");
            return new Launch(display, home, port, options, arguments);
        }

        /** With further arguments. */
        public Launch with(String... more) {
            List<String> all = new ArrayList<>(arguments);
            all.addAll(List.of(more));
            return new Launch(display, home, port, jvmOptions, all);
        }

        /** With a new code of this server. */
        public Launch enrolling(Door door) {
            Enrolment.Offer offer = Enrolment.offer(door);
            return with("--code", offer.code(), "--pin", offer.pin());
        }

        /** Starts it. */
        public AgentProcess start() {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(jvmOptions);
            command.addAll(List.of(
                    "-Duser.home=" + home,
                    "-XX:+UseSerialGC",
                    "-Xshare:auto",
                    "-cp",
                    ChildClassPath.without("quickdrop-server"),
                    "io.quickdrop.agent.Main",
                    "--server",
                    "wss://localhost:" + port));
            command.addAll(arguments);
            try {
                Files.createDirectories(home);
                Path log = home.resolve("agent.log");
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
                builder.environment().put("DISPLAY", display.name());
                builder.environment().put("HOME", home.toString());
                builder.environment().remove("XDG_CONFIG_HOME");
                Process started = builder.start();
                ALIVE.add(started);
                started.onExit().thenRun(() -> ALIVE.remove(started));
                return new AgentProcess(started, log);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Everything that it printed. */
    public String output() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(no log: " + e + ")";
        }
    }

    /** Its process, for {@code /proc} and signals. */
    public long pid() {
        return process.pid();
    }

    /** Whether it runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** The status that it exits with by itself. */
    public int awaitExit(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the agent still runs after " + patience + "; it printed:\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** SIGTERM, as by a person who is done. */
    public void terminate() {
        process.destroy();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }
}
