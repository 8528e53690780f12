package io.quickdrop.server.catalogue;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * How a transaction is committed: {@link Connection#commit} in the server. Tests put a failing device here, before or
 * behind the real commit.
 */
@FunctionalInterface
public interface Commit {
    /** Commits, and returns only when that is on the disk. */
    void commit(Connection connection) throws SQLException;

    /** The database's own. */
    static Commit real() {
        return Connection::commit;
    }
}
