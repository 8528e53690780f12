package io.quickdrop.server.catalogue;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.PlaybackRow.State;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is made of recordings for playing. Called from any thread; calls block. */
public final class PlaybackTable {
    private final Catalogue catalogue;
    private final Place place;

    /**
     * The table as the server at {@code place} writes it, which sees the recordings of its storage.
     *
     * @param catalogue stays the caller's to close
     */
    public PlaybackTable(Catalogue catalogue, Place place) {
        this.catalogue = catalogue;
        this.place = place;
    }

    private interface Parameters {
        void set(PreparedStatement statement) throws SQLException;
    }

    /** Kept recordings that nobody has begun to repair, the oldest first. */
    public List<RecordingRow> waiting(int limit) throws StorageException {
        return list(
                "WHERE r.playback_state = 'waiting' AND r.state = 'kept' AND r.storage = ? ORDER BY r.saved_ts, r.id LIMIT ?",
                select -> {
                    select.setString(1, place.storage());
                    select.setInt(2, limit);
                });
    }

    /** Recordings in whatever place whose repair somebody has begun, as far as the catalogue knows. */
    public List<RecordingRow> working() throws StorageException {
        return list(
                "WHERE r.playback_state = 'working' AND r.storage = ?", select -> select.setString(1, place.storage()));
    }

    /** Recordings that were repaired or are about to be, and have a file. */
    public List<RecordingRow> made() throws StorageException {
        return list(
                "WHERE r.playback_sha256 IS NOT NULL AND r.state <> 'removed' AND r.storage = ?",
                select -> select.setString(1, place.storage()));
    }

    /** The parts of a take that are in the output folders of all servers, in their order. */
    public List<RecordingRow> parts(String takeId) throws StorageException {
        return list(
                "WHERE r.take_id = ? AND r.state = 'kept' ORDER BY r.take_index, r.ts, r.id",
                select -> select.setString(1, takeId));
    }

    private List<RecordingRow> list(String where, Parameters parameters) throws StorageException {
        return catalogue.read("list what is made for playing", connection -> {
            try (PreparedStatement select = connection.prepareStatement(RecordingTable.SELECT + where)) {
                parameters.set(select);
                return RecordingTable.rows(select);
            }
        });
    }

    /** From one state to another, with nothing made. */
    public boolean become(SessionId id, State from, State next, @Nullable String note) throws StorageException {
        return update(
                id,
                """
                UPDATE recordings SET playback_state = ?, playback_note = ?, playback_bytes = NULL, playback_sha256 = NULL,
                    playback_ts = NULL, poster_name = NULL, owner_instance = ?
                WHERE id = ? AND playback_state = ? AND storage = ? AND (playback_state = 'waiting' OR owner_instance = ?)
                """,
                update -> {
                    update.setString(1, text(next));
                    Columns.text(update, 2, note);
                    update.setString(3, place.instance());
                    update.setString(4, id.value());
                    update.setString(5, text(from));
                    update.setString(6, place.storage());
                    update.setString(7, place.instance());
                });
    }

    /**
     * Notes the file that is about to take the final name; {@code false} if the recording is not in the output folder.
     *
     * @param millis how long it plays
     * @param poster name of its picture
     */
    public boolean placing(SessionId id, long bytes, String sha256, long millis, @Nullable String poster)
            throws StorageException {
        return update(
                id,
                """
                UPDATE recordings SET playback_bytes = ?, playback_sha256 = ?, ms = ?, poster_name = ?
                WHERE id = ? AND playback_state = 'working' AND state = 'kept' AND owner_instance = ?
                """,
                update -> {
                    update.setLong(1, bytes);
                    update.setString(2, sha256);
                    update.setLong(3, millis);
                    update.setString(4, poster);
                    update.setString(5, id.value());
                    update.setString(6, place.instance());
                });
    }

    /** The file that was noted has the final name. */
    public boolean placed(SessionId id, Instant now) throws StorageException {
        return update(
                id,
                """
                UPDATE recordings SET playback_state = 'ready', playback_ts = ?
                WHERE id = ? AND playback_state = 'working' AND playback_bytes IS NOT NULL AND owner_instance = ?
                """,
                update -> {
                    update.setLong(1, now.toEpochMilli());
                    update.setString(2, id.value());
                    update.setString(3, place.instance());
                });
    }

    private boolean update(SessionId id, String sql, Parameters parameters) throws StorageException {
        return catalogue.write("note what is made of the recording " + id, connection -> {
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                parameters.set(update);
                RecordingTable.signal(catalogue, connection, place, id);
                return update.executeUpdate() == 1;
            }
        });
    }

    private static String text(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
