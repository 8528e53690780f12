package io.quickdrop.server.recordings;

import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.ObserverMessage.Recording;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.RecordingRow;
import io.quickdrop.server.catalogue.RecordingRow.State;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
    /** A name is looked for that often when a recording comes back and its own was taken. */
    private static final int MAX_NAMES = 10_000;

    private final Facilities facilities;
    private final FileNaming naming;
    private final Duration undo;

    RecordingCatalogue(Facilities facilities, FileNaming naming, Duration undo) {
        this.facilities = facilities;
        this.naming = naming;
        this.undo = undo;
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
        return undo;
    }

    /**
     * What is in the output folder, the newest first. Paths are left out.
     *
     * @param limit 1 to {@link #MAX_PAGE}
     * @param skip how many newer ones to leave out, not negative
     */
    public List<Recording> newest(int limit, int skip) throws StorageException {
        if (limit < 1 || limit > MAX_PAGE || skip < 0) {
            throw new IllegalArgumentException(
                    "limit " + limit + ", skip " + skip + ": allowed are 1 to " + MAX_PAGE + " and 0 or more");
        }
        return facilities.recordings().newest(limit, skip).stream()
                .map(RecordingCatalogue::recording)
                .toList();
    }

    /** The recording, if it is in the output folder. */
    public Optional<Recording> find(SessionId id) throws StorageException {
        return kept(id).map(RecordingCatalogue::recording);
    }

    /** Where the recording's file is; empty if somebody took it away. */
    public Optional<Path> file(SessionId id) throws StorageException {
        Optional<RecordingRow> row = kept(id);
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

    /** Moves the recording into the trash; {@code false} if there is none of that id. */
    public synchronized boolean delete(SessionId id) throws StorageException {
        Optional<RecordingRow> row = kept(id);
        if (row.isEmpty()) {
            return false;
        }
        RecordingRow moving = become(
                row.get(),
                State.TRASHING,
                row.get().fileName(),
                Facilities.newName(".trash"),
                facilities.time().instant());
        return intoTrash(moving);
    }

    /** Takes a deleted recording back while that is possible. */
    public synchronized Restored restore(SessionId id) throws StorageException {
        Optional<RecordingRow> found = facilities.recordings().find(id);
        if (found.isEmpty()) {
            return new Restored.Unknown();
        }
        return switch (found.get().state()) {
            case TRASHED ->
                isExpired(found.get(), facilities.time().instant())
                        ? new Restored.TooLate()
                        : outOfTrash(become(found.get(), State.RESTORING, freeName(found.get())));
            case RESTORING -> outOfTrash(found.get());
            case REMOVED -> new Restored.TooLate();
            case TRASHING -> intoTrash(found.get()) ? restore(id) : new Restored.TooLate();
            case KEPT, MISSING -> new Restored.Unknown();
        };
    }

    /**
     * Removes deleted recordings whose time to undo is over; called at start-up and now and then.
     *
     * @return how many files were removed
     */
    public synchronized int purge(Instant now) throws StorageException {
        int removed = 0;
        for (RecordingRow row : facilities.recordings().in(State.TRASHED)) {
            if (isExpired(row, now)) {
                try {
                    facilities.disk().delete(trashPlace(row));
                } catch (IOException e) {
                    throw DiskFailure.of(
                            facilities.disk(), facilities.folders().trash(), "remove " + row.fileName(), e);
                }
                become(row, State.REMOVED, row.fileName(), null, row.deleted());
                removed++;
            }
        }
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
        for (RecordingRow row : facilities.recordings().in(State.TRASHING)) {
            intoTrash(row);
        }
        for (RecordingRow row : facilities.recordings().in(State.RESTORING)) {
            outOfTrash(row);
        }
        purge(facilities.time().instant());
    }

    /** {@code false} if the file was gone before it could be moved. */
    private boolean intoTrash(RecordingRow moving) throws StorageException {
        Path trashed = trashPlace(moving);
        StoreFolders folders = facilities.folders();
        try {
            if (!facilities.disk().exists(trashed)) {
                facilities.disk().replace(trashed, place(moving));
            }
            facilities.disk().syncFolder(folders.trash());
            facilities.disk().syncFolder(folders.output());
        } catch (NoSuchFileException e) {
            become(moving, State.MISSING, moving.fileName(), null, null);
            return false;
        } catch (IOException e) {
            throw DiskFailure.of(facilities.disk(), folders.output(), "move " + moving.fileName() + " to the trash", e);
        }
        become(moving, State.TRASHED, moving.fileName(), moving.trashName(), moving.deleted());
        return true;
    }

    private Restored outOfTrash(RecordingRow moving) throws StorageException {
        Path trashed = trashPlace(moving);
        Disk disk = facilities.disk();
        try {
            if (disk.exists(trashed)) {
                moveBack(trashed, place(moving));
            }
            disk.syncFolder(facilities.folders().output());
        } catch (FileAlreadyExistsException e) {
            RecordingRow trashedAgain =
                    become(moving, State.TRASHED, moving.fileName(), moving.trashName(), moving.deleted());
            return outOfTrash(become(trashedAgain, State.RESTORING, freeName(trashedAgain)));
        } catch (IOException e) {
            throw DiskFailure.of(disk, facilities.folders().output(), "take back " + moving.fileName(), e);
        }
        facilities.recordings().displace(moving.fileName(), moving.id());
        RecordingRow back = become(moving, State.KEPT, moving.fileName(), null, null);
        return new Restored.Back(recording(back));
    }

    /** By a second name, which replaces nothing; without hard links by a move to a name that was free a moment ago. */
    private void moveBack(Path trashed, Path place) throws IOException {
        Disk disk = facilities.disk();
        if (disk.exists(place)) {
            if (!disk.isSame(trashed, place)) {
                throw new FileAlreadyExistsException(place.toString());
            }
        } else {
            try {
                disk.link(place, trashed);
            } catch (FileAlreadyExistsException e) {
                throw e;
            } catch (IOException e) {
                disk.replace(place, trashed);
            }
        }
        disk.delete(trashed);
    }

    private String freeName(RecordingRow row) throws StorageException {
        String name = row.fileName();
        for (int taken = 0;
                taken < MAX_NAMES
                        && facilities.disk().exists(facilities.folders().finished(name));
                taken++) {
            String next = naming.name(row.description(), row.begun(), taken);
            name = row.partial() ? Completion.partialName(next) : next;
        }
        return name;
    }

    private RecordingRow become(RecordingRow row, State next, String fileName) throws StorageException {
        return become(row, next, fileName, row.trashName(), row.deleted());
    }

    private RecordingRow become(
            RecordingRow row, State next, String fileName, @Nullable String trashName, @Nullable Instant deleted)
            throws StorageException {
        facilities.recordings().become(row, next, fileName, trashName, deleted);
        return facilities
                .recordings()
                .find(row.id())
                .filter(now -> now.state() == next)
                .orElseThrow(() -> new StorageException(
                        StorageException.Kind.FAILED,
                        "the recording " + row.id() + " could not become " + next + ": its name or state was taken"));
    }

    private Optional<RecordingRow> kept(SessionId id) throws StorageException {
        return facilities.recordings().find(id).filter(row -> row.state() == State.KEPT);
    }

    private boolean isThere(RecordingRow row) throws StorageException {
        try {
            return facilities.disk().size(place(row)).equals(OptionalLong.of(row.bytes()));
        } catch (IOException e) {
            throw DiskFailure.of(facilities.disk(), facilities.folders().output(), "look at " + row.fileName(), e);
        }
    }

    private boolean isExpired(RecordingRow row, Instant now) {
        return row.deleted() == null || !now.isBefore(row.deleted().plus(undo));
    }

    private Path place(RecordingRow row) {
        return facilities.folders().finished(row.fileName());
    }

    private Path trashPlace(RecordingRow row) {
        return facilities.folders().trash().resolve(String.valueOf(row.trashName()));
    }

    private static Recording recording(RecordingRow row) {
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
                row.gaps(),
                null);
    }
}
