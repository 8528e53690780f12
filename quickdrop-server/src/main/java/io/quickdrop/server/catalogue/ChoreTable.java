package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * What one instance at a time does for all. All times are the database's. What a call wrote is on the disk when it returns.
 * Called from any thread; calls block.
 */
public final class ChoreTable {
    private static final String SWEEP = "sweep";

    private final Catalogue catalogue;

    /** @param catalogue stays the caller's to close */
    public ChoreTable(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * How far clearing away is.
     *
     * @param now the database's clock
     * @param done when it was done last, or a window began
     * @param notBefore nothing is cleared away until then
     */
    public record Progress(Instant now, Instant done, Instant notBefore) {}

    /**
     * What was cleared away.
     *
     * @param desktops that were still noted as connected to instances that are gone
     * @param instances rows of instances that are gone
     */
    public record Swept(int desktops, int instances) {}

    /** How far it is; {@link Instant#EPOCH} where it was never done. */
    public Progress progress() throws StorageException {
        return catalogue.read("see what is to be cleared away", connection -> {
            Instant now = Instant.ofEpochMilli(catalogue.now(connection));
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT done_ts, not_before FROM chores WHERE name = ?")) {
                select.setString(1, SWEEP);
                try (ResultSet row = select.executeQuery()) {
                    return row.next()
                            ? new Progress(
                                    now, Instant.ofEpochMilli(row.getLong(1)), Instant.ofEpochMilli(row.getLong(2)))
                            : new Progress(now, Instant.EPOCH, Instant.EPOCH);
                }
            }
        });
    }

    /**
     * Begins a window in which nothing is cleared away.
     *
     * @param seen as it was read; false if another instance was faster
     */
    public boolean wait(Incarnation self, Progress seen, Duration window) throws StorageException {
        return catalogue.write(
                "give the living time",
                connection -> claim(connection, self, seen, seen.now().plus(window)));
    }

    /**
     * Clears away what instances left that have been gone for {@code window}: their desktops are connected nowhere.
     *
     * @param seen as it was read; if another instance was faster, nothing is cleared away
     * @param shown how long those that were declared dead stay on the list, for people
     */
    public Swept sweep(Incarnation self, Progress seen, Duration window, Duration shown) throws StorageException {
        return catalogue.write("clear away what the dead left", connection -> {
            if (!claim(connection, self, seen, seen.notBefore())) {
                return new Swept(0, 0);
            }
            long gone = seen.now().minus(window).toEpochMilli();
            int desktops;
            try (PreparedStatement update = connection.prepareStatement(
                    """
                    UPDATE desktops SET owner_instance = NULL
                    WHERE owner_instance IS NOT NULL AND owner_instance NOT IN (
                        SELECT id FROM instances WHERE left_ts IS NULL OR left_ts > ?)
                    """)) {
                update.setLong(1, gone);
                desktops = update.executeUpdate();
            }
            try (PreparedStatement delete = connection.prepareStatement(
                    "DELETE FROM instances WHERE left_ts <= ? AND (said_goodbye = 1 OR left_ts <= ?)")) {
                delete.setLong(1, gone);
                delete.setLong(2, seen.now().minus(shown).toEpochMilli());
                return new Swept(desktops, delete.executeUpdate());
            }
        });
    }

    /** One instance wins: the row is locked until its transaction ends, and then is not as the others have read it. */
    private static boolean claim(Connection connection, Incarnation self, Progress seen, Instant notBefore)
            throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(
                """
                INSERT INTO chores (name, instance, done_ts, not_before) VALUES (?, ?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET
                    instance = excluded.instance, done_ts = excluded.done_ts, not_before = excluded.not_before
                WHERE chores.done_ts = ?
                """)) {
            upsert.setString(1, SWEEP);
            upsert.setString(2, self.instance());
            upsert.setLong(3, seen.now().toEpochMilli());
            upsert.setLong(4, notBefore.toEpochMilli());
            upsert.setLong(5, seen.done().toEpochMilli());
            return upsert.executeUpdate() == 1;
        }
    }
}
