package io.quickdrop.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** A PostgreSQL of the demo's own, with everything committed forced to the disk, as in earnest. */
final class Database implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String NAME = "quickdrop";

    private final EmbeddedPostgres postgres;
    private final Path data;

    private Database(EmbeddedPostgres postgres, Path data) {
        this.postgres = postgres;
        this.data = data;
    }

    /**
     * Starts it, on a free port.
     *
     * @param folder its data's; kept over runs
     */
    static Database start(Path folder) throws Trouble {
        Path data = folder.resolve("postgres");
        try {
            EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setPGStartupWait(PATIENCE)
                    .setRegisterShutdownHook(false)
                    .setOutputRedirector(ProcessBuilder.Redirect.to(
                            folder.resolve("postgres.log").toFile()))
                    .setErrorRedirector(ProcessBuilder.Redirect.to(
                            folder.resolve("postgres-errors.log").toFile()))
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .start();
            Database database = new Database(postgres, data);
            database.make();
            return database;
        } catch (IOException | IllegalStateException e) {
            throw new Trouble(
                    "PostgreSQL does not start; its own words are in " + folder.resolve("postgres-errors.log")
                            + ". It refuses to run as root or administrator on some systems: then start the demo as an "
                            + "ordinary user.",
                    e);
        } catch (SQLException e) {
            throw new Trouble("PostgreSQL runs, and has no database for the demo", e);
        }
    }

    private void make() throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet found = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + NAME + "'")) {
                if (found.next()) {
                    return; // of an earlier run in this folder
                }
            }
            statement.execute("CREATE DATABASE " + NAME);
        }
    }

    /** As a server's {@code --database} wants it; reached from this computer only. */
    String url() {
        return "postgresql://postgres@127.0.0.1:" + postgres.getPort() + "/" + NAME;
    }

    /** Its first process. */
    long pid() throws Trouble {
        Path file = data.resolve("postmaster.pid");
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
            return Long.parseLong(lines.get(0).strip());
        } catch (IOException e) {
            throw new Trouble("PostgreSQL does not say which process it is", e);
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
