package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;

/**
 * The open database beneath all tables: SQLite or PostgreSQL, whose differences end here. What a method of its tables
 * wrote is on the disk when the method returns.
 *
 * <p>Called from any thread; calls block.
 */
public interface Catalogue extends AutoCloseable {
    /** The SQLite database within the data folder. */
    String FILE_NAME = "catalogue.db";

    /**
     * Opens the SQLite catalogue in the folder, or makes one.
     *
     * @param folder made if it is not there
     * @throws StorageException if the folder is in use or can't be written to, with a sentence for the person who
     *     started the server
     */
    static Catalogue open(Path folder) throws StorageException {
        return open(folder, Connection::commit);
    }

    /** Opens the SQLite catalogue with another way to commit, for tests of failing devices. */
    static Catalogue open(Path folder, Commit commit) throws StorageException {
        return open(folder, commit, InstantSource.system());
    }

    /**
     * Opens the SQLite catalogue by another clock.
     *
     * @param time the wall clock, which is the store's
     */
    static Catalogue open(Path folder, Commit commit, InstantSource time) throws StorageException {
        return SqliteCatalogue.open(folder, commit, time);
    }

    /** A new SQLite catalogue in this process's memory, with the same tables; gone when it is closed. */
    static Catalogue inMemory() throws StorageException {
        return inMemory(InstantSource.system());
    }

    /** The same by another clock. */
    static Catalogue inMemory(InstantSource time) throws StorageException {
        return SqliteCatalogue.inMemory(time);
    }

    /**
     * Opens a catalogue in PostgreSQL, which other instances may share.
     *
     * @throws StorageException if it does not answer, lets us not in, or does not keep what it commits, with a sentence
     *     for the person who started the server
     */
    static Catalogue postgres(PostgresSettings settings) throws StorageException {
        return PostgresCatalogue.open(settings);
    }

    /** This store's name: made once, and the same after every restart and for every instance on it. */
    String serverId();

    /** Whether there was no catalogue before: files of unknown sessions may then be somebody's only copy. */
    boolean isNew();

    /** Transactions committed since it was opened: fewer than writes where writes came at the same time. */
    long commits();

    /** Runs the work in one transaction and returns when it is on the disk. */
    <T> T write(String doing, Work<T> work) throws StorageException;

    /** Runs the work beside writers; it sees what was committed. */
    <T> T read(String doing, Work<T> work) throws StorageException;

    /**
     * The store's time, milliseconds since 1970: one clock for all instances. Within a transaction it goes on.
     *
     * @param connection that of the {@link Work} that asks
     */
    long now(Connection connection) throws SQLException;

    /** Wakes who waits for changes, on every instance. */
    Signals signals();

    /** Whether the store answers. */
    StoreState state();

    /** Ends the work that waits, and lets others have the database. */
    @Override
    void close() throws StorageException;
}
