package io.quickdrop.server.catalogue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * File names of one storage are given one after the other, also by several servers: who looks whether a name is free and then
 * takes it does so behind this lock, which lasts as long as the transaction.
 */
final class Names {
    private static final String ROW = "names of ";

    private Names() {}

    /** Waits for the lock. A lone server has one writer, and needs none. */
    static void lock(Connection connection, Place place) throws SQLException {
        if (place.isAlone()) {
            return;
        }
        try (PreparedStatement upsert = connection.prepareStatement(
                "INSERT INTO store_info (name, value) VALUES (?, '') ON CONFLICT (name) DO UPDATE SET value = excluded.value")) {
            upsert.setString(1, ROW + place.storage());
            upsert.executeUpdate();
        }
    }
}
