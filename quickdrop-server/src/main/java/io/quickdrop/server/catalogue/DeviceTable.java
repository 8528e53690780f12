package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.access.DeviceRegister;
import io.quickdrop.server.access.KeyHash;
import io.quickdrop.server.access.PairedDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The paired phones in the catalogue. What a call wrote is on the disk when it returns. */
public final class DeviceTable implements DeviceRegister {
    private static final String SELECT = "SELECT id, name, paired_ts, last_seen_ts, revoked_ts FROM devices ";

    /** The topic of signals of devices that were revoked. */
    public static final String SIGNAL = "device";

    /** A transaction that wrote a time commits no later than this after it. */
    private static final long LOOK_BACK_MILLIS = 30_000;

    private final AtomicLong lookedUntil = new AtomicLong(Long.MAX_VALUE);
    private final Catalogue catalogue;
    private final InstantSource time;

    /** @param catalogue stays the caller's to close */
    public DeviceTable(Catalogue catalogue, InstantSource time) {
        this.catalogue = catalogue;
        this.time = time;
    }

    @Override
    public void insert(PairedDevice device, KeyHash keyHash) {
        int added = write("add a device", connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    """
                    INSERT INTO devices (id, name, key_hash, paired_ts, last_seen_ts, revoked_ts)
                    VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO NOTHING
                    """)) {
                insert.setString(1, device.id());
                Columns.text(insert, 2, device.name());
                insert.setString(3, keyHash.hex());
                insert.setLong(4, device.pairedAt().toEpochMilli());
                insert.setLong(5, device.lastSeenAt().toEpochMilli());
                Columns.set(insert, 6, device.revoked() ? time.millis() : null);
                return insert.executeUpdate();
            }
        });
        if (added == 0) {
            throw new IllegalStateException("device " + device.id() + ": its id or the hash of its key is taken");
        }
    }

    @Override
    public Optional<PairedDevice> findByKeyHash(KeyHash keyHash) {
        return read("find a device", connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT + "WHERE key_hash = ?")) {
                select.setString(1, keyHash.hex());
                return devices(select).stream().findFirst();
            }
        });
    }

    @Override
    public List<PairedDevice> list() {
        return read("list the devices", connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement(SELECT + "WHERE revoked_ts IS NULL ORDER BY paired_ts DESC, id DESC")) {
                return devices(select);
            }
        });
    }

    @Override
    public boolean revoke(String id) {
        return write("revoke a device", connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE devices SET revoked_ts = ? WHERE id = ? AND revoked_ts IS NULL")) {
                update.setLong(1, catalogue.now(connection));
                update.setString(2, id);
                boolean revoked = update.executeUpdate() == 1;
                if (revoked) {
                    catalogue.signals().signal(connection, SIGNAL, id);
                }
                return revoked;
            }
        });
    }

    /**
     * The devices that were revoked, on whichever instance, not long before the last time when this was read, or since: some
     * come again and again.
     */
    public List<String> revokedLately() throws StorageException {
        return catalogue.read("look which devices were revoked", connection -> {
            long now = catalogue.now(connection);
            List<String> found = new ArrayList<>();
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT id FROM devices WHERE revoked_ts > ? ORDER BY id")) {
                select.setLong(1, Math.min(now, lookedUntil.get()) - LOOK_BACK_MILLIS);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        found.add(row.getString(1));
                    }
                }
            }
            lookedUntil.set(now);
            return found;
        });
    }

    @Override
    public void touch(String id, Instant seen) {
        write("note when a device was seen", connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE devices SET last_seen_ts = ? WHERE id = ? AND last_seen_ts < ?")) {
                update.setLong(1, seen.toEpochMilli());
                update.setString(2, id);
                update.setLong(3, seen.toEpochMilli());
                return update.executeUpdate();
            }
        });
    }

    private <T> T write(String doing, Work<T> work) {
        try {
            return catalogue.write(doing, work);
        } catch (StorageException e) {
            throw new UncheckedIOException(new IOException(e.getMessage(), e));
        }
    }

    private <T> T read(String doing, Work<T> work) {
        try {
            return catalogue.read(doing, work);
        } catch (StorageException e) {
            throw new UncheckedIOException(new IOException(e.getMessage(), e));
        }
    }

    private static List<PairedDevice> devices(PreparedStatement select) throws SQLException {
        List<PairedDevice> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(new PairedDevice(
                        row.getString("id"),
                        row.getString("name"),
                        Instant.ofEpochMilli(row.getLong("paired_ts")),
                        Instant.ofEpochMilli(row.getLong("last_seen_ts")),
                        Columns.nullableLong(row, "revoked_ts") != null));
            }
        }
        return found;
    }
}
