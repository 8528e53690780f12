package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An empty store for a test, of either kind, as one or two servers have it. SQLite has the clock of the test; PostgreSQL has
 * its own.
 */
public final class TestCatalogue implements AutoCloseable {
    /** Which store. */
    public enum Kind {
        /** A file. */
        SQLITE,
        /** SQLite without a file. */
        MEMORY,
        /** The PostgreSQL of this JVM. */
        POSTGRES
    }

    private static final Instant BEGIN = Instant.parse("2026-11-22T14:03:09.123Z");
    /** Emptied rather than made for each test: making one takes as long as a dozen tests. */
    private static @Nullable String sharedUrl;

    private static @Nullable Catalogue sharedFirst;
    private static @Nullable Catalogue sharedSecond;

    private final Kind kind;
    private final Path folder;
    private final AtomicLong clock = new AtomicLong(BEGIN.toEpochMilli());
    private Catalogue first;

    private TestCatalogue(Kind kind, Path folder) throws StorageException {
        this.kind = kind;
        this.folder = folder;
        first = switch (kind) {
            case SQLITE -> Catalogue.open(folder, Commit.real(), this::now);
            case MEMORY -> Catalogue.inMemory(this::now);
            case POSTGRES -> emptied();
        };
    }

    /**
     * Opens an empty one.
     *
     * @param folder for SQLite's file
     */
    public static TestCatalogue open(Kind kind, Path folder) throws StorageException {
        return new TestCatalogue(kind, folder);
    }

    private static synchronized Catalogue emptied() throws StorageException {
        Catalogue known = sharedFirst;
        String url = sharedUrl;
        if (known == null || url == null) {
            url = TestPostgres.shared().newDatabase();
            known = TestPostgres.catalogue(url);
            sharedUrl = url;
            sharedFirst = known;
        }
        try (Connection connection = TestPostgres.connect(url);
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet row = statement.executeQuery("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                    + " AND tablename NOT IN ('flyway_schema_history', 'store_info')")) {
                while (row.next()) {
                    tables.add(row.getString(1));
                }
            }
            statement.execute("TRUNCATE " + String.join(", ", tables));
            statement.execute("DELETE FROM store_info WHERE name <> 'server_id'");
        } catch (SQLException e) {
            throw new IllegalStateException("the test's database can't be emptied", e);
        }
        return known;
    }

    /** Which store it is. */
    public Kind kind() {
        return kind;
    }

    /** As a server has it. */
    public Catalogue first() {
        return first;
    }

    /** As another server on the same store has it; SQLite knows only one. */
    public Catalogue second() throws StorageException {
        if (kind != Kind.POSTGRES) {
            return first;
        }
        synchronized (TestCatalogue.class) {
            Catalogue known = sharedSecond;
            if (known == null) {
                known = TestPostgres.catalogue(String.valueOf(sharedUrl));
                sharedSecond = known;
            }
            return known;
        }
    }

    /** As it is behind a restart of the server; in memory nothing outlives it. */
    public Catalogue reopened() throws StorageException {
        if (kind == Kind.SQLITE) {
            first.close();
            first = Catalogue.open(folder, Commit.real(), this::now);
        } else if (kind == Kind.POSTGRES) {
            return second();
        }
        return first;
    }

    /** The clock of SQLite, which is the test's. */
    public Instant now() {
        return Instant.ofEpochMilli(clock.get());
    }

    /** Lets the store's clock go on by a millisecond at least. */
    public void timePasses() throws StorageException {
        clock.incrementAndGet();
        long before = first.read("ask for the time", first::now);
        while (first.read("ask for the time", first::now) <= before && kind == Kind.POSTGRES) {
            Thread.onSpinWait();
        }
    }

    /** Has an instance join. */
    public static Incarnation joined(Catalogue catalogue, String id) throws StorageException {
        return new InstanceTable(catalogue)
                .join(
                        new InstanceTable.Introduction(id, id, "https://" + id + ":8443", "0".repeat(64), ""),
                        Duration.ofSeconds(10))
                .orElseThrow();
    }

    @Override
    public void close() throws StorageException {
        if (kind != Kind.POSTGRES) {
            first.close();
        }
    }
}
