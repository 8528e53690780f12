package io.quickdrop.server.catalogue;

import io.quickdrop.relay.desktop.command.CommandOutcome;
import io.quickdrop.relay.desktop.command.NewCommand;
import io.quickdrop.relay.desktop.command.StoredCommand;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.command.CommandStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The commands in the catalogue. What a call wrote is on the disk when it returns, and whoever waits for it was signalled in the
 * same transaction. Called from any thread; calls block.
 */
public final class CommandTable implements CommandStore {
    /** The topic of signals of pending commands; the id is the desktop's. */
    public static final String PENDING_SIGNAL = "command";
    /** The topic of signals of commands that were delivered or ended; the id is the command's. */
    public static final String CHANGED_SIGNAL = "result";

    /** Ids of one statement: few enough for every database's limit of parameters. */
    private static final int BATCH = 500;
    /** Rows that one call ends or forgets; the next call goes on. */
    private static final int MOST_AT_ONCE = 1000;

    /** The registration of epoch ? of desktop ? holds. A stale owner, and one that was declared dead, finds nothing. */
    private static final String CONNECTED =
            """
            EXISTS (SELECT 1 FROM desktops d JOIN instances i ON i.id = d.owner_instance AND i.left_ts IS NULL
                    WHERE d.client_id = ? AND d.epoch = ? AND d.owner_instance = ? AND d.removed_ts IS NULL)
            """;

    private static final String REMOVED =
            "client_id IN (SELECT d.client_id FROM desktops d WHERE d.removed_ts IS NOT NULL)";

    private final Catalogue catalogue;
    private final CommandRows rows;
    private final String instance;

    /**
     * Speaks for one instance.
     *
     * @param catalogue stays the caller's to close
     */
    public CommandTable(Catalogue catalogue, String instance) {
        this.catalogue = catalogue;
        this.rows = new CommandRows(catalogue);
        this.instance = instance;
    }

    @Override
    public String instance() {
        return instance;
    }

    @Override
    public Added add(NewCommand command) throws StorageException {
        return catalogue.write("store a command for the desktop " + command.clientId(), connection -> {
            if (!lockDesktop(connection, command.clientId())) {
                return new Added.UnknownDesktop();
            }
            Optional<StoredCommand> before = rows.ofKey(connection, command.clientId(), command.idempotencyKey());
            if (before.isPresent()) {
                return before.get().asked().asksTheSameAs(command)
                        ? new Added.Known(before.get())
                        : new Added.Conflict(before.get());
            }
            if (open(connection, command.clientId()) >= MAX_OPEN) {
                return new Added.TooMany();
            }
            rows.insert(connection, command);
            catalogue.signals().signal(connection, PENDING_SIGNAL, command.clientId());
            return new Added.Stored(
                    rows.byIds(connection, List.of(command.commandId())).get(0));
        });
    }

    /** Until the transaction ends nobody else adds a command for it or registers it: what is looked up here stays so. */
    private static boolean lockDesktop(Connection connection, String clientId) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(
                "UPDATE desktops SET removed_ts = NULL WHERE client_id = ? AND removed_ts IS NULL")) {
            lock.setString(1, clientId);
            return lock.executeUpdate() == 1;
        }
    }

    private static int open(Connection connection, String clientId) throws SQLException {
        try (PreparedStatement count =
                connection.prepareStatement("SELECT COUNT(*) FROM commands WHERE client_id = ? AND ended_ts IS NULL")) {
            count.setString(1, clientId);
            try (ResultSet row = count.executeQuery()) {
                return row.next() ? row.getInt(1) : 0;
            }
        }
    }

    @Override
    public List<StoredCommand> find(Collection<String> commandIds) throws StorageException {
        return commandIds.isEmpty()
                ? List.of()
                : catalogue.read("look commands up", connection -> rows.byIds(connection, commandIds));
    }

    @Override
    public List<StoredCommand> list(String clientId, int most) throws StorageException {
        return catalogue.read(
                "list the commands of " + clientId, connection -> rows.newest(connection, clientId, most));
    }

    @Override
    public List<StoredCommand> claim(String clientId, long epoch, boolean again) throws StorageException {
        return catalogue.write("claim the commands of " + clientId, connection -> {
            // Locked first, so that no registration elsewhere comes between this look and the commit.
            if (!lockDesktop(connection, clientId) || !isConnected(connection, clientId, epoch)) {
                return List.of();
            }
            long now = catalogue.now(connection);
            Set<String> changed = new HashSet<>();
            try (PreparedStatement expire = connection.prepareStatement(
                    """
                    UPDATE commands SET state = 'expired', ended_ts = ?, error = ?
                    WHERE client_id = ? AND state = 'pending' AND expires_ts <= ? RETURNING id
                    """)) {
                expire.setLong(1, now);
                expire.setString(2, TOO_LATE);
                expire.setString(3, clientId);
                expire.setLong(4, now);
                changed.addAll(ids(expire));
            }
            try (PreparedStatement deliver = connection.prepareStatement(
                    """
                    UPDATE commands SET state = 'delivered', delivered_ts = ?, delivered_epoch = ?, delivered_again = ?
                    WHERE client_id = ? AND state = 'pending' AND\s"""
                            + CONNECTED + " RETURNING id")) {
                deliver.setLong(1, now);
                deliver.setLong(2, epoch);
                deliver.setLong(3, again ? 1 : 0);
                deliver.setString(4, clientId);
                deliver.setString(5, clientId);
                deliver.setLong(6, epoch);
                deliver.setString(7, instance);
                changed.addAll(ids(deliver));
            }
            signal(connection, changed);
            return rows.delivered(connection, clientId);
        });
    }

    private boolean isConnected(Connection connection, String clientId, long epoch) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT 1 WHERE " + CONNECTED)) {
            select.setString(1, clientId);
            select.setLong(2, epoch);
            select.setString(3, instance);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    @Override
    public boolean finish(String clientId, long epoch, String commandId, CommandOutcome outcome)
            throws StorageException {
        return catalogue.write("store the result of the command " + commandId, connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    """
                    UPDATE commands SET state = ?, ended_ts = ?, result = ?, error = ?, instance = ?
                    WHERE id = ? AND client_id = ? AND state = 'delivered' AND EXISTS (
                        SELECT 1 FROM desktops d WHERE d.client_id = ? AND d.epoch = ? AND d.removed_ts IS NULL)
                    """)) {
                update.setString(1, outcome.state().wireName());
                update.setLong(2, catalogue.now(connection));
                update.setString(
                        3, outcome.result() == null ? null : outcome.result().toString());
                Columns.text(update, 4, outcome.error());
                update.setString(5, outcome.instance());
                update.setString(6, commandId);
                update.setString(7, clientId);
                update.setString(8, clientId);
                update.setLong(9, epoch);
                if (update.executeUpdate() == 0) {
                    return false;
                }
            }
            signal(connection, Set.of(commandId));
            return true;
        });
    }

    @Override
    public Due due(Collection<String> connected, Collection<String> watched) throws StorageException {
        return catalogue.read("look which commands are due", connection -> {
            Set<String> waiting = new HashSet<>();
            List<String> here = List.copyOf(connected);
            for (int from = 0; from < here.size(); from += BATCH) {
                List<String> batch = here.subList(from, Math.min(here.size(), from + BATCH));
                try (PreparedStatement select = connection.prepareStatement(
                        "SELECT DISTINCT client_id FROM commands WHERE state = 'pending' AND client_id IN ("
                                + CommandRows.marks(batch.size()) + ")")) {
                    for (int i = 0; i < batch.size(); i++) {
                        select.setString(i + 1, batch.get(i));
                    }
                    waiting.addAll(ids(select));
                }
            }
            List<StoredCommand> found = watched.isEmpty() ? List.of() : rows.byIds(connection, watched);
            return new Due(waiting, found, isAnyLate(connection));
        });
    }

    private boolean isAnyLate(Connection connection) throws SQLException {
        long now = catalogue.now(connection);
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT 1 FROM commands WHERE ended_ts IS NULL AND ((state = 'pending' AND expires_ts <= ?)"
                        + " OR (state = 'delivered' AND expires_ts <= ?) OR " + REMOVED + ") LIMIT 1")) {
            select.setLong(1, now);
            select.setLong(2, now - ANSWER_GRACE.toMillis());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    @Override
    public int sweep(boolean unanswered) throws StorageException {
        return catalogue.write("end commands that waited too long", connection -> {
            long now = catalogue.now(connection);
            Set<String> ended = new HashSet<>(end(connection, "pending", "expired", TOO_LATE, now, now));
            // without the grace only what belongs to removed desktops: no time is before this one
            long before = unanswered ? now - ANSWER_GRACE.toMillis() : Long.MIN_VALUE;
            ended.addAll(end(connection, "delivered", "failed", UNANSWERED, now, before));
            signal(connection, ended);
            return ended.size();
        });
    }

    private static List<String> end(Connection connection, String from, String to, String error, long now, long before)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                UPDATE commands SET state = ?, ended_ts = ?, error = ?
                WHERE state = ? AND id IN (
                    SELECT c.id FROM commands c WHERE c.state = ? AND (c.expires_ts <= ? OR c.%s)
                    ORDER BY c.id LIMIT %d)
                RETURNING id
                """
                        .formatted(REMOVED, MOST_AT_ONCE))) {
            update.setString(1, to);
            update.setLong(2, now);
            update.setString(3, error);
            update.setString(4, from);
            update.setString(5, from);
            update.setLong(6, before);
            return ids(update);
        }
    }

    @Override
    public int forget() throws StorageException {
        return catalogue.write("forget old commands", connection -> {
            int forgotten;
            try (PreparedStatement delete = connection.prepareStatement(
                    "DELETE FROM commands WHERE id IN (SELECT id FROM commands WHERE ended_ts <= ? LIMIT "
                            + MOST_AT_ONCE + ")")) {
                delete.setLong(1, catalogue.now(connection) - KEPT_FOR.toMillis());
                forgotten = delete.executeUpdate();
            }
            try (PreparedStatement delete = connection.prepareStatement(
                    """
                    DELETE FROM commands WHERE ended_ts IS NOT NULL AND id IN (
                        SELECT c.id FROM commands c
                        JOIN (SELECT client_id, MAX(number) AS newest FROM commands GROUP BY client_id
                              HAVING COUNT(*) > ?) full_ones ON full_ones.client_id = c.client_id
                        WHERE c.number <= full_ones.newest - ? AND c.ended_ts IS NOT NULL LIMIT %d)
                    """
                            .formatted(MOST_AT_ONCE))) {
                delete.setLong(1, MAX_KEPT);
                delete.setLong(2, MAX_KEPT);
                forgotten += delete.executeUpdate();
            }
            return forgotten;
        });
    }

    private void signal(Connection connection, Set<String> commandIds) throws SQLException {
        for (String id : commandIds) {
            catalogue.signals().signal(connection, CHANGED_SIGNAL, id);
        }
    }

    private static List<String> ids(PreparedStatement statement) throws SQLException {
        List<String> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return Collections.unmodifiableList(found);
    }
}
