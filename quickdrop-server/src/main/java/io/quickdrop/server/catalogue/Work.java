package io.quickdrop.server.catalogue;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Statements that belong together. They touch nothing but the connection, so that they can be rolled back and run again.
 *
 * @param <T> what they find
 */
@FunctionalInterface
public interface Work<T> {
    T on(Connection connection) throws SQLException;
}
