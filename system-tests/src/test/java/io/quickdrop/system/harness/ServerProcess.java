package io.quickdrop.system.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The real server in a Java process of its own, which can be killed, stopped, frozen, and started again on the same
 * port. What it prints goes to {@link #log()} and, when a test fails under {@link ShowServerLogs}, to the test's output.
 *
 * <p>For one thread. Leaves no process behind, also when the tests' JVM is interrupted.
 */
public final class ServerProcess implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();
    private static final Set<ServerProcess> STARTED = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly), "no-server-left-behind"));
    }

    /**
     * How to start a server.
     *
     * @param output where recordings go
     * @param data where it keeps its own things; null: where it does so by itself, within {@code output}
     * @param port an unused one, see {@link #freePort}
     * @param arguments further ones of {@code quickdrop server}
     * @param jvmOptions for example {@code -Xmx128m}
     * @param environment added to ours
     * @param portAndOutByEnvironment whether port and folder are told by {@code PORT} and {@code QUICKDROP_OUT} alone
     * @param program the main class: the server's own, or one of the tests that takes its arguments
     */
    public record Launch(
            Path output,
            @Nullable Path data,
            int port,
            List<String> arguments,
            List<String> jvmOptions,
            Map<String, String> environment,
            boolean portAndOutByEnvironment,
            String program) {
        /** On a free port, reachable by nobody but this machine if it has no network. */
        public static Launch in(Path output) {
            return new Launch(
                    output,
                    null,
                    freePort(),
                    List.of("--local-only"),
                    List.of(),
                    Map.of(),
                    false,
                    "io.quickdrop.server.Main");
        }

        /** With further arguments. */
        public Launch with(String... more) {
            List<String> all = new ArrayList<>(arguments);
            all.addAll(List.of(more));
            return new Launch(output, data, port, all, jvmOptions, environment, portAndOutByEnvironment, program);
        }

        /** With further options of the Java runtime. */
        public Launch jvm(String... more) {
            List<String> all = new ArrayList<>(jvmOptions);
            all.addAll(List.of(more));
            return new Launch(output, data, port, arguments, all, environment, portAndOutByEnvironment, program);
        }

        /** With a folder of its own for what is not recordings: several servers may then share {@code output}. */
        public Launch data(Path folder) {
            return new Launch(
                            output, folder, port, arguments, jvmOptions, environment, portAndOutByEnvironment, program)
                    .with("--data", folder.toString());
        }

        /** Where it keeps its authority, tokens and the like. */
        Path dataFolder() {
            return data == null ? output.resolve(".quickdrop") : data;
        }

        /** With port and folder in the environment, as v1's scripts have them. */
        public Launch byEnvironment() {
            Map<String, String> told = Map.of("PORT", Integer.toString(port), "QUICKDROP_OUT", output.toString());
            return new Launch(output, data, port, arguments, jvmOptions, told, true, program);
        }

        /** With further variables in its environment. */
        public Launch environment(Map<String, String> more) {
            Map<String, String> all = new HashMap<>(environment);
            all.putAll(more);
            return new Launch(output, data, port, arguments, jvmOptions, all, portAndOutByEnvironment, program);
        }

        /** As another program, which starts the server in its own way. */
        public Launch program(Class<?> main) {
            return new Launch(
                    output, data, port, arguments, jvmOptions, environment, portAndOutByEnvironment, main.getName());
        }

        /** Starts it, and returns when the port answers TLS. */
        public ServerProcess start() {
            ServerProcess server = new ServerProcess(this);
            server.start();
            return server;
        }

        private List<String> command(List<String> more) {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(jvmOptions);
            command.addAll(more);
            // Fewer compiler threads and no wait for the full optimiser: a machine full of tests starts it sooner.
            command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
            command.addAll(List.of("-cp", ChildClassPath.without("capture-agent"), program, "server"));
            if (!portAndOutByEnvironment) {
                command.addAll(List.of("--port", Integer.toString(port), "--out", output.toString()));
            }
            command.addAll(arguments);
            return command;
        }
    }

    private final Launch launch;
    private final Path log;
    private @Nullable Process process;
    private @Nullable SSLContext tls;
    private long portOpenNanos;

    private ServerProcess(Launch launch) {
        this.launch = launch;
        Path own = launch.data == null ? launch.output : launch.data;
        this.log = own.resolveSibling(own.getFileName() + "-server.log");
        STARTED.add(this);
    }

    /**
     * A port that nothing listens on, below the range from which systems take the ports of outgoing connections: so it
     * stays free while a server is being restarted.
     */
    public static int freePort() {
        while (true) {
            int candidate = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(new InetSocketAddress(candidate));
                return candidate;
            } catch (IOException taken) {
                // the next one
            }
        }
    }

    /** Starts the process again, on the same port and folder; returns when the port answers TLS. */
    public void start() {
        spawn();
        awaitPort();
    }

    /**
     * Starts the process again without waiting for anything.
     *
     * @param jvmOptions for this process alone
     */
    public void spawn(String... jvmOptions) {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("the server runs already");
        }
        ProcessBuilder builder = new ProcessBuilder(launch.command(List.of(jvmOptions)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.equals("PORT") || name.equals("QUICKDROP_OUT"));
        builder.environment().putAll(launch.environment);
        try {
            Process started = builder.start();
            process = started;
            ALIVE.add(started);
            started.onExit().thenRun(() -> ALIVE.remove(started));
        } catch (IOException e) {
            throw new UncheckedIOException("no Java process can be started", e);
        }
    }

    /** Waits until the port of a process that was spawned answers TLS. */
    public void awaitPort() {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (!answers()) {
            if (!running().isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("the server "
                        + (running().isAlive() ? "did not open its port in " + START_PATIENCE : "has exited")
                        + "; its output ends with:\n" + logTail());
            }
            LockSupport.parkNanos(1_000_000);
        }
        portOpenNanos = System.nanoTime();
        tls = TrustedTls.of(caFile());
        try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket()) {
            socket.connect(address(), 10_000);
            socket.setSoTimeout(10_000);
            socket.startHandshake();
        } catch (IOException e) {
            throw new AssertionError("port " + port() + " does not answer TLS; the log ends with:\n" + logTail(), e);
        }
    }

    /** Whether its port takes connections now. */
    public boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(address(), 1_000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** When the last start's port was first seen open, by {@link System#nanoTime}. */
    public long portOpenNanos() {
        return portOpenNanos;
    }

    /** The server's port. */
    public int port() {
        return launch.port;
    }

    /** Where recordings go. */
    public Path output() {
        return launch.output;
    }

    /** The server's loopback address. */
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), launch.port);
    }

    /** {@code localhost:PORT}: the Host header it expects, whatever way the bytes take. */
    public String authority() {
        return "localhost:" + launch.port;
    }

    /** The Origin of its own pages. */
    public String origin() {
        return "https://" + authority();
    }

    /** The certificate of its authority. */
    public Path caFile() {
        return launch.dataFolder().resolve("tls").resolve("ca.crt");
    }

    /** Trusts {@link #caFile}. */
    public SSLContext tls() {
        if (tls == null) {
            throw new IllegalStateException("the server was never up");
        }
        return tls;
    }

    /** What opens the dashboard from elsewhere. */
    public String operatorToken() {
        try {
            return Files.readString(launch.dataFolder().resolve("operator-token"))
                    .strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything that every process of this server printed. */
    public Path log() {
        return log;
    }

    /** Its process, for {@code /proc} and signals. */
    public long pid() {
        return running().pid();
    }

    /** Whether its process lives. */
    public boolean isAlive() {
        return running().isAlive();
    }

    /** Writes a line to its standard input; {@code false} if it reads no more. */
    public boolean order(String line) {
        try {
            running().getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            running().getOutputStream().flush();
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    /** SIGKILL: no goodbye, no flush, nothing. Returns when the process is gone. */
    public void kill9() {
        end(running().destroyForcibly());
    }

    /** SIGTERM, as systems do at shutdown; returns when the process is gone. */
    public void terminate() {
        running().destroy();
        end(running());
    }

    /** SIGSTOP: it keeps its sockets and does nothing, as a laptop that sleeps. */
    public void freeze() {
        Signals.send("STOP", pid());
    }

    /** SIGCONT. */
    public void thaw() {
        Signals.send("CONT", pid());
    }

    private void end(Process ending) {
        try {
            if (!ending.waitFor(20, TimeUnit.SECONDS)) {
                throw new AssertionError("the server is still there after 20 s; its log ends with:\n" + logTail());
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static AssertionError interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new AssertionError("interrupted", e);
    }

    /** Ends the process if there is one. */
    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            kill9();
        }
    }

    /** The last 40 lines that it printed. */
    public String logTail() {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e + ")";
        }
    }

    /** All servers of this JVM since {@link #forgetStarted}. */
    static Set<ServerProcess> started() {
        return Set.copyOf(STARTED);
    }

    static void forgetStarted() {
        STARTED.clear();
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("the server was not started");
        }
        return process;
    }
}
