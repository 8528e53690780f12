package io.quickdrop.server.catalogue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.quickdrop.relay.driver.StorageException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL for tests, with fsync on: one for all tests of a JVM, or one of a test's own that it may stop and
 * freeze. It ends with the JVM, also with a killed one: a child that waits for the JVM's end puts it down.
 *
 * <p>Not for several threads at a time, but for {@link #newDatabase}.
 */
public final class TestPostgres implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static @Nullable TestPostgres shared;

    private final Path folder;
    private final Process undertaker;
    private final int port;

    private TestPostgres() throws IOException {
        folder = Files.createTempDirectory("quickdrop-postgres");
        undertaker = undertaker();
        port = started(0);
    }

    /** The one of this JVM. Who stops or freezes one starts its own. */
    public static synchronized TestPostgres shared() {
        TestPostgres known = shared;
        if (known == null) {
            known = start();
            shared = known;
        }
        return known;
    }

    /** One of the caller's own. */
    public static TestPostgres start() {
        try {
            return new TestPostgres();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL does not start for the test", e);
        }
    }

    /** Starts it on the port, or on a free one for 0, which it returns. */
    private int started(int wanted) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false)
                .setPGStartupWait(START_PATIENCE)
                .setRegisterShutdownHook(false)
                .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
                .setErrorRedirector(ProcessBuilder.Redirect.DISCARD);
        // The library's defaults are for speed; what is committed here must be on the disk, as in earnest.
        Map<String, String> config =
                Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on", "max_connections", "200");
        config.forEach(builder::setServerConfig);
        return (wanted == 0 ? builder : builder.setPort(wanted)).start().getPort();
    }

    /** Reads until the JVM's end closes the pipe, then ends the postmaster, frozen or not, and removes its files. */
    private Process undertaker() throws IOException {
        String script = "cat > /dev/null; pid=$(head -n 1 data/postmaster.pid 2>/dev/null);"
                + " if [ -n \"$pid\" ]; then kill -QUIT \"$pid\"; pkill -CONT -P \"$pid\"; kill -CONT \"$pid\";"
                + " while kill -0 \"$pid\" 2>/dev/null; do sleep 0.1; done; fi; cd /; rm -rf \"$0\"";
        return new ProcessBuilder("sh", "-c", script, folder.toString())
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The port of 127.0.0.1, the same after {@link #startAgain}. */
    public int port() {
        return port;
    }

    /** Makes an empty database. */
    public String newDatabase() {
        String name = "test_" + DATABASES.incrementAndGet();
        execute(url("postgres"), "CREATE DATABASE " + name);
        return url(name);
    }

    /** The address of a database as a server is given it. */
    public String url(String database) {
        return "postgresql://postgres@127.0.0.1:" + port + "/" + database;
    }

    /** Opens a catalogue on the database. */
    public static Catalogue catalogue(String url) throws StorageException {
        return Catalogue.postgres(PostgresSettings.parse(url, Map.of()));
    }

    /** A connection past the catalogue, the caller's to close. */
    public static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection("jdbc:" + url.replace("//postgres@", "//") + "?user=postgres");
    }

    /** Runs one statement past the catalogue. */
    public static void execute(String url, String sql) {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("the test's statement failed: " + sql, e);
        }
    }

    /** Stops all its processes where they are, as a machine that hangs: connections stay and nothing answers. */
    public void freeze() {
        long postmaster = postmaster();
        kill("-STOP", List.of(postmaster));
        // The postmaster first, so that it starts no more of them.
        kill("-STOP", children(postmaster));
    }

    /** Lets it go on. */
    public void thaw() {
        long postmaster = postmaster();
        kill("-CONT", children(postmaster));
        kill("-CONT", List.of(postmaster));
    }

    /** Ends it at once, as a crash: what was committed is on the disk. */
    public void stop() {
        long postmaster = postmaster();
        kill("-QUIT", List.of(postmaster));
        ProcessHandle.of(postmaster).ifPresent(process -> process.onExit().join());
        try {
            // The library holds a lock on the folder until its JVM ends; another file of that name is another lock.
            Files.deleteIfExists(folder.resolve("data").resolve("epg-lock"));
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL's folder stays locked", e);
        }
    }

    /** Starts it again after {@link #stop}, with the same port and data. */
    public void startAgain() {
        try {
            started(port);
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL does not start again for the test", e);
        }
    }

    /** The process that is the server's parent of all. */
    public long postmaster() {
        try (Stream<String> lines = Files.lines(folder.resolve("data").resolve("postmaster.pid"), US_ASCII)) {
            return Long.parseLong(lines.findFirst().orElseThrow().strip());
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL does not run", e);
        }
    }

    private static List<Long> children(long postmaster) {
        return ProcessHandle.of(postmaster).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid)
                .toList();
    }

    private static void kill(String signal, List<Long> processes) {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        processes.forEach(process -> command.add(Long.toString(process)));
        if (processes.isEmpty()) {
            return;
        }
        try {
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("kill " + signal + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at kill " + signal, e);
        }
    }

    /** Ends it and removes its files. */
    @Override
    public void close() throws IOException {
        undertaker.getOutputStream().close();
        undertaker.onExit().join();
    }
}
