package io.quickdrop.server.recordings;

import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.ObserverMessage.Gap;
import io.quickdrop.protocol.ObserverMessage.InstanceName;
import io.quickdrop.protocol.ObserverMessage.Playback;
import io.quickdrop.protocol.ObserverMessage.Recording;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.TakePart;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.PlaybackRow;
import io.quickdrop.server.catalogue.RecordingRow;
import io.quickdrop.server.catalogue.RecordingRow.State;
import io.quickdrop.server.recordings.Servers.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The recordings that ended, for dashboards: list, play, label, delete and take back.
 *
 * <p>Called from any thread; calls block. Changes of the same recording wait for each other.
 */
public final class RecordingCatalogue {
    /** Most recordings of one page. */
    public static final int MAX_PAGE = 500;

    /** How long a phone may ask again for a recording whose file is gone, and is told that it was saved. */
    private static final Duration REMEMBER_REMOVED = Duration.ofDays(180);

    /** Nobody was asked, so there is longer to notice than behind a click. */
    private static final Duration EXPIRED_UNDO = Duration.ofDays(7);

    private final Facilities facilities;
    private final Trash trash;
    private final PlaybackFiles playback;

    RecordingCatalogue(Facilities facilities, FileNaming naming, Duration undo, Duration keepReceived) {
        this.facilities = facilities;
        trash = new Trash(facilities, naming, undo);
        playback = new PlaybackFiles(facilities, this, keepReceived);
    }

    /** What is made of takes for playing. */
    public PlaybackFiles playback() {
        return playback;
    }

    /**
     * The parts of a take that are in the output folders of all servers, in their order. A part of another sender's is none.
     *
     * @param takeId 1 to 64 letters, digits or hyphens
     */
    public List<Recording> parts(String takeId) throws StorageException {
        List<RecordingRow> rows = facilities.playback().parts(takeId);
        return recordings(rows.stream()
                .filter(row -> row.device().equals(rows.get(0).device()))
                .toList());
    }

    /** How a wish to take a recording back ended. */
    public sealed interface Restored {
        /** It is in the output folder again, maybe under another name. */
        record Back(Recording recording) implements Restored {}

        /** It was deleted too long ago. */
        record TooLate() implements Restored {}

        /** There is no deleted recording of that id. */
        record Unknown() implements Restored {}
    }

    /** How long a deleted recording can be taken back. */
    public Duration undo() {
        return trash.undo();
    }

    /**
     * What is in the output folders of all servers on the catalogue, the newest first. Paths are left out.
     *
     * @param limit 1 to {@link #MAX_PAGE}
     * @param skip how many newer ones to leave out, not negative
     */
    public List<Recording> newest(int limit, int skip) throws StorageException {
        if (limit < 1 || limit > MAX_PAGE || skip < 0) {
            throw new IllegalArgumentException(
                    "limit " + limit + ", skip " + skip + ": allowed are 1 to " + MAX_PAGE + " and 0 or more");
        }
        return recordings(facilities.recordings().newest(limit, skip));
    }

    /** The recording, if it is in the output folder. */
    public Optional<Recording> find(SessionId id) throws StorageException {
        Optional<RecordingRow> row = kept(id);
        return recordings(row.stream().toList()).stream().findFirst();
    }

    /** Whose recording it is, as the relay names devices; empty if it is not in the output folder. */
    public Optional<String> device(SessionId id) throws StorageException {
        return kept(id).map(RecordingRow::device);
    }

    /** Where the recording's file is; empty if somebody took it away, or it is in another server's folder. */
    public Optional<Path> file(SessionId id) throws StorageException {
        Optional<RecordingRow> row = keptHere(id);
        return row.isPresent() && isThere(row.get()) ? Optional.of(place(row.get())) : Optional.empty();
    }

    /**
     * Names the recording for people; its file keeps its name.
     *
     * @param label at most {@link Limits#MAX_LABEL_CHARS} characters, or {@code null} for none
     * @return the recording, or empty if there is none of that id
     */
    public synchronized Optional<Recording> label(SessionId id, @Nullable String label) throws StorageException {
        if (label != null && label.length() > Limits.MAX_LABEL_CHARS) {
            throw new IllegalArgumentException(
                    "label of " + label.length() + " characters: allowed are " + Limits.MAX_LABEL_CHARS);
        }
        return facilities.recordings().label(id, label) ? find(id) : Optional.empty();
    }

    /** Notes how long the recording plays, milliseconds; nothing happens if there is none of that id. */
    public synchronized void duration(SessionId id, long millis) throws StorageException {
        facilities.recordings().duration(id, millis);
    }

    /** Notes that the recording's sender stated this hash, computed from its own bytes. */
    public synchronized void confirm(SessionId id, String sha256) throws StorageException {
        facilities.recordings().confirm(id, sha256, facilities.time().instant());
    }

    /** Moves the recording into the trash; {@code false} if there is none of that id in this server's folder. */
    public synchronized boolean delete(SessionId id) throws StorageException {
        Optional<RecordingRow> row = keptHere(id);
        return row.isPresent() && trash.take(row.get(), facilities.time().instant());
    }

    /** Recordings in the output folder whose end never came, and that are this server's to look after. */
    public List<Recording> partial() throws StorageException {
        return recordings(facilities.recordings().mineIn(State.KEPT).stream()
                .filter(RecordingRow::partial)
                .toList());
    }

    /** Moves a recording whose time is over into the trash, where it can be taken back for days; false if it is gone. */
    public synchronized boolean expire(SessionId id) throws StorageException {
        Optional<RecordingRow> row = keptHere(id);
        return row.isPresent()
                && trash.take(row.get(), facilities.time().instant().plus(EXPIRED_UNDO));
    }

    /** The recording, if it is in the trash and can be taken back. */
    public Optional<Recording> inTrash(SessionId id) throws StorageException {
        return facilities
                .recordings()
                .find(id)
                .filter(row -> row.state() == State.TRASHED || row.state() == State.TRASHING)
                .map(row -> recording(row, null));
    }

    /** Takes a deleted recording back while that is possible. */
    public synchronized Restored restore(SessionId id) throws StorageException {
        Optional<RecordingRow> found = facilities.recordings().find(id).filter(facilities.recordings()::isHere);
        if (found.isEmpty() || found.get().state() == State.KEPT || found.get().state() == State.MISSING) {
            return new Restored.Unknown();
        }
        Optional<RecordingRow> back = trash.giveBack(found.get());
        return back.isPresent() ? new Restored.Back(recording(back.get(), null)) : new Restored.TooLate();
    }

    /**
     * Removes deleted recordings whose time to undo is over; called at start-up and now and then.
     *
     * @return how many files were removed
     */
    public synchronized int purge(Instant now) throws StorageException {
        int removed = trash.purge(now) + playback.purge(now);
        facilities.recordings().forget(now.minus(REMEMBER_REMOVED));
        return removed;
    }

    /**
     * Looks which files the user took out of the folder or put back, by name and length, and lists accordingly; called
     * now and then. While the folder itself is away (a stick pulled out), nothing changes.
     *
     * @return ids whose place in the list changed
     */
    public synchronized List<SessionId> scan() throws StorageException {
        if (!facilities.disk().exists(facilities.folders().incoming())) {
            return List.of();
        }
        List<RecordingRow> gone = new ArrayList<>();
        List<RecordingRow> back = new ArrayList<>();
        for (RecordingRow row : facilities.recordings().in(State.KEPT)) {
            if (!isThere(row)) {
                gone.add(row);
            }
        }
        for (RecordingRow row : facilities.recordings().in(State.MISSING)) {
            if (isThere(row)) {
                back.add(row);
            }
        }
        List<SessionId> changed = new ArrayList<>();
        for (RecordingRow row : gone) {
            if (facilities.recordings().become(row, State.MISSING, row.fileName(), null, null)) {
                changed.add(row.id());
            }
        }
        for (RecordingRow row : back) {
            if (facilities.recordings().become(row, State.KEPT, row.fileName(), null, null)) {
                changed.add(row.id());
            }
        }
        return changed;
    }

    /** Completes moves that a crash interrupted, and empties the trash of what is over. */
    synchronized void repair() throws StorageException {
        playback.repair();
        trash.repair();
        purge(facilities.time().instant());
    }

    /** Looks after what dead servers on the same storage left, and completes what they had begun. */
    synchronized void adopt(Set<String> dead) throws StorageException {
        int adopted = 0;
        for (String instance : facilities.recordings().owners()) {
            if (dead.contains(instance)) {
                // Before the catalogue says so: what the dead one, if it wakes, would put in place then is gone.
                playback.removeWorkOf(instance);
                adopted += facilities.recordings().adopt(instance);
            }
        }
        if (adopted > 0) {
            playback.settle();
            trash.repair();
        }
    }

    private Optional<RecordingRow> kept(SessionId id) throws StorageException {
        return facilities.recordings().find(id).filter(row -> row.state() == State.KEPT);
    }

    private Optional<RecordingRow> keptHere(SessionId id) throws StorageException {
        return kept(id).filter(facilities.recordings()::isHere);
    }

    private boolean isThere(RecordingRow row) throws StorageException {
        try {
            OptionalLong size = facilities.disk().size(place(row));
            return size.isPresent() && mayHave(row, size.getAsLong());
        } catch (IOException e) {
            throw DiskFailure.of(facilities.disk(), facilities.folders().output(), "look at " + row.fileName(), e);
        }
    }

    /** While a repaired file takes the final name, either length is right. */
    private static boolean mayHave(RecordingRow row, long bytes) {
        PlaybackRow made = row.playback();
        boolean isRepaired = made != null && made.bytes() != null && bytes == made.bytes();
        boolean mayBeReceived = made == null || made.state() != PlaybackRow.State.READY;
        return isRepaired || (mayBeReceived && bytes == row.bytes());
    }

    private Path place(RecordingRow row) {
        return facilities.folders().finished(row.fileName());
    }

    private static @Nullable Playback shown(@Nullable PlaybackRow row) {
        if (row == null) {
            return null;
        }
        boolean ready = row.state() == PlaybackRow.State.READY;
        return new Playback(
                row.state().name().toLowerCase(Locale.ROOT),
                ready ? row.bytes() : null,
                ready ? row.sha256() : null,
                ready && row.poster() != null);
    }

    /** What is missing before this part of a take. */
    private static List<Gap> gaps(RecordingRow row) {
        TakePart take = row.description().take();
        return take == null || take.gapMs() == 0
                ? row.gaps()
                : List.of(new Gap(0, take.gapMs(), String.valueOf(take.cause())));
    }

    /** Those of other servers' folders with the name of a server that has them. */
    private List<Recording> recordings(List<RecordingRow> rows) throws StorageException {
        boolean allHere = rows.stream().allMatch(facilities.recordings()::isHere);
        List<Server> servers = allHere ? List.of() : facilities.servers().list();
        List<Recording> found = new ArrayList<>();
        for (RecordingRow row : rows) {
            found.add(recording(
                    row,
                    facilities.recordings().isHere(row)
                            ? null
                            : TakeOver.keeper(servers, row)
                                    .map(server -> new InstanceName(server.id(), server.name()))
                                    .orElse(new InstanceName(row.owner(), row.owner()))));
        }
        return List.copyOf(found);
    }

    private static Recording recording(RecordingRow row, @Nullable InstanceName instance) {
        return new Recording(
                row.id(),
                row.fileName(),
                row.bytes(),
                row.chunks(),
                row.description().mime(),
                row.description().ext(),
                row.description().label(),
                row.millis(),
                row.description().ts(),
                row.saved().toEpochMilli(),
                row.peer(),
                row.partial(),
                row.sha256(),
                gaps(row),
                null,
                row.description().take(),
                shown(row.playback()),
                null,
                row.confirmed(),
                instance);
    }
}
