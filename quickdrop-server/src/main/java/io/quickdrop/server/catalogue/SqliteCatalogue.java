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
 * A SQLite file that this process has for itself, with one writer that commits for all who wait, and a reader that does
 * not wait for the writer.
 */
final class SqliteCatalogue implements Catalogue {
    private static final Logger LOG = System.getLogger(SqliteCatalogue.class.getName());

    private final SqliteFile file;
    private final FolderLock lock;
    private final CatalogueWriter writer;
    private final boolean created;
    private final String serverId;
    private final Object reading = new Object();
    private @Nullable Connection reader;

    private SqliteCatalogue(
            SqliteFile file, FolderLock lock, CatalogueWriter writer, boolean created, String serverId) {
        this.file = file;
        this.lock = lock;
        this.writer = writer;
        this.created = created;
        this.serverId = serverId;
    }

    static SqliteCatalogue open(Path folder, Commit commit) throws StorageException {
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
            String serverId = writer.run("name itself", SqliteCatalogue::lastingServerId);
            return new SqliteCatalogue(file, lock, writer, created, serverId);
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

    @Override
    public String serverId() {
        return serverId;
    }

    @Override
    public boolean isNew() {
        return created;
    }

    @Override
    public long commits() {
        return writer.commits();
    }

    @Override
    public <T> T write(String doing, Work<T> work) throws StorageException {
        return writer.run(doing, work);
    }

    @Override
    public <T> T read(String doing, Work<T> work) throws StorageException {
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

    @Override
    public void close() throws StorageException {
        synchronized (reading) {
            closeReader();
        }
        writer.close();
        lock.close();
    }
}
