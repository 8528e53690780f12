package io.quickdrop.server.catalogue;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.StorageException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** How long what is unfinished has waited, in the store's own running time. Called from any thread; calls block. */
public final class LifeTable {
    private static final String RUNNING = "running_ms";

    /** What is to become of something when its time is over. */
    public enum State {
        /** A session, which becomes a partial recording. */
        SESSION,
        /** A partial recording, which expires. */
        WAITING,
        /** It stays for ever. */
        KEPT,
        /** It has expired, and is or was in the trash. */
        EXPIRED
    }

    /** Since when it waits, in running time. */
    public record Life(Duration since, State state) {}

    private final Catalogue catalogue;
    private final Place place;
    private final String running;

    /**
     * What the server at {@code place} counts, in its own running time.
     *
     * @param catalogue stays the caller's to close
     */
    public LifeTable(Catalogue catalogue, Place place) {
        this.catalogue = catalogue;
        this.place = place;
        this.running = place.isAlone() ? RUNNING : RUNNING + " of " + place.instance();
    }

    /** What a server counts that has its catalogue for itself. */
    public LifeTable(Catalogue catalogue) {
        this(catalogue, Place.alone(catalogue));
    }

    /** How long the server has run in all, as it was last noted. */
    public Duration running() throws StorageException {
        return catalogue.read("read the running time", connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT value FROM store_info WHERE name = ?")) {
                select.setString(1, running);
                try (ResultSet rows = select.executeQuery()) {
                    return rows.next() ? Duration.ofMillis(Long.parseLong(rows.getString(1))) : Duration.ZERO;
                }
            }
        });
    }

    /** Notes how long the server has run in all. */
    public void note(Duration sinceFirst) throws StorageException {
        catalogue.write("note the running time", connection -> {
            try (PreparedStatement upsert = connection.prepareStatement(
                    "INSERT INTO store_info (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")) {
                upsert.setString(1, running);
                upsert.setString(2, Long.toString(sinceFirst.toMillis()));
                return upsert.executeUpdate();
            }
        });
    }

    /** All that this server counts. */
    public Map<SessionId, Life> all() throws StorageException {
        return catalogue.read("list what waits", connection -> {
            Map<SessionId, Life> found = new HashMap<>();
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT id, since_ms, state FROM lives WHERE owner_instance = ?")) {
                select.setString(1, place.instance());
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        found.put(
                                new SessionId(row.getString("id")),
                                new Life(
                                        Duration.ofMillis(row.getLong("since_ms")),
                                        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT))));
                    }
                }
            }
            return found;
        });
    }

    /** Notes one, or what became of it. */
    public void put(SessionId id, Life life) throws StorageException {
        catalogue.write("note since when " + id + " waits", connection -> {
            try (PreparedStatement upsert = connection.prepareStatement(
                    """
                    INSERT INTO lives (id, since_ms, state, owner_instance) VALUES (?, ?, ?, ?)
                    ON CONFLICT (id) DO UPDATE SET since_ms = excluded.since_ms, state = excluded.state,
                        owner_instance = excluded.owner_instance
                    """)) {
                upsert.setString(1, id.value());
                upsert.setLong(2, life.since().toMillis());
                upsert.setString(3, life.state().name().toLowerCase(Locale.ROOT));
                upsert.setString(4, place.instance());
                return upsert.executeUpdate();
            }
        });
    }

    /** Forgets one that waits no longer. */
    public void remove(SessionId id) throws StorageException {
        catalogue.write("forget since when " + id + " waited", connection -> {
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM lives WHERE id = ? AND owner_instance = ?")) {
                delete.setString(1, id.value());
                delete.setString(2, place.instance());
                return delete.executeUpdate();
            }
        });
    }
}
