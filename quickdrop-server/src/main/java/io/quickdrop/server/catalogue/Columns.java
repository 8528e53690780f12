package io.quickdrop.server.catalogue;

import io.quickdrop.protocol.TakePart;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Columns that may be NULL, and texts that peers wrote, the same way in every database. */
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

    /**
     * Sets a text that a peer wrote. PostgreSQL keeps no NUL and neither database half a surrogate pair; each becomes U+FFFD, so
     * that nobody's name fails a write.
     */
    static void text(PreparedStatement statement, int index, @Nullable String value) throws SQLException {
        statement.setString(index, value == null || isKept(value) ? value : kept(value));
    }

    private static boolean isKept(String value) {
        return value.codePoints().noneMatch(Columns::isRefused);
    }

    private static boolean isRefused(int codePoint) {
        return codePoint == 0 || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
    }

    private static String kept(String value) {
        StringBuilder kept = new StringBuilder(value.length());
        value.codePoints().forEach(each -> kept.appendCodePoint(isRefused(each) ? 0xfffd : each));
        return kept.toString();
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
