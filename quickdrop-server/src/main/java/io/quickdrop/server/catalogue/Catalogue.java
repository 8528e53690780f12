package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import java.nio.file.Path;
import java.sql.Connection;

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
        return SqliteCatalogue.open(folder, commit);
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

    /** Ends the work that waits, and lets others have the database. */
    @Override
    void close() throws StorageException;
}
