package io.quickdrop.server.catalogue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** What the store knows about itself. */
final class StoreInfo {
    private StoreInfo() {}

    /** The store's id, made once, whoever comes first. */
    static String lastingServerId(Connection connection) throws SQLException {
        return lasting(connection, "server_id", UUID.randomUUID().toString());
    }

    /** The value of that name, which is {@code first} if there was none; the same for everybody who asks at one time. */
    static String lasting(Connection connection, String name, String first) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO store_info (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")) {
            insert.setString(1, name);
            insert.setString(2, first);
            insert.executeUpdate();
        }
        try (PreparedStatement select = connection.prepareStatement("SELECT value FROM store_info WHERE name = ?")) {
            select.setString(1, name);
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw new SQLException("the store's " + name + " is gone right after it was written");
                }
                return rows.getString(1);
            }
        }
    }
}
