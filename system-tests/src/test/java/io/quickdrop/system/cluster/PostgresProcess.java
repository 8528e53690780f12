package io.quickdrop.system.cluster;

import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.Signals;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL that a test can stop, freeze, kill and start again on the same folder and port. What it called
 * committed is on the disk: {@code fsync} and {@code synchronous_commit} are on.
 *
 * <p>For one thread. Leaves no process behind, also when the tests' JVM is interrupted.
 */
final class PostgresProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Set<ProcessHandle> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> ALIVE.forEach(postmaster -> family(postmaster).forEach(ProcessHandle::destroyForcibly)),
                        "no-store-left-behind"));
    }

    private final Path data;
    private final int port;
    private final List<String> command;
    private @Nullable ProcessHandle postmaster;

    private PostgresProcess(Path data) {
        this.data = data;
        this.port = ServerProcess.freePort();
        this.command = command(data, port);
    }

    /** Makes a store in the folder, and starts it. */
    static PostgresProcess in(Path folder) {
        PostgresProcess made = new PostgresProcess(folder);
        made.start();
        return made;
    }

    /** Unpacks the program, makes the folder, and says how to run one on the other, as nobody where we are root. */
    private static List<String> command(Path data, int port) {
        // The library starts it by pg_ctl, keeps its folder locked, and loses sight of the process: so this once only.
        try (EmbeddedPostgres once = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(PATIENCE)
                .start()) {
            if (once.getPort() != port) {
                throw new AssertionError("PostgreSQL listens at " + once.getPort() + " instead of " + port);
            }
            long pid = Long.parseLong(
                    Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
            String program =
                    ProcessHandle.of(pid).orElseThrow().info().command().orElseThrow();
            List<String> command = new ArrayList<>();
            if (System.getProperty("user.name").equals("root")) {
                command.addAll(List.of("unshare", "-U"));
            }
            command.addAll(List.of(program, "-D", data.toString(), "-p", Integer.toString(port)));
            command.addAll(List.of("-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "max_connections=200"));
            command.addAll(List.of("-c", "unix_socket_directories=", "-c", "listen_addresses=localhost"));
            return command;
        } catch (IOException e) {
            throw new UncheckedIOException("no PostgreSQL can be made in " + data, e);
        }
    }

    /** Starts it again on what it had, and returns when it answers. */
    void start() {
        if (postmaster != null) {
            throw new IllegalStateException("the store runs already");
        }
        Path log = data.resolveSibling(data.getFileName() + ".log");
        try {
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            postmaster = started.toHandle();
            ALIVE.add(postmaster);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!answers()) {
                if (!started.isAlive() || System.nanoTime() > deadline) {
                    throw new AssertionError("the store does not start; it says:\n" + Files.readString(log));
                }
                LockSupport.parkNanos(20_000_000);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no PostgreSQL can be started in " + data, e);
        }
    }

    /** Where it answers. */
    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** For {@code --database}, through a proxy before it. */
    String url(int throughPort) {
        return "postgresql://postgres:postgres@localhost:" + throughPort + "/postgres";
    }

    /** As an administrator's shutdown: it ends all connections, and is gone when this returns. */
    void stop() {
        Signals.send("INT", running().pid());
        awaitEnd(List.of(running()));
    }

    /** SIGKILL to all of it, as when its machine loses power; returns when it is gone. */
    void kill9() {
        List<ProcessHandle> all = family(running());
        all.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(all);
    }

    /** SIGSTOP to all of it: connections stay, new ones are taken by the kernel, and nothing is answered. */
    void freeze() {
        Signals.send("STOP", running().pid()); // first, or it makes another backend meanwhile
        family(running()).forEach(each -> Signals.send("STOP", each.pid()));
    }

    /** SIGCONT. */
    void thaw() {
        family(running()).forEach(each -> Signals.send("CONT", each.pid()));
    }

    /** Runs one statement as an administrator; returns how many rows it changed. */
    int run(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    @Override
    public void close() {
        if (postmaster != null) {
            kill9();
        }
    }

    private boolean answers() {
        try (Connection connection = connect()) {
            return connection.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres&password=postgres&connectTimeout=10");
    }

    private void awaitEnd(List<ProcessHandle> processes) {
        try {
            for (ProcessHandle each : processes) {
                each.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            ALIVE.remove(running());
            postmaster = null;
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the store in " + data + " does not end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static List<ProcessHandle> family(ProcessHandle postmaster) {
        return Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    }

    private ProcessHandle running() {
        if (postmaster == null) {
            throw new IllegalStateException("the store is not running");
        }
        return postmaster;
    }
}
