package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The instances in the catalogue. All times are the database's. What a call wrote is on the disk when it returns. Called
 * from any thread; calls block.
 */
public final class InstanceTable {
    /** The topic of signals of what changed about an instance. */
    public static final String SIGNAL = "instance";

    private static final String SELECT =
            "SELECT id, incarnation, name, url, pin, storage, started_ts, seen_ts, left_ts, said_goodbye FROM instances ";

    /** Of the store, not of any instance. */
    private static final String SECRET = "cluster_secret";

    private final Catalogue catalogue;

    /** @param catalogue stays the caller's to close */
    public InstanceTable(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * What an instance says of itself.
     *
     * @param id kept in its data folder
     * @param url {@code https://host:port}
     * @param pin SHA-256 of its authority's public key
     * @param storage which output folder it writes
     */
    public record Introduction(String id, String name, String url, String pin, String storage) {}

    /**
     * What a heartbeat found.
     *
     * @param now the database's clock
     * @param instances all there are, this one as well
     */
    public record Beat(Instant now, List<InstanceRow> instances) {}

    /**
     * Begins a life of an instance: its incarnation is raised, and desktops that were connected to a former one are
     * offline.
     *
     * @param presumedDead after this time without a sign of life a former process counts as gone
     * @return empty if another process lives under this id at another address: its data folder was copied
     */
    public Optional<Incarnation> join(Introduction self, Duration presumedDead) throws StorageException {
        return catalogue.write("join the instances as " + self.name(), connection -> {
            long now = catalogue.now(connection);
            long number;
            try (PreparedStatement upsert = connection.prepareStatement(
                    """
                    INSERT INTO instances (id, incarnation, name, url, pin, storage, started_ts, seen_ts, left_ts,
                                           said_goodbye)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, 0)
                    ON CONFLICT (id) DO UPDATE SET
                        incarnation = CASE WHEN instances.incarnation < excluded.incarnation
                            THEN excluded.incarnation ELSE instances.incarnation + 1 END,
                        name = excluded.name, url = excluded.url,
                        pin = excluded.pin, storage = excluded.storage, started_ts = excluded.started_ts,
                        seen_ts = excluded.seen_ts, left_ts = NULL, said_goodbye = 0
                    WHERE instances.url = excluded.url OR instances.left_ts IS NOT NULL OR instances.seen_ts <= ?
                    RETURNING incarnation
                    """)) {
                upsert.setString(1, self.id());
                upsert.setLong(2, now); // higher than any that was forgotten with its row
                Columns.text(upsert, 3, self.name());
                upsert.setString(4, self.url());
                upsert.setString(5, self.pin());
                upsert.setString(6, self.storage());
                upsert.setLong(7, now);
                upsert.setLong(8, now);
                upsert.setLong(9, now - presumedDead.toMillis());
                try (ResultSet row = upsert.executeQuery()) {
                    if (!row.next()) {
                        return Optional.empty();
                    }
                    number = row.getLong(1);
                }
            }
            release(connection, self.id());
            catalogue.signals().signal(connection, SIGNAL, self.id());
            return Optional.of(new Incarnation(self.id(), number));
        });
    }

    /**
     * Says that this instance lives, and reads who else does.
     *
     * @param url where it is reached now
     * @param moved whether that is another than the others know of
     * @return empty if this life has ended: it was declared dead, or another process took its place
     */
    public Optional<Beat> beat(Incarnation self, String url, boolean moved) throws StorageException {
        return catalogue.write("say that this instance lives", connection -> {
            long now = catalogue.now(connection);
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE instances SET seen_ts = ?, url = ? WHERE id = ? AND incarnation = ? AND left_ts IS NULL")) {
                update.setLong(1, now);
                update.setString(2, url);
                update.setString(3, self.instance());
                update.setLong(4, self.number());
                if (update.executeUpdate() == 0) {
                    return Optional.empty();
                }
            }
            if (moved) {
                catalogue.signals().signal(connection, SIGNAL, self.instance());
            }
            return Optional.of(new Beat(Instant.ofEpochMilli(now), all(connection)));
        });
    }

    /**
     * Ends the life of an instance that was not heard of; its desktops are offline from then on.
     *
     * @param seen as it was read: where it has been heard of since, nothing happens
     */
    public boolean declareDead(InstanceRow seen) throws StorageException {
        return catalogue.write("declare the instance " + seen.name() + " dead", connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    """
                    UPDATE instances SET left_ts = ?
                    WHERE id = ? AND incarnation = ? AND left_ts IS NULL AND seen_ts = ?
                    """)) {
                update.setLong(1, catalogue.now(connection));
                update.setString(2, seen.id());
                update.setLong(3, seen.incarnation());
                update.setLong(4, seen.seenAt().toEpochMilli());
                boolean dead = update.executeUpdate() == 1;
                if (dead) {
                    catalogue.signals().signal(connection, SIGNAL, seen.id());
                }
                return dead;
            }
        });
    }

    /** Says goodbye: its desktops are offline. */
    public void leave(Incarnation self) throws StorageException {
        catalogue.write("leave the instances", connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE instances SET left_ts = ?, said_goodbye = 1 WHERE id = ? AND incarnation = ? AND left_ts IS NULL")) {
                update.setLong(1, catalogue.now(connection));
                update.setString(2, self.instance());
                update.setLong(3, self.number());
                if (update.executeUpdate() == 1) {
                    release(connection, self.instance());
                    catalogue.signals().signal(connection, SIGNAL, self.instance());
                }
            }
            return true;
        });
    }

    /** All there are, those as well that have gone not long ago, by name. */
    public List<InstanceRow> list() throws StorageException {
        return catalogue.read("list the instances", InstanceTable::all);
    }

    /** The secret of all instances of this store: kept, or {@code fresh} where there is none yet. */
    public String secret(String fresh) throws StorageException {
        return catalogue.write(
                "find the instances' secret", connection -> StoreInfo.lasting(connection, SECRET, fresh));
    }

    private static void release(Connection connection, String instance) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE desktops SET owner_instance = NULL WHERE owner_instance = ?")) {
            update.setString(1, instance);
            update.executeUpdate();
        }
    }

    private static List<InstanceRow> all(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT);
                ResultSet row = select.executeQuery()) {
            List<InstanceRow> found = new ArrayList<>();
            while (row.next()) {
                found.add(new InstanceRow(
                        row.getString("id"),
                        row.getLong("incarnation"),
                        row.getString("name"),
                        row.getString("url"),
                        row.getString("pin"),
                        row.getString("storage"),
                        Instant.ofEpochMilli(row.getLong("started_ts")),
                        Instant.ofEpochMilli(row.getLong("seen_ts")),
                        Columns.nullableInstant(row, "left_ts"),
                        row.getLong("said_goodbye") == 1));
            }
            // Sorted here, since databases compare letters in different ways.
            found.sort(Comparator.comparing(InstanceRow::name).thenComparing(InstanceRow::id));
            return found;
        }
    }
}
