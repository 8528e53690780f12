package io.quickdrop.server.catalogue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.quickdrop.relay.desktop.command.CommandOutcome;
import io.quickdrop.relay.desktop.command.CommandState;
import io.quickdrop.relay.desktop.command.NewCommand;
import io.quickdrop.relay.desktop.command.StoredCommand;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of commands, written and read within somebody's transaction. */
final class CommandRows {
    private static final String SELECT =
            """
            SELECT id, client_id, idempotency_key, asked_by, command_type, command_data, state, created_ts, expires_ts,
                   delivered_ts, delivered_epoch, delivered_again, ended_ts, result, error, instance
            FROM commands\s""";

    private static final int BATCH = 500;

    private final Catalogue catalogue;

    CommandRows(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** Place holders of a list. */
    static String marks(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    /** Behind the desktop's lock, so that the number is the next one. */
    void insert(Connection connection, NewCommand command) throws SQLException {
        long now = catalogue.now(connection);
        try (PreparedStatement insert = connection.prepareStatement(
                """
                INSERT INTO commands (id, client_id, number, idempotency_key, asked_by, command_type, command_data, state,
                                      created_ts, expires_ts)
                VALUES (?, ?, (SELECT COALESCE(MAX(number), 0) + 1 FROM commands WHERE client_id = ?), ?, ?, ?, ?,
                        'pending', ?, ?)
                """)) {
            insert.setString(1, command.commandId());
            insert.setString(2, command.clientId());
            insert.setString(3, command.clientId());
            insert.setString(4, command.idempotencyKey());
            Columns.text(insert, 5, command.askedBy());
            insert.setString(6, command.commandType());
            insert.setString(7, command.commandData().toString());
            insert.setLong(8, now);
            insert.setLong(9, now + command.expiresIn().toMillis());
            insert.executeUpdate();
        }
    }

    Optional<StoredCommand> ofKey(Connection connection, String clientId, @Nullable String key) throws SQLException {
        if (key == null) {
            return Optional.empty();
        }
        try (PreparedStatement select =
                connection.prepareStatement(SELECT + "WHERE client_id = ? AND idempotency_key = ?")) {
            select.setString(1, clientId);
            select.setString(2, key);
            return read(connection, select).stream().findFirst();
        }
    }

    List<StoredCommand> byIds(Connection connection, Collection<String> ids) throws SQLException {
        List<String> all = ids.stream().distinct().toList();
        List<StoredCommand> found = new ArrayList<>();
        for (int from = 0; from < all.size(); from += BATCH) {
            List<String> batch = all.subList(from, Math.min(all.size(), from + BATCH));
            try (PreparedStatement select =
                    connection.prepareStatement(SELECT + "WHERE id IN (" + marks(batch.size()) + ")")) {
                for (int i = 0; i < batch.size(); i++) {
                    select.setString(i + 1, batch.get(i));
                }
                found.addAll(read(connection, select));
            }
        }
        return found;
    }

    List<StoredCommand> newest(Connection connection, String clientId, int most) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(SELECT + "WHERE client_id = ? ORDER BY number DESC LIMIT ?")) {
            select.setString(1, clientId);
            select.setLong(2, most);
            return read(connection, select);
        }
    }

    /** In the order in which they were added. */
    List<StoredCommand> delivered(Connection connection, String clientId) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                SELECT + "WHERE client_id = ? AND state = 'delivered' AND ended_ts IS NULL ORDER BY number")) {
            select.setString(1, clientId);
            return read(connection, select);
        }
    }

    private List<StoredCommand> read(Connection connection, PreparedStatement select) throws SQLException {
        long now = catalogue.now(connection);
        List<StoredCommand> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(command(row, now));
            }
        }
        return found;
    }

    private static StoredCommand command(ResultSet row, long now) throws SQLException {
        long created = row.getLong("created_ts");
        long expires = row.getLong("expires_ts");
        String name = row.getString("state");
        CommandState state =
                CommandState.of(name).orElseThrow(() -> new SQLException("a command in the state '" + name + "'"));
        NewCommand asked = new NewCommand(
                row.getString("id"),
                row.getString("client_id"),
                row.getString("command_type"),
                JsonParser.parseString(row.getString("command_data")).getAsJsonObject(),
                row.getString("idempotency_key"),
                Duration.ofMillis(expires - created),
                row.getString("asked_by"));
        Instant delivered = Columns.nullableInstant(row, "delivered_ts");
        Instant ended = Columns.nullableInstant(row, "ended_ts");
        String result = row.getString("result");
        return new StoredCommand(
                asked,
                state,
                Instant.ofEpochMilli(created),
                Instant.ofEpochMilli(expires),
                Duration.ofMillis(expires - now),
                delivered == null
                        ? null
                        : new StoredCommand.Delivery(
                                delivered, row.getLong("delivered_epoch"), row.getLong("delivered_again") == 1),
                ended == null
                        ? null
                        : new StoredCommand.Ending(
                                ended,
                                new CommandOutcome(
                                        state,
                                        result == null ? null : object(result),
                                        row.getString("error"),
                                        row.getString("instance"))));
    }

    private static JsonObject object(String json) {
        return JsonParser.parseString(json).getAsJsonObject();
    }
}
