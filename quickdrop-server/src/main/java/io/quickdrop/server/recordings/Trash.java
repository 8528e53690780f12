package io.quickdrop.server.recordings;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.RecordingRow;
import io.quickdrop.server.catalogue.RecordingRow.State;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Deleted recordings, until their time to undo is over. The catalogue notes each move before it is made, so that a crash
 * leaves a move to be completed and never a file that nobody knows. Confined by its {@link RecordingCatalogue}.
 */
final class Trash {
    private static final Logger LOG = System.getLogger(Trash.class.getName());
    private static final String ENDING = ".trash";
    /** A name is looked for that often when a recording comes back and its own was taken. */
    private static final int MAX_NAMES = 10_000;

    private final Facilities facilities;
    private final FileNaming naming;
    private final Duration undo;

    Trash(Facilities facilities, FileNaming naming, Duration undo) {
        this.facilities = facilities;
        this.naming = naming;
        this.undo = undo;
    }

    Duration undo() {
        return undo;
    }

    /**
     * Moves a kept recording in; {@code false} if its file was gone before.
     *
     * @param deleted when the time to undo begins
     */
    boolean take(RecordingRow kept, Instant deleted) throws StorageException {
        return moveIn(become(kept, State.TRASHING, kept.fileName(), Facilities.newName(ENDING), deleted));
    }

    /** Moves a deleted recording back, maybe under another name; empty if its time is over or its file is gone. */
    Optional<RecordingRow> giveBack(RecordingRow deleted) throws StorageException {
        RecordingRow row = deleted;
        if (row.state() == State.TRASHING) {
            // A failure interrupted the way in: complete it first.
            if (!moveIn(row)) {
                return Optional.empty();
            }
            row = reread(row, State.TRASHED);
        }
        if (row.state() == State.TRASHED && !isExpired(row, facilities.time().instant())) {
            row = become(row, State.RESTORING, freeName(row), row.trashName(), row.deleted());
        }
        return row.state() == State.RESTORING ? Optional.of(moveOut(row)) : Optional.empty();
    }

    /** Removes the files of this server's whose time is over, and says how many. */
    int purge(Instant now) throws StorageException {
        int removed = 0;
        for (RecordingRow row : facilities.recordings().mineIn(State.TRASHED)) {
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
        return removed;
    }

    /** Completes the moves that a crash interrupted. */
    void repair() throws StorageException {
        for (RecordingRow row : facilities.recordings().mineIn(State.TRASHING)) {
            complete(row);
        }
        for (RecordingRow row : facilities.recordings().mineIn(State.RESTORING)) {
            complete(row);
        }
    }

    private void complete(RecordingRow row) {
        try {
            if (row.state() == State.TRASHING) {
                moveIn(row);
            } else {
                moveOut(row);
            }
        } catch (StorageException e) {
            // It is tried again at the next start, or when somebody asks for it; the server starts for all others.
            LOG.log(Level.WARNING, "the recording " + row.id() + " is still on its way", e);
        }
    }

    /** {@code false} if the file was gone before it could be moved. */
    private boolean moveIn(RecordingRow moving) throws StorageException {
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

    private RecordingRow moveOut(RecordingRow moving) throws StorageException {
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
            return moveOut(become(
                    trashedAgain,
                    State.RESTORING,
                    freeName(trashedAgain),
                    trashedAgain.trashName(),
                    trashedAgain.deleted()));
        } catch (IOException e) {
            throw DiskFailure.of(disk, facilities.folders().output(), "take back " + moving.fileName(), e);
        }
        facilities.recordings().displace(moving.fileName(), moving.id());
        return become(moving, State.KEPT, moving.fileName(), null, null);
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
        // The new name first: a power cut may keep a removal and lose a name that was given before it.
        disk.syncFolder(facilities.folders().output());
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

    private RecordingRow become(
            RecordingRow row, State next, String fileName, @Nullable String trashName, @Nullable Instant deleted)
            throws StorageException {
        facilities.recordings().become(row, next, fileName, trashName, deleted);
        return reread(row, next);
    }

    private RecordingRow reread(RecordingRow row, State expected) throws StorageException {
        return facilities
                .recordings()
                .find(row.id())
                .filter(now -> now.state() == expected)
                .orElseThrow(() -> new StorageException(
                        StorageException.Kind.FAILED,
                        "the recording " + row.id() + " could not become " + expected
                                + ": somebody else has its name or moved it"));
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
}
