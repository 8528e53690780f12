package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import io.quickdrop.server.privatefile.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/** The database file: its settings, its schema, and what its errors mean. */
final class SqliteFile implements SqliteSource {
    /** Less room than this on the catalogue's volume explains any I/O error: SQLite needs that much for its log. */
    private static final long ROOM_FOR_LOG_BYTES = 1024 * 1024;

    private static final int BUSY_TIMEOUT_MILLIS = 5_000;

    private final Path folder;
    private final SQLiteDataSource source;

    /** @param folder exists; the driver unpacks its native library here as well, since /tmp may forbid to run code */
    SqliteFile(Path folder) {
        this.folder = folder;
        if (System.getProperty("org.sqlite.tmpdir") == null) {
            System.setProperty("org.sqlite.tmpdir", folder.toString());
        }
        SQLiteConfig config = new SQLiteConfig();
        // WAL + FULL: 0 of all committed rows lost in 50 kills (docs/adr/0002); each commit is one fsync of the log.
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        // macOS: a plain fsync stops in the drive's cache. Other systems ignore both.
        config.setPragma(SQLiteConfig.Pragma.FULL_SYNC, "true");
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.enforceForeignKeys(true);
        source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + path());
    }

    Path path() {
        return folder.resolve(Catalogue.FILE_NAME);
    }

    @Override
    public Connection connect() throws SQLException {
        return source.getConnection();
    }

    /** Brings the schema to this version of the server. */
    @Override
    public void migrate() throws StorageException {
        try {
            // Made by us, for this user alone; the driver would make it readable for everyone, and its logs likewise.
            PrivateFile.openForAppend(path()).close();
        } catch (IOException e) {
            throw new StorageException(
                    hasRoom() ? Kind.FAILED : Kind.FULL, "the catalogue " + path() + " can't be opened: " + e, e);
        }
        try {
            SqliteSource.migrate(source);
        } catch (FlywayException e) {
            throw new StorageException(
                    hasRoom() ? Kind.FAILED : Kind.FULL,
                    "the catalogue " + path() + " can't be opened or brought to this version: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public StorageException failure(String doing, SQLException cause) {
        boolean full = SqliteSource.primaryCode(cause) == SQLiteErrorCode.SQLITE_FULL.code;
        return new StorageException(
                full || !hasRoom() ? Kind.FULL : Kind.FAILED,
                "the catalogue " + path() + " failed to " + doing + ": " + cause.getMessage(),
                cause);
    }

    private boolean hasRoom() {
        try {
            return Files.getFileStore(folder).getUsableSpace() >= ROOM_FOR_LOG_BYTES;
        } catch (IOException e) {
            // A volume that can't even say its room is broken rather than full.
            return true;
        }
    }
}
