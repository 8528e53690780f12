package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * A SQLite file that this process has for itself, with one writer that commits for all who wait, and a reader that does
 * not wait for the writer.
 */
final class SqliteCatalogue implements Catalogue {
    private static final Logger LOG = System.getLogger(SqliteCatalogue.class.getName());

    private final SqliteSource file;
    /** Ends who else keeps the database: the folder's lock, or the anchor of one in memory. */
    private final Keeper keeper;

    private final CatalogueWriter writer;
    private final SignalDesk desk;
    private final SqliteSignals signals;
    private final StoreState state;
    private final InstantSource time;
    private final boolean created;
    private final String serverId;
    private final Object reading = new Object();
    private @Nullable Connection reader;

    private interface Keeper {
        void close() throws StorageException;
    }

    private SqliteCatalogue(SqliteSource file, Keeper keeper, boolean created, Commit commit, InstantSource time)
            throws StorageException {
        this.file = file;
        this.keeper = keeper;
        this.created = created;
        this.time = time;
        state = new StoreState(time);
        desk = new SignalDesk();
        signals = new SqliteSignals(desk);
        writer = new CatalogueWriter(file, commit, signals, state);
        try {
            serverId = writer.run("name itself", StoreInfo::lastingServerId);
        } catch (StorageException | RuntimeException e) {
            writer.close();
            desk.close();
            throw e;
        }
    }

    static SqliteCatalogue open(Path folder, Commit commit, InstantSource time) throws StorageException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StorageException(Kind.FAILED, "the folder " + folder + " can't be made: " + e, e);
        }
        FolderLock lock = FolderLock.take(folder);
        try {
            SqliteFile file = new SqliteFile(folder);
            boolean created = !Files.exists(file.path());
            file.migrate();
            return new SqliteCatalogue(file, lock::close, created, commit, time);
        } catch (StorageException | RuntimeException e) {
            closeAfter(e, lock::close);
            throw e;
        }
    }

    static SqliteCatalogue inMemory(InstantSource time) throws StorageException {
        SqliteMemory memory = new SqliteMemory();
        try {
            memory.migrate();
            return new SqliteCatalogue(memory, memory::close, true, Commit.real(), time);
        } catch (StorageException | RuntimeException e) {
            closeAfter(e, memory::close);
            throw e;
        }
    }

    private static void closeAfter(Exception cause, Keeper keeper) {
        try {
            keeper.close();
        } catch (StorageException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public String serverId() {
        return serverId;
    }

    @Override
    public long now(Connection connection) {
        return time.millis();
    }

    @Override
    public Signals signals() {
        return signals;
    }

    @Override
    public StoreState state() {
        return state;
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
        desk.close();
        keeper.close();
    }
}
