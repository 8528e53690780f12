package io.quickdrop.relay.driver;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.driver.StorageException.Kind;
import io.quickdrop.relay.driver.StoreFault.Call;
import io.quickdrop.relay.upload.SavedRecording;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store of bytes in memory, for tests, simulations and small embedders. It knows what a power cut would leave
 * ({@link #crash}), may be full, and fails where a {@link StoreFault} says so.
 *
 * <p>Called from any thread; all calls wait for each other.
 */
public final class InMemoryRecordingStore implements RecordingStore {
    private final InstantSource time;
    /** By session, the oldest first. */
    private final Map<SessionId, Entry> entries = new LinkedHashMap<>();

    private StoreFault fault = StoreFault.NONE;
    private long capacityBytes = Long.MAX_VALUE;
    private long usedBytes;

    /** @param time for {@link RecordingStore.Unfinished#idle} */
    public InMemoryRecordingStore(InstantSource time) {
        this.time = time;
    }

    /** What is known of a session. Guarded by the store. */
    static final class Entry {
        final SessionId id;
        final String device;
        final Description description;
        final RecordedBytes bytes = new RecordedBytes();
        long durableBytes;
        long chunks;
        Instant changed;

        @Nullable
        SavedRecording saved;

        @Nullable
        InMemoryRecording owner;

        Entry(SessionId id, String device, Description description, Instant begun) {
            this.id = id;
            this.device = device;
            this.description = description;
            this.changed = begun;
        }
    }

    @Override
    public synchronized Opening open(SessionId id, String device, Description description) throws StorageException {
        fault.before(Call.OPEN, id);
        Entry known = entries.get(id);
        if (known != null && known.saved != null) {
            return new Opening.Finished(known.saved, known.device);
        }
        Entry entry = known != null ? known : new Entry(id, device, description, time.instant());
        entries.put(id, entry);
        cut(entry, entry.durableBytes);
        InMemoryRecording recording = new InMemoryRecording(this, entry);
        entry.owner = recording;
        return new Opening.Writable(recording, entry.device, known != null);
    }

    @Override
    public synchronized List<Unfinished> unfinished() {
        List<Unfinished> found = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.saved == null) {
                Duration idle = Duration.between(entry.changed, time.instant());
                found.add(new Unfinished(
                        entry.id,
                        entry.device,
                        entry.description,
                        fileName(entry, false),
                        entry.durableBytes,
                        entry.chunks,
                        idle.isNegative() ? Duration.ZERO : idle));
            }
        }
        return found;
    }

    @Override
    public synchronized long freeBytes() {
        return Math.max(0, capacityBytes - usedBytes);
    }

    /** Bytes that may be kept at once, over all recordings; unbounded at first. May be less than what is kept. */
    public synchronized void limitTo(long bytes) {
        capacityBytes = bytes;
    }

    /** Lets calls fail from now on. */
    public synchronized void failBy(StoreFault next) {
        fault = next;
    }

    /**
     * What a power cut leaves: bytes that were not forced are gone, and every recording that was open fails from now on
     * and has to be opened again.
     */
    public synchronized void crash() {
        for (Entry entry : entries.values()) {
            entry.owner = null;
            if (entry.saved == null) {
                cut(entry, entry.durableBytes);
            }
        }
    }

    /** A copy of what the session's recording holds, forced or not; empty if the session is not known. */
    public synchronized Optional<byte[]> bytes(SessionId id) {
        return Optional.ofNullable(entries.get(id)).map(entry -> entry.bytes.copy());
    }

    /** The session's recording, if it ended. */
    public synchronized Optional<SavedRecording> saved(SessionId id) {
        return Optional.ofNullable(entries.get(id)).map(entry -> entry.saved);
    }

    /** Forgets the session and its bytes, whatever became of it. */
    public synchronized void forget(SessionId id) {
        Entry entry = entries.remove(id);
        if (entry != null) {
            entry.owner = null;
            usedBytes -= entry.bytes.length();
        }
    }

    /** The time that {@link Entry#changed} is set to. */
    Instant now() {
        return time.instant();
    }

    /** Asks the fault, and whether the recording still owns the session. Held: the store. */
    void enter(Call call, Entry entry, InMemoryRecording recording) throws StorageException {
        if (entry.owner != recording) {
            throw new StorageException(
                    Kind.FAILED, "session " + entry.id + " was taken over, or the store crashed: open it again");
        }
        fault.before(call, entry.id);
    }

    /** Counts bytes that are about to be kept. Held: the store. */
    void take(Entry entry, long bytes) throws StorageException {
        if (bytes > freeBytes()) {
            throw new StorageException(
                    Kind.FULL, "room for " + freeBytes() + " bytes; session " + entry.id + " needs " + bytes);
        }
        usedBytes += bytes;
    }

    /** Drops what is behind {@code bytes}. Held: the store. */
    void cut(Entry entry, long bytes) {
        usedBytes -= entry.bytes.length() - bytes;
        entry.bytes.cut(bytes);
    }

    static String fileName(Entry entry, boolean partial) {
        return entry.id.value().replace(':', '_') + (partial ? ".partial." : ".") + entry.description.ext();
    }
}
