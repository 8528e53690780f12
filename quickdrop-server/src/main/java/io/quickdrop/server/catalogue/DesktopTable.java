package io.quickdrop.server.catalogue;

import com.google.gson.Gson;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.DesktopClient.Monitor;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.desktop.DesktopRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The desktops in the catalogue. What a call wrote is on the disk when it returns. Called from any thread; calls block. */
public final class DesktopTable implements DesktopRegistry {
    private static final Gson JSON = new Gson();

    private final Catalogue catalogue;
    private final InstantSource time;

    /** @param catalogue stays the caller's to close */
    public DesktopTable(Catalogue catalogue, InstantSource time) {
        this.catalogue = catalogue;
        this.time = time;
    }

    @Override
    public long register(ClientInfo desktop, Generation generation, Instant wallTime) throws StorageException {
        return catalogue.write("register the desktop " + desktop.clientId(), connection -> {
            try (PreparedStatement upsert = connection.prepareStatement(
                    """
                    INSERT INTO desktops (client_id, epoch, generation, client_type, friendly_name, hostname, monitors,
                                          codecs, capabilities, registered_ts, last_seen_ts, removed_ts)
                    VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)
                    ON CONFLICT (client_id) DO UPDATE SET
                        epoch = desktops.epoch + 1, generation = excluded.generation,
                        client_type = excluded.client_type, friendly_name = excluded.friendly_name,
                        hostname = excluded.hostname, monitors = excluded.monitors, codecs = excluded.codecs,
                        capabilities = excluded.capabilities, registered_ts = excluded.registered_ts,
                        last_seen_ts = excluded.last_seen_ts, removed_ts = NULL
                    """)) {
                upsert.setString(1, desktop.clientId());
                upsert.setInt(2, generation == Generation.V1 ? 1 : 2);
                upsert.setString(3, desktop.clientType());
                upsert.setString(4, desktop.friendlyName());
                upsert.setString(5, desktop.hostname());
                upsert.setString(6, JSON.toJson(desktop.monitors()));
                upsert.setString(7, JSON.toJson(desktop.codecs()));
                upsert.setString(8, JSON.toJson(desktop.capabilities()));
                upsert.setLong(9, wallTime.toEpochMilli());
                upsert.setLong(10, wallTime.toEpochMilli());
                upsert.executeUpdate();
            }
            return epoch(connection, desktop.clientId());
        });
    }

    private static long epoch(Connection connection, String clientId) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT epoch FROM desktops WHERE client_id = ?")) {
            select.setString(1, clientId);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("the desktop is gone right after it was written");
                }
                return row.getLong("epoch");
            }
        }
    }

    @Override
    public void seen(String clientId, long epoch, Instant wallTime) throws StorageException {
        catalogue.write("note when a desktop was seen", connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE desktops SET last_seen_ts = ? WHERE client_id = ? AND epoch = ? AND last_seen_ts < ?")) {
                update.setLong(1, wallTime.toEpochMilli());
                update.setString(2, clientId);
                update.setLong(3, epoch);
                update.setLong(4, wallTime.toEpochMilli());
                return update.executeUpdate();
            }
        });
    }

    @Override
    public List<Registered> list() throws StorageException {
        return catalogue.read("list the desktops", connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                            """
                            SELECT d.client_id, d.epoch, d.generation, d.client_type, d.friendly_name, d.hostname,
                                   d.monitors, d.codecs, d.capabilities, d.last_seen_ts, k.fingerprint
                            FROM desktops d LEFT JOIN agent_keys k
                                ON k.client_id = d.client_id AND k.revoked_ts IS NULL AND d.generation = 2
                            WHERE d.removed_ts IS NULL
                            ORDER BY COALESCE(d.friendly_name, d.client_id), d.client_id
                            """);
                    ResultSet row = select.executeQuery()) {
                List<Registered> found = new ArrayList<>();
                while (row.next()) {
                    found.add(new Registered(
                            new ClientInfo(
                                    row.getString("client_type"),
                                    row.getString("client_id"),
                                    row.getString("friendly_name"),
                                    row.getString("hostname"),
                                    List.of(JSON.fromJson(row.getString("monitors"), Monitor[].class)),
                                    List.of(JSON.fromJson(row.getString("codecs"), String[].class)),
                                    List.of(JSON.fromJson(row.getString("capabilities"), String[].class))),
                            row.getInt("generation") == 1 ? Generation.V1 : Generation.V2,
                            row.getLong("epoch"),
                            Instant.ofEpochMilli(row.getLong("last_seen_ts")),
                            row.getString("fingerprint")));
                }
                return found;
            }
        });
    }

    @Override
    public boolean remove(String clientId) throws StorageException {
        return catalogue.write("remove the desktop " + clientId, connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE desktops SET removed_ts = ? WHERE client_id = ? AND removed_ts IS NULL")) {
                update.setLong(1, time.millis());
                update.setString(2, clientId);
                return update.executeUpdate() == 1;
            }
        });
    }
}
