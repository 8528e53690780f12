package io.quickdrop.server.recordings;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import io.quickdrop.server.catalogue.PlaybackRow;
import io.quickdrop.server.catalogue.PlaybackRow.State;
import io.quickdrop.server.catalogue.RecordingRow;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The files that playing needs: which takes wait for a repair, where its new file is made, how it takes the final name, and
 * the received bytes that are kept for a while after. Recordings that are no part of a take are never touched.
 *
 * <p>Called from any thread; calls block.
 */
public final class PlaybackFiles {
    private static final Logger LOG = System.getLogger(PlaybackFiles.class.getName());
    /** More than that many are looked at when the first of them have no room. */
    private static final int LOOK_AT = 50;
    /** Beside the new file: its index, and a picture. */
    private static final long OVERHEAD_BYTES = 2L * 1024 * 1024;
    /** With less room than this, received bytes of repaired takes give way to takes that arrive. */
    private static final long TIGHT_BYTES = 128L * 1024 * 1024;

    private final Facilities facilities;
    /** Guards moves of finished files, together with the trash and the scan. */
    private final Object moves;

    private final Placing placing;
    private final Duration grace;

    PlaybackFiles(Facilities facilities, Object moves, Duration grace) {
        this.facilities = facilities;
        this.moves = moves;
        this.placing = new Placing(facilities);
        this.grace = grace;
    }

    /**
     * A take to be repaired.
     *
     * @param source its file, as received
     * @param fresh an empty file for the copy
     * @param poster an empty file for the picture
     * @param bytes length of the source
     */
    public record Job(SessionId id, Path source, Path fresh, Path poster, long bytes) {}

    /** The folder in which new files are made, on the volume of the recordings. */
    public Path workFolder() {
        return facilities.folders().work();
    }

    /** A new name in the work folder that nobody has. */
    public Path newWorkFile(String ending) {
        return facilities.folders().work().resolve(Facilities.newName(ending));
    }

    /** Refuses with {@link Kind#FULL} where there is no room for so many bytes above the reserve. */
    public void requireRoom(long bytes) throws StorageException {
        facilities.free().require(bytes);
    }

    /** The oldest take that waits and has room for its copy; it is being worked on from now. */
    public Optional<Job> next() throws StorageException {
        synchronized (moves) {
            for (RecordingRow row : facilities.playback().waiting(LOOK_AT)) {
                if (isAsReceived(row)
                        && hasRoom(row.bytes())
                        && facilities.playback().become(row.id(), State.WAITING, State.WORKING, null)) {
                    return Optional.of(begin(row));
                }
            }
            return Optional.empty();
        }
    }

    private Job begin(RecordingRow row) throws StorageException {
        Job job = new Job(row.id(), place(row), newWorkFile(".media"), newWorkFile(".jpg"), row.bytes());
        try {
            // Made here, for this user alone; the child writes into them.
            facilities.disk().create(job.fresh()).close();
            facilities.disk().create(job.poster()).close();
            return job;
        } catch (IOException e) {
            later(job);
            throw DiskFailure.of(facilities.disk(), workFolder(), "make a file", e);
        }
    }

    private boolean hasRoom(long bytes) throws StorageException {
        try {
            facilities.free().require(bytes + OVERHEAD_BYTES);
            return true;
        } catch (StorageException e) {
            if (e.kind() == Kind.FULL) {
                return false; // it waits until there is room
            }
            throw e;
        }
    }

    /**
     * Gives the final name to the job's new file, which was verified, and keeps the received bytes beside it.
     *
     * @param durationMs how long it plays
     * @return {@code false} if the recording has been moved or changed meanwhile: then nothing happened
     */
    public boolean place(Job job, long durationMs) throws StorageException {
        try {
            Placing.Made made = placing.inspect(job.fresh(), durationMs);
            synchronized (moves) {
                return placing.place(job, made);
            }
        } finally {
            facilities.tidy(job.fresh());
            facilities.tidy(job.poster());
        }
    }

    /** The take stays as it came; {@code note} says why, in words. */
    public void giveUp(Job job, String note) throws StorageException {
        facilities.tidy(job.fresh());
        facilities.tidy(job.poster());
        facilities.playback().become(job.id(), State.WORKING, State.AS_RECEIVED, note);
    }

    /** The take waits again. */
    public void later(Job job) throws StorageException {
        facilities.tidy(job.fresh());
        facilities.tidy(job.poster());
        synchronized (moves) {
            placing.settle(job.id());
        }
    }

    /** The bytes as they were received, while they are kept; empty if there is no such recording or its grace is over. */
    public Optional<Path> received(SessionId id) throws StorageException {
        Optional<RecordingRow> row = facilities
                .recordings()
                .find(id)
                .filter(found -> found.state() == RecordingRow.State.KEPT)
                .filter(facilities.recordings()::isHere);
        if (row.isEmpty()) {
            return Optional.empty();
        }
        Path kept = placing.received(id);
        if (facilities.disk().exists(kept)) {
            return Optional.of(kept);
        }
        return isAsReceived(row.get()) ? Optional.of(place(row.get())) : Optional.empty();
    }

    /** The picture of the recording, if there is one. */
    public Optional<Path> poster(SessionId id) throws StorageException {
        return facilities
                .recordings()
                .find(id)
                .filter(row -> row.state() == RecordingRow.State.KEPT)
                .filter(facilities.recordings()::isHere)
                .map(RecordingRow::playback)
                .map(PlaybackRow::poster)
                .map(name -> facilities.folders().posters().resolve(name))
                .filter(facilities.disk()::exists);
    }

    /**
     * Removes received bytes whose grace is over, or earlier where room is scarce, and pictures of recordings that are gone.
     *
     * @return how many files were removed
     */
    public int purge(Instant now) throws StorageException {
        synchronized (moves) {
            // Listed before the catalogue is asked: what another server on the same storage adds in between is not in
            // these.
            List<Path> received = files(facilities.folders().received());
            List<Path> posters = files(facilities.folders().posters());
            Set<Path> needed = new HashSet<>();
            for (RecordingRow row : facilities.playback().made()) {
                PlaybackRow made = playback(row);
                if (made.poster() != null) {
                    needed.add(facilities.folders().posters().resolve(made.poster()));
                }
                Instant since = made.since();
                if (since == null || now.isBefore(since.plus(grace))) {
                    needed.add(placing.received(row.id()));
                }
            }
            if (!facilities.place().isAlone()) {
                for (RecordingRow row : facilities.playback().working()) {
                    needed.add(placing.received(row.id()));
                    needed.add(placing.poster(row.id()));
                }
            }
            return removeAllBut(needed, received) + removeAllBut(needed, posters) + makeRoom();
        }
    }

    private List<Path> files(Path folder) throws StorageException {
        try {
            return facilities.disk().list(folder);
        } catch (IOException e) {
            throw DiskFailure.of(facilities.disk(), folder, "tidy up", e);
        }
    }

    private int removeAllBut(Set<Path> needed, List<Path> files) {
        int removed = 0;
        for (Path file : files) {
            if (!needed.contains(file)) {
                facilities.tidy(file);
                removed++;
            }
        }
        return removed;
    }

    /** The copies that were verified are as good: what arrives goes before what is kept twice. */
    private int makeRoom() throws StorageException {
        int removed = 0;
        List<RecordingRow> oldest = facilities.playback().made().stream()
                .filter(row -> playback(row).state() == State.READY
                        && facilities.disk().exists(placing.received(row.id())))
                .sorted(Comparator.comparing(RecordingRow::saved))
                .toList();
        for (RecordingRow row : oldest) {
            if (hasRoom(TIGHT_BYTES)) {
                break;
            }
            LOG.log(
                    Level.INFO,
                    "room is scarce: the received bytes of {0} go before their time; its repaired file stays",
                    row.fileName());
            facilities.tidy(placing.received(row.id()));
            removed++;
        }
        return removed;
    }

    /** Finds out what a crash interrupted, and empties the work folder. */
    void repair() throws StorageException {
        settle();
        removeAllBut(Set.of(), files(workFolder()));
    }

    /** Removes what a dead server was making: if it wakes, it has nothing to put in place. */
    void removeWorkOf(String instance) throws StorageException {
        Path folder = workFolder().resolveSibling(instance);
        if (!folder.equals(workFolder()) && facilities.disk().exists(folder)) {
            removeAllBut(Set.of(), files(folder));
        }
    }

    /** Finds out what was interrupted of what is this server's by now. */
    void settle() throws StorageException {
        for (RecordingRow row : facilities.playback().working()) {
            if (!row.owner().equals(facilities.place().instance())) {
                continue;
            }
            try {
                placing.settle(row.id());
            } catch (StorageException e) {
                // It stays as it is, whole under its name; the next start looks again, and this one goes on for all
                // others.
                LOG.log(Level.WARNING, "which file of the recording " + row.id() + " is in place is not known yet", e);
            }
        }
    }

    private boolean isAsReceived(RecordingRow row) throws StorageException {
        try {
            return (row.playback() == null || row.playback().state() != State.READY)
                    && facilities.disk().size(place(row)).equals(OptionalLong.of(row.bytes()));
        } catch (IOException e) {
            throw DiskFailure.of(facilities.disk(), facilities.folders().output(), "look at " + row.fileName(), e);
        }
    }

    private Path place(RecordingRow row) {
        return facilities.folders().finished(row.fileName());
    }

    private static PlaybackRow playback(RecordingRow row) {
        return Objects.requireNonNull(row.playback(), "a recording that was repaired says so");
    }
}
