package io.quickdrop.server.catalogue;

import io.quickdrop.protocol.TakePart;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reading columns that may be NULL, the same way from every database. */
final class Columns {
    private Columns() {}

    /** Sets a number that may be NULL; PostgreSQL wants to know the type of a NULL. */
    static void set(PreparedStatement statement, int index, @Nullable Long value) throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.BIGINT);
        } else {
            statement.setLong(index, value);
        }
    }

    static @Nullable Long nullableLong(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    static @Nullable Instant nullableInstant(ResultSet row, String column) throws SQLException {
        @Nullable Long millis = nullableLong(row, column);
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    /** Of an upload or a recording; {@code null} where it is no part of a take. */
    static @Nullable TakePart take(ResultSet row) throws SQLException {
        String id = row.getString("take_id");
        return id == null
                ? null
                : new TakePart(id, row.getInt("take_index"), row.getLong("take_gap_ms"), row.getString("take_cause"));
    }

    /** Of a recording; {@code null} where it is never repaired. */
    static @Nullable PlaybackRow playback(ResultSet row) throws SQLException {
        String state = row.getString("playback_state");
        return state == null
                ? null
                : new PlaybackRow(
                        PlaybackRow.State.valueOf(state.toUpperCase(Locale.ROOT)),
                        nullableLong(row, "playback_bytes"),
                        row.getString("playback_sha256"),
                        row.getString("playback_note"),
                        row.getString("poster_name"),
                        nullableInstant(row, "playback_ts"));
    }
}
