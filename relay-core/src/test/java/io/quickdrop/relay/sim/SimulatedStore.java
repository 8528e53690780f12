package io.quickdrop.relay.sim;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.driver.InMemoryRecordingStore;
import io.quickdrop.relay.driver.RecordingStore;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import io.quickdrop.relay.upload.SavedRecording;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A disk of the world: an {@link InMemoryRecordingStore} that fails at a rate, before or after a call has done its work,
 * and that looks at each byte it is given.
 */
public class SimulatedStore implements RecordingStore {
    /** Told of every byte. */
    public interface Watch {
        /** Bytes are written at {@code offset}. */
        void appended(SessionId id, long offset, ByteBuffer bytes);

        /** Asks whether the disk damages a byte of the session now: then it may not complain about that. */
        boolean damages(SessionId id);

        /** So many bytes survive a power cut. */
        void durable(SessionId id, long bytes);

        /** The session was thrown away. */
        void discarded(SessionId id);

        /** The store was used in a way that its contract forbids. */
        void misused(String how);
    }

    private final InMemoryRecordingStore disk;
    private final SplittableRandom random;
    private final Watch watch;
    private final Map<SessionId, Recording> open = new HashMap<>();
    private double failureRate;
    private long repairs;

    /** @param disk what it is made of */
    public SimulatedStore(InMemoryRecordingStore disk, SplittableRandom random, Watch watch) {
        this.disk = disk;
        this.random = random;
        this.watch = watch;
    }

    /** How often a call fails, 0 to 1. */
    public void failAt(double rate) {
        failureRate = rate;
    }

    /** Chunks that were written over others. */
    public final long repairs() {
        return repairs;
    }

    /** Fills the disk but for so many bytes. */
    public void fill(long leftBytes) {
        disk.limitTo(Long.MAX_VALUE);
        disk.limitTo(Long.MAX_VALUE - disk.freeBytes() + leftBytes);
    }

    /** Makes room. */
    public void clear() {
        disk.limitTo(Long.MAX_VALUE);
    }

    /**
     * The process that used it is gone.
     *
     * @param powerCut whether what was not forced is lost; else some of it is still in the page cache
     */
    public void processDied(boolean powerCut) {
        for (Recording recording : open.values()) {
            if (powerCut) {
                recording.loseReplaced();
            } else if (random.nextBoolean()) {
                recording.survive();
            }
        }
        open.clear();
        disk.crash();
    }

    /** What survives a power cut now, bytes; 0 for an unknown session. */
    public final long durableBytes(SessionId id) {
        Recording recording = open.get(id);
        if (recording != null) {
            return recording.inner.durableBytes();
        }
        Optional<SavedRecording> saved = disk.saved(id);
        if (saved.isPresent()) {
            return saved.get().bytes();
        }
        return disk.unfinished().stream()
                .filter(session -> session.id().equals(id))
                .findAny()
                .map(Unfinished::durableBytes)
                .orElse(0L);
    }

    /** The recording that the session ended in. */
    public final Optional<SavedRecording> saved(SessionId id) {
        return disk.saved(id);
    }

    /** What is written for the session. */
    public final Optional<byte[]> bytes(SessionId id) {
        return disk.bytes(id);
    }

    @Override
    public Opening open(SessionId id, String device, Description description) throws StorageException {
        failBefore(id);
        Opening opening = disk.open(id, device, description);
        if (opening instanceof Opening.Writable writable) {
            Recording recording = new Recording(id, writable.recording());
            open.put(id, recording);
            failAfter(id);
            return new Opening.Writable(recording, writable.device(), writable.resumed());
        }
        return opening;
    }

    @Override
    public List<Unfinished> unfinished() throws StorageException {
        return disk.unfinished();
    }

    @Override
    public long freeBytes() {
        return disk.freeBytes();
    }

    /** Damages what was just written, where a world does so. */
    protected void written(SessionId id, OpenRecording recording, long offset, int length) throws StorageException {}

    /** Forces a recording; what a mutant gets wrong. */
    protected long force(OpenRecording recording, long writtenBytes, long chunks) throws StorageException {
        return recording.force(chunks);
    }

    /** Verifies and saves a recording; what a mutant gets wrong. */
    protected SavedRecording save(OpenRecording recording, long totalBytes, @Nullable String sha256, long chunks)
            throws StorageException, IntegrityException {
        return recording.save(totalBytes, sha256, chunks);
    }

    /** Writes over bytes of a recording; what a mutant gets wrong. */
    protected void replace(OpenRecording recording, long offset, ByteBuffer bytes) throws StorageException {
        recording.replace(offset, bytes);
    }

    /** Rewinds a recording and says how far it then reaches; what a mutant gets wrong. */
    protected void rewind(OpenRecording recording) throws StorageException {
        recording.rewind();
    }

    private void failBefore(SessionId id) throws StorageException {
        if (failureRate > 0 && random.nextDouble() < failureRate / 2) {
            throw new StorageException(Kind.FAILED, "simulated, before session " + id);
        }
    }

    private void failAfter(SessionId id) throws StorageException {
        if (failureRate > 0 && random.nextDouble() < failureRate / 2) {
            throw new StorageException(Kind.FAILED, "simulated, after session " + id);
        }
    }

    private record Replaced(long offset, ByteBuffer bytes) {}

    private final class Recording implements OpenRecording {
        private final SessionId id;
        private final OpenRecording inner;
        private long written;
        /** A call failed: only what mends may follow. */
        private boolean troubled;
        /** The call that ended it did its work, but its caller was told that it failed. */
        private @Nullable SavedRecording ended;

        private boolean discarded;
        /** What stood where bytes were replaced since the last force, the newest first. */
        private final Deque<Replaced> replaced = new ArrayDeque<>();

        Recording(SessionId id, OpenRecording inner) {
            this.id = id;
            this.inner = inner;
            this.written = inner.durableBytes();
            watch.durable(id, written);
        }

        /** Of bytes that were replaced and not forced, some are found as they were before. */
        void loseReplaced() {
            for (Replaced before : replaced) {
                if (ended == null && !discarded && random.nextBoolean()) {
                    restore(before);
                }
            }
            replaced.clear();
        }

        private void restore(Replaced before) {
            try {
                inner.replace(before.offset(), before.bytes());
            } catch (StorageException troubled) {
                // in trouble already: what stands there is one of the two all the same
            }
        }

        /** What was written and not forced is found by the next process. */
        void survive() {
            if (!troubled && ended == null && !discarded) {
                try {
                    watch.durable(id, inner.force(inner.chunks()));
                } catch (StorageException impossible) {
                    throw new AssertionError(impossible);
                }
            }
        }

        @Override
        public String fileName() {
            return inner.fileName();
        }

        @Override
        public long durableBytes() {
            return inner.durableBytes();
        }

        @Override
        public long chunks() {
            return inner.chunks();
        }

        @Override
        public void append(ByteBuffer bytes) throws StorageException {
            enter();
            watch.appended(id, written, bytes);
            long offset = written;
            written += bytes.remaining();
            inner.append(bytes);
            SimulatedStore.this.written(id, inner, offset, bytes.remaining());
            leave();
        }

        @Override
        public boolean matches(long offset, ByteBuffer bytes) throws StorageException {
            enter();
            boolean same = inner.matches(offset, bytes);
            leave();
            return same;
        }

        @Override
        public void replace(long offset, ByteBuffer bytes) throws StorageException {
            enter();
            ByteBuffer before = ByteBuffer.wrap(disk.bytes(id).orElseThrow());
            replaced.push(new Replaced(offset, before.slice((int) offset, bytes.remaining())));
            repairs++;
            SimulatedStore.this.replace(inner, offset, bytes);
            SimulatedStore.this.written(id, inner, offset, bytes.remaining());
            leave();
        }

        @Override
        public List<String> hashes(long offset, long bytes, long blockBytes) throws StorageException {
            enter();
            List<String> hashes = inner.hashes(offset, bytes, blockBytes);
            leave();
            return hashes;
        }

        @Override
        public long force(long chunks) throws StorageException {
            enter();
            long durable = SimulatedStore.this.force(inner, written, chunks);
            replaced.clear();
            watch.durable(id, inner.durableBytes());
            leave();
            return durable;
        }

        @Override
        public void rewind() throws StorageException {
            failBefore(id);
            if (ended == null && !discarded) {
                SimulatedStore.this.rewind(inner);
            }
            written = inner.durableBytes();
            replaced.removeIf(before -> before.offset() + before.bytes().remaining() > written); // gone with the tail
            failAfter(id);
            troubled = false;
        }

        @Override
        public SavedRecording save(long totalBytes, @Nullable String sha256, long chunks)
                throws StorageException, IntegrityException {
            enter();
            SavedRecording saved = ended;
            if (saved == null) {
                try {
                    saved = SimulatedStore.this.save(inner, totalBytes, sha256, chunks);
                } catch (IntegrityException differs) {
                    troubled = false;
                    throw differs;
                }
            }
            ended = saved;
            watch.durable(id, saved.bytes());
            leave();
            return saved;
        }

        @Override
        public SavedRecording keepPartial(long chunks) throws StorageException {
            enter();
            SavedRecording kept = ended != null ? ended : inner.keepPartial(chunks);
            ended = kept;
            leave();
            return kept;
        }

        @Override
        public void discard() throws StorageException {
            enter();
            if (!discarded) {
                if (ended == null) {
                    inner.discard();
                } else {
                    disk.forget(id);
                }
                watch.discarded(id);
            }
            discarded = true;
            leave();
        }

        @Override
        public void close() {
            open.remove(id, this);
            inner.close();
        }

        private void enter() throws StorageException {
            if (troubled) {
                watch.misused("session " + id + ": a call followed a failure without a rewind");
            }
            troubled = true; // unless it leaves in peace
            failBefore(id);
        }

        private void leave() throws StorageException {
            failAfter(id);
            troubled = false;
        }
    }
}
