package io.quickdrop.server.recordings;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.driver.RecordingStore;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.Catalogue;
import io.quickdrop.server.catalogue.Place;
import io.quickdrop.server.catalogue.PlaybackTable;
import io.quickdrop.server.catalogue.RecordingRow;
import io.quickdrop.server.catalogue.RecordingTable;
import io.quickdrop.server.catalogue.UploadRow;
import io.quickdrop.server.catalogue.UploadTable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Recordings as files of a folder, with their catalogue in a database. Acknowledged bytes survive a power cut; opening a
 * session after a restart costs the same however long the recording is.
 */
public final class FileRecordingStore implements RecordingStore, AutoCloseable {
    private static final Logger LOG = System.getLogger(FileRecordingStore.class.getName());
    /** Openings of different sessions hardly ever wait for each other. */
    private static final int OPENING_LOCKS = 64;

    private final Facilities facilities;
    private final Completion completion;
    private final RecordingCatalogue recordings;
    private final Storage storage;
    private final Map<SessionId, FileRecording> open = new ConcurrentHashMap<>();
    private final List<Object> openingLocks =
            Stream.generate(Object::new).limit(OPENING_LOCKS).toList();

    /**
     * Opens the store and completes what a crash interrupted.
     *
     * @param catalogue in the settings' data folder; stays the caller's to close, after the store
     * @throws StorageException if the output folder is in use or can't be written to, with a sentence for people
     */
    public FileRecordingStore(StoreSettings settings, Catalogue catalogue, FileNaming naming, InstantSource time)
            throws StorageException {
        this(settings, catalogue, naming, time, new LocalDisk());
    }

    /** The same on another disk, for tests of failing ones. */
    public FileRecordingStore(
            StoreSettings settings, Catalogue catalogue, FileNaming naming, InstantSource time, Disk disk)
            throws StorageException {
        this(settings, Storage.claim(settings), catalogue, naming, time, disk);
    }

    /**
     * The same in a folder that was claimed before.
     *
     * @param storage is this store's to close from now on
     */
    public FileRecordingStore(
            StoreSettings settings,
            Storage storage,
            Catalogue catalogue,
            FileNaming naming,
            InstantSource time,
            Disk disk)
            throws StorageException {
        this.storage = storage;
        StoreFolders folders = StoreFolders.prepare(settings.output(), settings.membership());
        StoreSettings.Membership member = settings.membership();
        Place place = member == null ? Place.alone(catalogue) : new Place(member.instance(), storage.id());
        facilities = new Facilities(
                disk,
                folders,
                new UploadTable(catalogue, place),
                new RecordingTable(catalogue, place),
                new PlaybackTable(catalogue, place),
                new FreeSpace(disk, folders.output(), settings.reserveBytes(), time),
                time,
                member == null ? Servers.NONE : member.servers());
        completion = new Completion(facilities, naming);
        recordings = new RecordingCatalogue(facilities, naming, settings.undo(), settings.keepReceived());
        try {
            StartUp.repair(facilities, completion, catalogue.isNew());
            recordings.repair();
        } catch (StorageException | RuntimeException e) {
            releaseAfter(e);
            throw e;
        }
    }

    private void releaseAfter(Exception cause) {
        try {
            close();
        } catch (StorageException e) {
            cause.addSuppressed(e);
        }
    }

    /** Which server this is, and which storage its output folder is. */
    public Place place() {
        return facilities.place();
    }

    /** The recordings that ended, for dashboards. */
    public RecordingCatalogue recordings() {
        return recordings;
    }

    @Override
    public Opening open(SessionId id, String device, Description description) throws StorageException {
        synchronized (openingLocks.get(Math.floorMod(id.hashCode(), OPENING_LOCKS))) {
            FileRecording earlier = open.remove(id);
            if (earlier != null) {
                earlier.fenceOff();
            }
            Optional<UploadRow> known = facilities.uploads().find(id);
            if (known.isPresent()) {
                TakeOver.requireAllowed(facilities, known.get());
                return resume(known.get());
            }
            Optional<RecordingRow> ended = facilities.recordings().find(id);
            if (ended.isPresent()) {
                return new Opening.Finished(
                        Completion.saved(ended.get()), ended.get().device());
            }
            return begin(id, device, description);
        }
    }

    private Opening begin(SessionId id, String device, Description description) throws StorageException {
        PartFile part;
        try {
            part = PartFile.create(facilities);
        } catch (IOException e) {
            throw incomingFailed("make a file", e);
        }
        try {
            facilities
                    .uploads()
                    .insert(
                            id,
                            device,
                            part.name(),
                            description,
                            facilities.time().instant());
            UploadRow row = facilities
                    .uploads()
                    .find(id)
                    .orElseThrow(() -> new AssertionError("session " + id + " is gone right after it was added"));
            if (!row.partFile().equals(part.name())) {
                throw TakeOver.elsewhere(facilities, row); // another server was asked at the same time, and was faster
            }
            return writable(row, part, false);
        } catch (StorageException e) {
            part.close();
            removeIfUnknown(id, part, e);
            throw e;
        }
    }

    /** The catalogue may know the file although it reported a failure: then the next opening goes on with it. */
    private void removeIfUnknown(SessionId id, PartFile part, StorageException cause) {
        try {
            if (facilities
                    .uploads()
                    .find(id)
                    .filter(row -> row.partFile().equals(part.name()))
                    .isEmpty()) {
                part.closeAndRemove();
            }
        } catch (StorageException e) {
            cause.addSuppressed(e);
        }
    }

    private Opening resume(UploadRow known) throws StorageException {
        if (!facilities.uploads().takeOver(known)) {
            throw Completion.fenced(known);
        }
        UploadRow row = facilities.uploads().find(known.id()).orElseThrow(() -> Completion.fenced(known));
        try {
            if (row.ending() != null && completion.hasBytes(row)) {
                return new Opening.Finished(completion.complete(row), row.device());
            }
            OptionalLong length = facilities.disk().size(facilities.folders().part(row.partFile()));
            if (!TakeOver.isOwnFile(facilities, row)) {
                TakeOver.Copied copied = TakeOver.copy(facilities, row);
                return writable(copied.row(), copied.part(), true);
            }
            if (row.ending() != null || length.isEmpty() || length.getAsLong() < row.committedOffset()) {
                return resumeShortened(row, length);
            }
            return writable(row, PartFile.open(facilities, row.partFile(), row.committedOffset()), true);
        } catch (IOException e) {
            throw incomingFailed("open " + row.partFile(), e);
        }
    }

    /** Somebody cut or removed the file. What is left is kept, and the sender learns the truth from the offset. */
    private Opening resumeShortened(UploadRow row, OptionalLong length) throws IOException, StorageException {
        long left = Math.min(row.committedOffset(), length.orElse(0));
        LOG.log(
                Level.ERROR,
                "session {0}: {1} has {2} of the {3} bytes that were forced; somebody else changed it",
                row.id(),
                row.partFile(),
                left,
                row.committedOffset());
        PartFile part =
                length.isEmpty() ? PartFile.create(facilities) : PartFile.open(facilities, row.partFile(), left);
        if (!facilities.uploads().fallBack(row.id(), row.epoch(), part.name(), left)) {
            throw Completion.fenced(row);
        }
        UploadRow shortened = facilities.uploads().find(row.id()).orElseThrow(() -> Completion.fenced(row));
        return writable(shortened, part, true);
    }

    private Opening writable(UploadRow row, PartFile part, boolean resumed) {
        FileRecording[] self = new FileRecording[1];
        FileRecording recording = new FileRecording(
                facilities, completion, new LiveUpload(facilities, row, part), () -> open.remove(row.id(), self[0]));
        self[0] = recording;
        open.put(row.id(), recording);
        return new Opening.Writable(recording, row.device(), resumed);
    }

    /**
     * What of an upload may be read while it arrives.
     *
     * @param bytes how many are durable; behind them the file holds what nobody acknowledged
     */
    public record Arrived(Path file, long bytes, Description description) {}

    /** What has arrived of a session that has not ended. */
    public Optional<Arrived> arrived(SessionId id) throws StorageException {
        return facilities
                .uploads()
                .find(id)
                .filter(facilities.uploads()::isHere)
                .map(row -> new Arrived(
                        facilities.folders().part(row.partFile()), row.committedOffset(), row.description()));
    }

    @Override
    public List<Unfinished> unfinished() throws StorageException {
        return facilities.uploads().mine().stream().map(this::unfinished).toList();
    }

    private Unfinished unfinished(UploadRow row) {
        Duration idle = Duration.between(row.changed(), facilities.time().instant());
        return new Unfinished(
                row.id(),
                row.device(),
                row.description(),
                completion.nameNow(row.description(), row.begun()),
                row.committedOffset(),
                row.chunks(),
                idle.isNegative() ? Duration.ZERO : idle);
    }

    /** Who receives a session, or would: a session that nobody knows begins here. Asks the catalogue. */
    public Whereabouts session(SessionId id) throws StorageException {
        if (facilities.place().isAlone()) {
            return new Whereabouts.Here();
        }
        Optional<UploadRow> found = facilities.uploads().find(id);
        return found.isEmpty() ? new Whereabouts.Here() : TakeOver.whereabouts(facilities, found.get());
    }

    /** Who has the file of a recording, in whatever state it is. Asks the catalogue. */
    public Whereabouts recording(SessionId id) throws StorageException {
        if (facilities.place().isAlone()) {
            return new Whereabouts.Here();
        }
        Optional<RecordingRow> found = facilities.recordings().find(id);
        return found.isEmpty() ? new Whereabouts.Here() : TakeOver.whereabouts(facilities, found.get());
    }

    /** Who has the files of a take's parts. Asks the catalogue. */
    public Whereabouts take(String takeId) throws StorageException {
        return facilities.place().isAlone()
                ? new Whereabouts.Here()
                : TakeOver.whereabouts(facilities, takeId, facilities.playback().parts(takeId));
    }

    /**
     * Takes over what dead servers on the same storage left: their recordings, and their sessions, which wait for their senders
     * here from now on.
     *
     * @param dead ids of servers that were not heard of for long enough
     * @return the sessions; those that were being completed are recordings now, or are completed when they are asked for
     */
    public List<Unfinished> adopt(Set<String> dead) throws StorageException {
        List<Unfinished> adopted = new ArrayList<>();
        for (UploadRow row : facilities.uploads().all()) {
            if (dead.contains(row.owner())
                    && hasItsBytes(row)
                    && facilities.uploads().takeOver(row)) {
                facilities.uploads().find(row.id()).ifPresent(mine -> {
                    if (mine.ending() != null) {
                        StartUp.tryToComplete(completion, mine);
                    } else {
                        adopted.add(unfinished(mine));
                    }
                });
            }
        }
        recordings.adopt(dead);
        return adopted;
    }

    private boolean hasItsBytes(UploadRow row) {
        try {
            TakeOver.requireBytes(facilities, row);
            return true;
        } catch (StorageException e) {
            LOG.log(Level.WARNING, e.getMessage());
            return false;
        }
    }

    /** What other servers on the catalogue receive. */
    public OthersUploads others() throws StorageException {
        return OthersUploads.read(facilities, completion);
    }

    /** Lets go of a session that another server owns now: what is open of it fails from now on. */
    public void letGo(SessionId id) {
        FileRecording stale = open.remove(id);
        if (stale != null) {
            stale.fenceOff();
        }
    }

    @Override
    public long freeBytes() {
        return facilities.free().left();
    }

    private StorageException incomingFailed(String doing, IOException cause) {
        return DiskFailure.of(facilities.disk(), facilities.folders().incoming(), doing, cause);
    }

    /** Lets go of every file and of the output folder. Sessions stay; recordings that are open fail from now on. */
    @Override
    public void close() throws StorageException {
        for (FileRecording recording : List.copyOf(open.values())) {
            recording.fenceOff();
        }
        open.clear();
        storage.close();
    }
}
