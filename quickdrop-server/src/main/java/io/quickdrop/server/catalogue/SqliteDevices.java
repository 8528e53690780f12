package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The paired phones. Called from any thread; calls block; what they wrote is on the disk when they return. */
public final class SqliteDevices {
    private static final String SELECT = "SELECT id, name, key_hash, paired_ts, last_seen_ts, revoked_ts FROM devices ";

    private final Catalogue catalogue;

    /** @param catalogue stays the caller's to close */
    public SqliteDevices(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** Adds a phone. Its id and its key's hash are new. */
    public void insert(Device device) throws StorageException {
        catalogue.write("add a device", connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    """
                    INSERT INTO devices (id, name, key_hash, paired_ts, last_seen_ts, revoked_ts)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """)) {
                insert.setString(1, device.id());
                insert.setString(2, device.name());
                insert.setString(3, device.keyHash());
                insert.setLong(4, device.paired().toEpochMilli());
                insert.setLong(5, device.lastSeen().toEpochMilli());
                insert.setObject(
                        6, device.revoked() == null ? null : device.revoked().toEpochMilli());
                return insert.executeUpdate();
            }
        });
    }

    /** The phone with the key, also if it was revoked: the caller tells the two apart (4401, 4403). */
    public Optional<Device> findByKeyHash(String keyHash) throws StorageException {
        return catalogue.read("find a device", connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT + "WHERE key_hash = ?")) {
                select.setString(1, keyHash);
                return devices(select).stream().findFirst();
            }
        });
    }

    /** The phones that have access, the one paired last first. */
    public List<Device> list() throws StorageException {
        return catalogue.read("list the devices", connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement(SELECT + "WHERE revoked_ts IS NULL ORDER BY paired_ts DESC, id DESC")) {
                return devices(select);
            }
        });
    }

    /** Takes the phone's access; {@code false} if it had none. */
    public boolean revoke(String id, Instant now) throws StorageException {
        return catalogue.write("revoke a device", connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE devices SET revoked_ts = ? WHERE id = ? AND revoked_ts IS NULL")) {
                update.setLong(1, now.toEpochMilli());
                update.setString(2, id);
                return update.executeUpdate() == 1;
            }
        });
    }

    /**
     * Notes when phones were last seen, all in one transaction; never sets one back.
     *
     * @param lastSeen by device id; unknown ids are left out
     */
    public void touch(Map<String, Instant> lastSeen) throws StorageException {
        catalogue.write("note when devices were seen", connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE devices SET last_seen_ts = ? WHERE id = ? AND last_seen_ts < ?")) {
                int touched = 0;
                for (Map.Entry<String, Instant> seen : lastSeen.entrySet()) {
                    long millis = seen.getValue().toEpochMilli();
                    update.setLong(1, millis);
                    update.setString(2, seen.getKey());
                    update.setLong(3, millis);
                    touched += update.executeUpdate();
                }
                return touched;
            }
        });
    }

    private static List<Device> devices(PreparedStatement select) throws SQLException {
        List<Device> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(new Device(
                        row.getString("id"),
                        row.getString("name"),
                        row.getString("key_hash"),
                        Instant.ofEpochMilli(row.getLong("paired_ts")),
                        Instant.ofEpochMilli(row.getLong("last_seen_ts")),
                        Columns.nullableInstant(row, "revoked_ts")));
            }
        }
        return found;
    }
}
