package io.quickdrop.server.catalogue;

import com.google.gson.Gson;
import io.quickdrop.protocol.ObserverMessage.Gap;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.access.DeviceName;
import io.quickdrop.server.catalogue.RecordingRow.State;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The recordings that ended. Called from any thread; calls block. */
public final class RecordingTable {
    /**
     * The topic of signals of what changed about a recording; the id of each is that of the server that changed it, a blank and
     * the recording's.
     */
    public static final String SIGNAL = "recording";

    private static final Gson JSON = new Gson();
    static final String SELECT =
            """
            SELECT r.id, r.device, COALESCE(d.name, r.device) AS peer, r.state, r.file_name, r.bytes, r.chunks, r.mime,
                   r.ext, r.label, r.ms, r.ts, r.begun_ts, r.saved_ts, r.is_partial, r.sha256, r.gaps, r.trash_name,
                   r.deleted_ts, r.take_id, r.take_index, r.take_gap_ms, r.take_cause, r.playback_state,
                   r.playback_bytes, r.playback_sha256, r.playback_note, r.playback_ts, r.poster_name,
                   r.storage, r.owner_instance,
                   CASE WHEN c.recording_id IS NULL THEN 0 ELSE 1 END AS is_confirmed
            FROM recordings r LEFT JOIN devices d ON r.device = '%s' || d.id
                LEFT JOIN confirmations c ON c.recording_id = r.id AND c.sha256 = r.sha256
            """
                    .formatted(DeviceName.PAIRED_PREFIX);

    private final Catalogue catalogue;
    private final Place place;

    /**
     * The table as the server at {@code place} writes it.
     *
     * @param catalogue stays the caller's to close
     */
    public RecordingTable(Catalogue catalogue, Place place) {
        this.catalogue = catalogue;
        this.place = place;
    }

    /** Whether the recording's file is in this server's storage. */
    public boolean isHere(RecordingRow row) {
        return row.storage().equals(place.storage());
    }

    /** The recording in whatever state. */
    public Optional<RecordingRow> find(SessionId id) throws StorageException {
        return catalogue.read("find the recording " + id, connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT + "WHERE r.id = ?")) {
                select.setString(1, id.value());
                return rows(select).stream().findFirst();
            }
        });
    }

    /**
     * What is in the output folders of all servers, the newest first.
     *
     * @param limit most that are wanted
     * @param skip how many newer ones to leave out
     */
    public List<RecordingRow> newest(int limit, int skip) throws StorageException {
        return catalogue.read("list the recordings", connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    SELECT + "WHERE r.state = 'kept' ORDER BY r.saved_ts DESC, r.id DESC LIMIT ? OFFSET ?")) {
                select.setInt(1, limit);
                select.setInt(2, skip);
                return rows(select);
            }
        });
    }

    /** All recordings of this server's storage in the state. */
    public List<RecordingRow> in(State state) throws StorageException {
        return catalogue.read("list recordings by state", connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    SELECT + "WHERE r.state = ? AND r.storage = ? ORDER BY r.saved_ts DESC, r.id DESC")) {
                select.setString(1, text(state));
                select.setString(2, place.storage());
                return rows(select);
            }
        });
    }

    /** Those that are this server's to look after. */
    public List<RecordingRow> mineIn(State state) throws StorageException {
        return in(state).stream()
                .filter(row -> row.owner().equals(place.instance()))
                .toList();
    }

    /** Servers that look after recordings of this storage, this one among them. */
    public List<String> owners() throws StorageException {
        return catalogue.read("list who looks after recordings", connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT DISTINCT owner_instance FROM recordings WHERE storage = ?")) {
                select.setString(1, place.storage());
                try (ResultSet row = select.executeQuery()) {
                    List<String> found = new ArrayList<>();
                    while (row.next()) {
                        found.add(row.getString(1));
                    }
                    return found;
                }
            }
        });
    }

    /** From now on this server looks after the recordings of a dead one on the same storage; says how many they are. */
    public int adopt(String dead) throws StorageException {
        return catalogue.write("look after the recordings of " + dead, connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE recordings SET owner_instance = ? WHERE owner_instance = ? AND storage = ?")) {
                update.setString(1, place.instance());
                update.setString(2, dead);
                update.setString(3, place.storage());
                return update.executeUpdate();
            }
        });
    }

    /** Names the recording for people; {@code false} if it is not in the output folder. */
    public boolean label(SessionId id, @Nullable String label) throws StorageException {
        return catalogue.write("label the recording " + id, connection -> {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE recordings SET label = ? WHERE id = ? AND state = 'kept'")) {
                Columns.text(update, 1, label);
                update.setString(2, id.value());
                signal(catalogue, connection, place, id);
                return update.executeUpdate() == 1;
            }
        });
    }

    /** Notes that the recording's sender has the same bytes. */
    public void confirm(SessionId id, String sha256, Instant now) throws StorageException {
        catalogue.write("note that " + id + " is confirmed", connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    """
                    INSERT INTO confirmations (recording_id, sha256, confirmed_ts) VALUES (?, ?, ?)
                    ON CONFLICT (recording_id) DO UPDATE SET sha256 = excluded.sha256, confirmed_ts = excluded.confirmed_ts
                    """)) {
                insert.setString(1, id.value());
                insert.setString(2, sha256);
                insert.setLong(3, now.toEpochMilli());
                signal(catalogue, connection, place, id);
                return insert.executeUpdate();
            }
        });
    }

    /** Notes how long its sender says that the recording plays; what its file says is known better. */
    public void duration(SessionId id, long millis) throws StorageException {
        catalogue.write("note the duration of the recording " + id, connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE recordings SET ms = ? WHERE id = ? AND state = 'kept' AND playback_sha256 IS NULL")) {
                update.setLong(1, millis);
                update.setString(2, id.value());
                return update.executeUpdate();
            }
        });
    }

    /**
     * Moves the recording from one state to another. It is this server's to look after from then on, unless another one is
     * making something of it.
     *
     * @return whether it was in the state {@code from}, and nobody else is kept under {@code fileName}
     */
    public boolean become(
            RecordingRow row, State next, String fileName, @Nullable String trashName, @Nullable Instant deleted)
            throws StorageException {
        return catalogue.write("move the recording " + row.id() + " to " + text(next), connection -> {
            Names.lock(connection, place);
            try (PreparedStatement update = connection.prepareStatement(
                    """
                    UPDATE recordings SET state = ?, file_name = ?, trash_name = ?, deleted_ts = ?,
                        owner_instance = CASE WHEN playback_state = 'working' THEN owner_instance ELSE ? END
                    WHERE id = ? AND state = ? AND storage = ? AND (? <> 'kept' OR NOT EXISTS (
                        SELECT 1 FROM recordings o
                        WHERE o.state = 'kept' AND o.storage = ? AND o.file_name = ? AND o.id <> ?))
                    """)) {
                update.setString(1, text(next));
                update.setString(2, fileName);
                update.setString(3, trashName);
                Columns.set(update, 4, deleted == null ? null : deleted.toEpochMilli());
                update.setString(5, place.instance());
                update.setString(6, row.id().value());
                update.setString(7, text(row.state()));
                update.setString(8, place.storage());
                update.setString(9, text(next));
                update.setString(10, place.storage());
                update.setString(11, fileName);
                update.setString(12, row.id().value());
                signal(catalogue, connection, place, row.id());
                return update.executeUpdate() == 1;
            }
        });
    }

    /** Notes that nobody but {@code owner} has a file of this name in the output folder. */
    public void displace(String fileName, SessionId owner) throws StorageException {
        catalogue.write("note who has the name " + fileName, connection -> {
            Names.lock(connection, place);
            return displace(connection, place, fileName, owner);
        });
    }

    /** A recording that had the name has lost its file, or the name would not have been free for the owner's. */
    static int displace(Connection connection, Place place, String fileName, SessionId owner) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE recordings SET state = 'missing' WHERE file_name = ? AND state = 'kept' AND id <> ? AND storage = ?")) {
            update.setString(1, fileName);
            update.setString(2, owner.value());
            update.setString(3, place.storage());
            return update.executeUpdate();
        }
    }

    /** Forgets recordings of this storage that lost their file and were saved before {@code limit}. */
    public int forget(Instant limit) throws StorageException {
        return catalogue.write("forget removed recordings", connection -> {
            try (PreparedStatement delete = connection.prepareStatement(
                    "DELETE FROM recordings WHERE state IN ('removed', 'missing') AND saved_ts < ? AND storage = ?")) {
                delete.setLong(1, limit.toEpochMilli());
                delete.setString(2, place.storage());
                int forgotten = delete.executeUpdate();
                forgetConfirmations(connection);
                return forgotten;
            }
        });
    }

    private static void forgetConfirmations(Connection connection) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM confirmations WHERE recording_id NOT IN (SELECT id FROM recordings)")) {
            delete.executeUpdate();
        }
    }

    /** Tells the dashboards of other servers; there are none of a lone one. */
    static void signal(Catalogue catalogue, Connection connection, Place place, SessionId id) throws SQLException {
        if (!place.isAlone()) {
            catalogue.signals().signal(connection, SIGNAL, place.instance() + " " + id.value());
        }
    }

    private static String text(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    static List<RecordingRow> rows(PreparedStatement select) throws SQLException {
        List<RecordingRow> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(new RecordingRow(
                        new SessionId(row.getString("id")),
                        row.getString("device"),
                        row.getString("peer"),
                        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                        row.getString("file_name"),
                        row.getLong("bytes"),
                        row.getLong("chunks"),
                        new Description(
                                row.getString("mime"),
                                row.getString("ext"),
                                row.getString("label"),
                                row.getLong("ts"),
                                row.getLong("bytes"),
                                Columns.take(row)),
                        Columns.nullableLong(row, "ms"),
                        Instant.ofEpochMilli(row.getLong("begun_ts")),
                        Instant.ofEpochMilli(row.getLong("saved_ts")),
                        row.getInt("is_partial") == 1,
                        row.getString("sha256"),
                        List.of(JSON.fromJson(row.getString("gaps"), Gap[].class)),
                        row.getString("trash_name"),
                        Columns.nullableInstant(row, "deleted_ts"),
                        Columns.playback(row),
                        row.getInt("is_confirmed") == 1,
                        row.getString("storage"),
                        row.getString("owner_instance")));
            }
        }
        return found;
    }
}
