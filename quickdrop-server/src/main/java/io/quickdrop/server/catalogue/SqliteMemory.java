package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.flywaydb.core.api.FlywayException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A SQLite database in this process's memory, gone when it is closed. */
final class SqliteMemory implements SqliteSource, AutoCloseable {
    private static final int BUSY_TIMEOUT_MILLIS = 5_000;

    private final SQLiteDataSource source;
    /** The database lives as long as somebody is connected to it. */
    private final Connection anchor;

    SqliteMemory() throws StorageException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.enforceForeignKeys(true);
        source = new SQLiteDataSource(config);
        // SQLite's memdb is one database for all connections of a process that name it, with the locks of a file.
        source.setUrl("jdbc:sqlite:file:/quickdrop-" + UUID.randomUUID() + "?vfs=memdb");
        try {
            anchor = source.getConnection();
        } catch (SQLException e) {
            throw failure("be made", e);
        }
    }

    @Override
    public Connection connect() throws SQLException {
        return source.getConnection();
    }

    @Override
    public void migrate() throws StorageException {
        try {
            SqliteSource.migrate(source);
        } catch (FlywayException e) {
            throw new StorageException(
                    Kind.FAILED, "the catalogue in memory can't be brought to this version: " + e.getMessage(), e);
        }
    }

    @Override
    public StorageException failure(String doing, SQLException cause) {
        return new StorageException(
                Kind.FAILED, "the catalogue in memory failed to " + doing + ": " + cause.getMessage(), cause);
    }

    @Override
    public void close() throws StorageException {
        try {
            anchor.close();
        } catch (SQLException e) {
            throw failure("close", e);
        }
    }
}
