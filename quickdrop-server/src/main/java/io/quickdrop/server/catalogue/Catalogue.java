package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The open catalogue: a SQLite file that this process has for itself, one writer that commits for all who wait, and a
 * reader that does not wait for the writer. What a method of its tables wrote is on the disk when the method returns.
 *
 * <p>Called from any thread; calls block.
 */
public final class Catalogue implements AutoCloseable {
    /** The database within the data folder. */
    public static final String FILE_NAME = "catalogue.db";

    private static final Logger LOG = System.getLogger(Catalogue.class.getName());

    private final SqliteFile file;
    private final FolderLock lock;
    private final CatalogueWriter writer;
    private final boolean created;
    private final String serverId;
    private final Object reading = new Object();
    private @Nullable Connection reader;

    private Catalogue(SqliteFile file, FolderLock lock, CatalogueWriter writer, boolean created, String serverId) {
        this.file = file;
        this.lock = lock;
        this.writer = writer;
        this.created = created;
        this.serverId = serverId;
    }

    /**
     * Opens the catalogue in the folder, or makes one.
     *
     * @param folder made if it is not there
     * @throws StorageException if the folder is in use or can't be written to, with a sentence for the person who
     *     started the server
     */
    public static Catalogue open(Path folder) throws StorageException {
        return open(folder, Connection::commit);
    }

    /** Opens the catalogue with another way to commit, for tests of failing devices. */
    public static Catalogue open(Path folder, Commit commit) throws StorageException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StorageException(Kind.FAILED, "the folder " + folder + " can't be made: " + e, e);
        }
        FolderLock lock = FolderLock.take(folder);
        @Nullable CatalogueWriter writer = null;
        try {
            SqliteFile file = new SqliteFile(folder);
            boolean created = !Files.exists(file.path());
            file.migrate();
            writer = new CatalogueWriter(file, commit);
            String serverId = writer.run("name itself", Catalogue::lastingServerId);
            return new Catalogue(file, lock, writer, created, serverId);
        } catch (StorageException | RuntimeException e) {
            if (writer != null) {
                writer.close();
            }
            closeAfter(e, lock);
            throw e;
        }
    }

    private static String lastingServerId(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO store_info (name, value) VALUES ('server_id', ?) ON CONFLICT (name) DO NOTHING")) {
            insert.setString(1, UUID.randomUUID().toString());
            insert.executeUpdate();
        }
        try (PreparedStatement select =
                        connection.prepareStatement("SELECT value FROM store_info WHERE name = 'server_id'");
                ResultSet rows = select.executeQuery()) {
            if (!rows.next()) {
                throw new SQLException("the server's id is gone right after it was written");
            }
            return rows.getString(1);
        }
    }

    private static void closeAfter(Exception cause, FolderLock lock) {
        try {
            lock.close();
        } catch (StorageException e) {
            cause.addSuppressed(e);
        }
    }

    /** This store's name: made once, and the same after every restart. */
    public String serverId() {
        return serverId;
    }

    /** Whether there was no catalogue before: files of unknown sessions may then be somebody's only copy. */
    public boolean isNew() {
        return created;
    }

    /** Transactions committed since it was opened: fewer than writes where writes came at the same time. */
    public long commits() {
        return writer.commits();
    }

    /** Runs the work alone among writers and returns when it is on the disk. */
    <T> T write(String doing, Work<T> work) throws StorageException {
        return writer.run(doing, work);
    }

    /** Runs the work beside the writer; it sees what was committed. */
    <T> T read(String doing, Work<T> work) throws StorageException {
        synchronized (reading) {
            try {
                Connection open = reader;
                if (open == null) {
                    open = file.connect();
                    reader = open;
                }
                return work.on(open);
            } catch (SQLException e) {
                closeReader();
                throw file.failure(doing, e);
            }
        }
    }

    private void closeReader() {
        Connection open = reader;
        reader = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.log(Level.WARNING, "a connection to the catalogue could not be closed", e);
            }
        }
    }

    /** Ends the work that waits, and lets others have the folder. */
    @Override
    public void close() throws StorageException {
        synchronized (reading) {
            closeReader();
        }
        writer.close();
        lock.close();
    }
}
