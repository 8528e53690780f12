package io.quickdrop.relay.driver;

import io.quickdrop.relay.driver.InMemoryRecordingStore.Entry;
import io.quickdrop.relay.driver.RecordingStore.IntegrityException;
import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import io.quickdrop.relay.driver.StorageException.Kind;
import io.quickdrop.relay.driver.StoreFault.Call;
import io.quickdrop.relay.upload.SavedRecording;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One recording of an {@link InMemoryRecordingStore}; as strict about order as a store on a disk has to be. */
final class InMemoryRecording implements OpenRecording {
    private final InMemoryRecordingStore store;
    private final Entry entry;
    private @Nullable Kind trouble;
    private boolean closed;

    InMemoryRecording(InMemoryRecordingStore store, Entry entry) {
        this.store = store;
        this.entry = entry;
    }

    @Override
    public String fileName() {
        synchronized (store) {
            return entry.saved != null ? entry.saved.fileName() : InMemoryRecordingStore.fileName(entry, false);
        }
    }

    @Override
    public long durableBytes() {
        synchronized (store) {
            return entry.durableBytes;
        }
    }

    @Override
    public long chunks() {
        synchronized (store) {
            return entry.chunks;
        }
    }

    @Override
    public void append(ByteBuffer bytes) throws StorageException {
        synchronized (store) {
            enterUntroubled(Call.APPEND);
            try {
                store.take(entry, bytes.remaining());
            } catch (StorageException e) {
                trouble = e.kind();
                throw e;
            }
            entry.bytes.append(bytes);
        }
    }

    @Override
    public boolean matches(long offset, ByteBuffer bytes) throws StorageException {
        synchronized (store) {
            enter(Call.MATCHES);
            requireWritten(offset, bytes.remaining());
            return entry.bytes.matches(offset, bytes);
        }
    }

    @Override
    public void replace(long offset, ByteBuffer bytes) throws StorageException {
        synchronized (store) {
            enterUntroubled(Call.REPLACE);
            requireWritten(offset, bytes.remaining());
            entry.bytes.replace(offset, bytes);
        }
    }

    @Override
    public List<String> hashes(long offset, long bytes, long blockBytes) throws StorageException {
        synchronized (store) {
            enter(Call.HASHES);
            requireWritten(offset, bytes);
            return entry.bytes.hashes(offset, bytes, blockBytes);
        }
    }

    @Override
    public long force(long chunks) throws StorageException {
        synchronized (store) {
            enterUntroubled(Call.FORCE);
            entry.durableBytes = entry.bytes.length();
            entry.chunks = chunks;
            entry.changed = store.now();
            return entry.durableBytes;
        }
    }

    @Override
    public void rewind() throws StorageException {
        synchronized (store) {
            enter(Call.REWIND);
            store.cut(entry, entry.durableBytes);
            if (trouble == Kind.FULL && store.freeBytes() == 0) {
                throw new StorageException(Kind.FULL, "still no room for session " + entry.id);
            }
            trouble = null;
        }
    }

    @Override
    public SavedRecording save(long totalBytes, @Nullable String sha256, long chunks)
            throws StorageException, IntegrityException {
        synchronized (store) {
            if (entry.saved != null) {
                return entry.saved;
            }
            enterUntroubled(Call.SAVE);
            String found = entry.bytes.sha256();
            if (entry.bytes.length() != totalBytes || (sha256 != null && !sha256.equals(found))) {
                throw new IntegrityException("session " + entry.id + ": received " + entry.bytes.length()
                        + " bytes with SHA-256 " + found + ", sent were " + totalBytes + " with " + sha256);
            }
            return end(chunks, found);
        }
    }

    @Override
    public SavedRecording keepPartial(long chunks) throws StorageException {
        synchronized (store) {
            if (entry.saved != null) {
                return entry.saved;
            }
            enter(Call.KEEP_PARTIAL);
            if (trouble != null) {
                store.cut(entry, entry.durableBytes);
            }
            return end(chunks, null);
        }
    }

    @Override
    public void discard() throws StorageException {
        synchronized (store) {
            enter(Call.DISCARD);
            store.forget(entry.id);
            closed = true;
        }
    }

    @Override
    public void close() {
        synchronized (store) {
            closed = true;
            if (entry.owner == this) {
                entry.owner = null;
            }
        }
    }

    private SavedRecording end(long chunks, @Nullable String sha256) {
        entry.durableBytes = entry.bytes.length();
        entry.chunks = chunks;
        SavedRecording saved = new SavedRecording(
                InMemoryRecordingStore.fileName(entry, sha256 == null),
                entry.durableBytes,
                chunks,
                sha256,
                sha256 == null);
        entry.saved = saved;
        close();
        return saved;
    }

    private void requireWritten(long offset, long bytes) {
        if (offset < 0 || bytes > entry.bytes.length() - offset) {
            throw new IllegalArgumentException("session " + entry.id + ": asked for " + bytes + " bytes at " + offset
                    + "; written are " + entry.bytes.length());
        }
    }

    private void enter(Call call) throws StorageException {
        if (closed) {
            throw new IllegalStateException("the recording of session " + entry.id + " is closed");
        }
        store.enter(call, entry, this);
    }

    /** A call that fails may have written a part: nothing but a rewind may follow an append or force that failed. */
    private void enterUntroubled(Call call) throws StorageException {
        if (trouble != null && !closed) {
            throw new StorageException(
                    trouble, "session " + entry.id + ": can't " + call + " after a failure without a rewind");
        }
        try {
            enter(call);
        } catch (StorageException e) {
            if (call != Call.SAVE) {
                trouble = e.kind();
            }
            throw e;
        }
    }
}
