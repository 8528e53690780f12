package io.quickdrop.server.catalogue;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.TakePart;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.UploadRow.Ending;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The uploads that have not ended. Every change names the epoch of the opening that makes it, and says whether it was
 * still the newest.
 *
 * <p>Called from any thread; calls block. A {@link StorageException} from a change leaves open whether it happened.
 */
public final class UploadTable {
    /** What became of a wish for a final name. */
    public enum NameOutcome {
        /** The name is the upload's. */
        GIVEN,
        /** Another upload is about to end under it. */
        TAKEN,
        /** A newer opening owns the upload, or it is gone. */
        FENCED
    }

    private static final String SELECT =
            """
            SELECT session_id, device, owner_instance, owner_epoch, storage, state, part_file, committed_offset, chunks, mime, ext, label, ts,
                   total_bytes, take_id,
                   take_index, take_gap_ms, take_cause, final_name, final_sha256, final_partial, final_reserved, begun_ts, changed_ts
            FROM uploads
            """;

    private final Catalogue catalogue;
    private final Place place;

    /**
     * The table as the server at {@code place} writes it.
     *
     * @param catalogue stays the caller's to close
     */
    public UploadTable(Catalogue catalogue, Place place) {
        this.catalogue = catalogue;
        this.place = place;
    }

    /** The table of a server that has its catalogue for itself. */
    public UploadTable(Catalogue catalogue) {
        this(catalogue, Place.alone(catalogue));
    }

    /** Which server writes. */
    public Place place() {
        return place;
    }

    /** The upload, if it has not ended. */
    public Optional<UploadRow> find(SessionId id) throws StorageException {
        return catalogue.read("find the upload " + id, connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT + "WHERE session_id = ?")) {
                select.setString(1, id.value());
                return rows(select).stream().findFirst();
            }
        });
    }

    /** All uploads of all servers, the oldest first. */
    public List<UploadRow> everywhere() throws StorageException {
        return catalogue.read("list the uploads", connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT + "ORDER BY begun_ts, session_id")) {
                return rows(select);
            }
        });
    }

    /** All uploads into this server's storage, also those of others that share it, the oldest first. */
    public List<UploadRow> all() throws StorageException {
        return catalogue.read("list the uploads", connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement(SELECT + "WHERE storage = ? ORDER BY begun_ts, session_id")) {
                select.setString(1, place.storage());
                return rows(select);
            }
        });
    }

    /** The uploads into this server's storage that are its own. */
    public List<UploadRow> mine() throws StorageException {
        return all().stream().filter(this::isMine).toList();
    }

    /** Whether this server owns the upload, and its files are here. */
    public boolean isMine(UploadRow row) {
        return row.owner().equals(place.instance()) && isHere(row);
    }

    /** Whether the upload's files are in this server's storage. */
    public boolean isHere(UploadRow row) {
        return row.storage().equals(place.storage());
    }

    /** Adds a new upload at offset 0 with epoch 1; leaves one that is there already alone. */
    public void insert(SessionId id, String device, String partFile, Description description, Instant now)
            throws StorageException {
        catalogue.write("add the upload " + id, connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    """
                    INSERT INTO uploads (session_id, device, owner_instance, owner_epoch, state, part_file,
                        committed_offset, chunks, mime, ext, label, ts, total_bytes, begun_ts, changed_ts,
                        take_id, take_index, take_gap_ms, take_cause, storage)
                    VALUES (?, ?, ?, 1, 'receiving', ?, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (session_id) DO NOTHING
                    """)) {
                insert.setString(1, id.value());
                insert.setString(2, device);
                insert.setString(3, place.instance());
                insert.setString(4, partFile);
                Columns.text(insert, 5, description.mime());
                insert.setString(6, description.ext());
                Columns.text(insert, 7, description.label());
                insert.setLong(8, description.ts());
                Columns.set(insert, 9, description.totalBytes());
                insert.setLong(10, now.toEpochMilli());
                insert.setLong(11, now.toEpochMilli());
                TakePart take = description.take();
                insert.setString(12, take == null ? null : take.takeId());
                Columns.set(insert, 13, take == null ? null : (long) take.index());
                Columns.set(insert, 14, take == null ? null : take.gapMs());
                Columns.text(insert, 15, take == null ? null : take.cause());
                insert.setString(16, place.storage());
                return insert.executeUpdate();
            }
        });
    }

    /**
     * Begins the next epoch, whose owner is this server. Of several that try at once, one succeeds.
     *
     * @param known as it was found
     * @return {@code false} if somebody was faster, or the upload has ended
     */
    public boolean takeOver(UploadRow known) throws StorageException {
        return catalogue.write("take the upload " + known.id() + " over", connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    """
                    UPDATE uploads SET owner_epoch = owner_epoch + 1, owner_instance = ?
                    WHERE session_id = ? AND owner_epoch = ? AND storage = ?
                    """)) {
                update.setString(1, place.instance());
                update.setString(2, known.id().value());
                update.setLong(3, known.epoch());
                update.setString(4, place.storage());
                return update.executeUpdate() == 1;
            }
        });
    }

    /**
     * Moves the offset, and with it names the file that holds the bytes below it, which have been forced.
     *
     * @return whether {@code epoch} is still the newest
     */
    public boolean commitOffset(SessionId id, long epoch, String partFile, long offset, long chunks, Instant now)
            throws StorageException {
        return catalogue.write("commit the offset of " + id, connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    """
                    UPDATE uploads SET part_file = ?, committed_offset = ?, chunks = ?, changed_ts = ?
                    WHERE session_id = ? AND owner_epoch = ? AND state = 'receiving'
                    """)) {
                update.setString(1, partFile);
                update.setLong(2, offset);
                update.setLong(3, chunks);
                update.setLong(4, now.toEpochMilli());
                update.setString(5, id.value());
                update.setLong(6, epoch);
                return update.executeUpdate() == 1;
            }
        });
    }

    /** Decides how the upload ends, or under which other name, and moves the offset to its end; all below is forced. */
    public NameOutcome decideEnding(UploadRow upload, Ending ending, Instant now) throws StorageException {
        return catalogue.write("decide how " + upload.id() + " ends", connection -> {
            Names.lock(connection, place);
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT 1 FROM uploads WHERE storage = ? AND final_name = ? AND session_id <> ?")) {
                select.setString(1, place.storage());
                select.setString(2, ending.fileName());
                select.setString(3, upload.id().value());
                try (ResultSet rows = select.executeQuery()) {
                    if (rows.next()) {
                        return NameOutcome.TAKEN;
                    }
                }
            }
            try (PreparedStatement update = connection.prepareStatement(
                    """
                    UPDATE uploads SET state = 'finalizing', committed_offset = ?, chunks = ?, final_name = ?,
                        final_sha256 = ?, final_partial = ?, final_reserved = ?, changed_ts = ?
                    WHERE session_id = ? AND owner_epoch = ?
                    """)) {
                update.setLong(1, upload.committedOffset());
                update.setLong(2, upload.chunks());
                update.setString(3, ending.fileName());
                update.setString(4, ending.sha256());
                update.setInt(5, ending.partial() ? 1 : 0);
                update.setInt(6, ending.reserved() ? 1 : 0);
                update.setLong(7, now.toEpochMilli());
                update.setString(8, upload.id().value());
                update.setLong(9, upload.epoch());
                return update.executeUpdate() == 1 ? NameOutcome.GIVEN : NameOutcome.FENCED;
            }
        });
    }

    /** Goes back to receiving at a lower offset: somebody removed or cut the file. */
    public boolean fallBack(SessionId id, long epoch, String partFile, long offset) throws StorageException {
        return catalogue.write("set " + id + " back", connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    """
                    UPDATE uploads SET state = 'receiving', part_file = ?, committed_offset = ?, final_name = NULL,
                        final_sha256 = NULL, final_partial = 0, final_reserved = 0
                    WHERE session_id = ? AND owner_epoch = ?
                    """)) {
                update.setString(1, partFile);
                update.setLong(2, offset);
                update.setString(3, id.value());
                update.setLong(4, epoch);
                return update.executeUpdate() == 1;
            }
        });
    }

    /** Makes a recording of the upload, whose file stands under its final name. Repeating it changes nothing. */
    public boolean finish(UploadRow upload, Ending ending, Instant now) throws StorageException {
        return catalogue.write("catalogue the recording " + ending.fileName(), connection -> {
            Names.lock(connection, place);
            if (!hold(connection, upload)) {
                return false;
            }
            RecordingTable.displace(connection, place, ending.fileName(), upload.id());
            try (PreparedStatement insert = connection.prepareStatement(
                    """
                    INSERT INTO recordings (id, device, state, file_name, bytes, chunks, mime, ext, label, ts, begun_ts,
                        saved_ts, is_partial, sha256, take_id, take_index, take_gap_ms, take_cause,
                        storage, owner_instance, playback_state)
                    SELECT session_id, device, 'kept', final_name, committed_offset, chunks, mime, ext, label, ts,
                        begun_ts, ?, final_partial, final_sha256, take_id, take_index, take_gap_ms, take_cause,
                        storage, owner_instance,
                        CASE WHEN take_id IS NOT NULL AND committed_offset > 0 THEN 'waiting' END
                    FROM uploads WHERE session_id = ? AND owner_epoch = ? AND state = 'finalizing'
                    """)) {
                insert.setLong(1, now.toEpochMilli());
                insert.setString(2, upload.id().value());
                insert.setLong(3, upload.epoch());
                if (insert.executeUpdate() == 0) {
                    return false;
                }
            }
            RecordingTable.signal(catalogue, connection, place, upload.id());
            return delete(connection, upload.id(), upload.epoch());
        });
    }

    /** Whether the upload is still this opening's; then it stays so until the transaction ends, also beside other servers. */
    private static boolean hold(Connection connection, UploadRow upload) throws SQLException {
        try (PreparedStatement touch = connection.prepareStatement(
                "UPDATE uploads SET changed_ts = changed_ts WHERE session_id = ? AND owner_epoch = ? AND state = 'finalizing'")) {
            touch.setString(1, upload.id().value());
            touch.setLong(2, upload.epoch());
            return touch.executeUpdate() == 1;
        }
    }

    /** Forgets the upload. */
    public boolean discard(SessionId id, long epoch) throws StorageException {
        return catalogue.write("discard the upload " + id, connection -> delete(connection, id, epoch));
    }

    private static boolean delete(Connection connection, SessionId id, long epoch) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM uploads WHERE session_id = ? AND owner_epoch = ?")) {
            delete.setString(1, id.value());
            delete.setLong(2, epoch);
            return delete.executeUpdate() == 1;
        }
    }

    private static List<UploadRow> rows(PreparedStatement select) throws SQLException {
        List<UploadRow> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(new UploadRow(
                        new SessionId(row.getString("session_id")),
                        row.getString("device"),
                        row.getString("owner_instance"),
                        row.getLong("owner_epoch"),
                        row.getString("storage"),
                        row.getString("part_file"),
                        row.getLong("committed_offset"),
                        row.getLong("chunks"),
                        new Description(
                                row.getString("mime"),
                                row.getString("ext"),
                                row.getString("label"),
                                row.getLong("ts"),
                                Columns.nullableLong(row, "total_bytes"),
                                Columns.take(row)),
                        Instant.ofEpochMilli(row.getLong("begun_ts")),
                        Instant.ofEpochMilli(row.getLong("changed_ts")),
                        ending(row)));
            }
        }
        return found;
    }

    private static @Nullable Ending ending(ResultSet row) throws SQLException {
        return row.getString("state").equals("finalizing")
                ? new Ending(
                        row.getString("final_name"),
                        row.getString("final_sha256"),
                        row.getInt("final_partial") == 1,
                        row.getInt("final_reserved") == 1)
                : null;
    }
}
