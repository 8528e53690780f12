package io.quickdrop.server.recordings;

import io.quickdrop.protocol.Limits;
import io.quickdrop.relay.driver.RecordingStore.IntegrityException;
import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import io.quickdrop.relay.upload.SavedRecording;
import io.quickdrop.server.catalogue.RecordingRow;
import io.quickdrop.server.catalogue.UploadRow;
import io.quickdrop.server.catalogue.UploadRow.Ending;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One recording on its way into a file. Its row in the catalogue is the truth, and is read again whenever a write to the
 * catalogue left open whether it happened.
 *
 * <p>Used by one thread at a time; synchronized because a newer opening fences it from another thread.
 */
final class FileRecording implements OpenRecording {
    /** What {@link #rewind} has to mend. */
    private enum Trouble {
        NONE,
        /** Bytes were refused, or it is not known what the catalogue holds: the file is sound. */
        UNSETTLED,
        /** A write or force of the file failed: its pages may be gone without another error. */
        DEVICE
    }

    private final Facilities facilities;
    private final Completion completion;
    private final String fileName;
    private final Runnable onClose;
    /** Part files that a failed rewind left; all but the one in use are removed. */
    private final List<PartFile> leftovers = new ArrayList<>();

    private UploadRow row;
    private PartFile part;
    private Trouble trouble = Trouble.NONE;
    private Kind lastFailure = Kind.FAILED;
    private @Nullable SavedRecording saved;
    private boolean fenced;
    private boolean closed;

    /**
     * @param row as this opening owns it, no end decided
     * @param part cut to the row's offset
     */
    FileRecording(Facilities facilities, Completion completion, UploadRow row, PartFile part, Runnable onClose) {
        this.facilities = facilities;
        this.completion = completion;
        this.row = row;
        this.part = part;
        this.onClose = onClose;
        fileName = completion.nameNow(row.description(), row.begun());
    }

    @Override
    public synchronized String fileName() {
        if (saved != null) {
            return saved.fileName();
        }
        Ending ending = row.ending();
        return ending == null ? fileName : ending.fileName();
    }

    @Override
    public synchronized long durableBytes() {
        return row.committedOffset();
    }

    @Override
    public synchronized long chunks() {
        return row.chunks();
    }

    @Override
    public synchronized void append(ByteBuffer bytes) throws StorageException {
        requireWritable("append");
        try {
            facilities.free().take(bytes.remaining());
        } catch (StorageException e) {
            throw failed(Trouble.UNSETTLED, e);
        }
        try {
            part.append(bytes);
        } catch (IOException e) {
            throw deviceFailed("write", e);
        }
    }

    @Override
    public synchronized boolean matches(long offset, ByteBuffer bytes) throws StorageException {
        requireHeld();
        if (offset < 0 || offset + bytes.remaining() > part.written()) {
            throw new IllegalArgumentException("session " + row.id() + ": asked for " + offset + " to "
                    + (offset + bytes.remaining()) + "; written are " + part.written());
        }
        try {
            return part.matches(offset, bytes);
        } catch (IOException e) {
            throw DiskFailure.of(facilities.disk(), facilities.folders().incoming(), "read", e);
        }
    }

    @Override
    public synchronized long force(long chunks) throws StorageException {
        requireWritable("force");
        if (part.written() == row.committedOffset() && chunks == row.chunks()) {
            return row.committedOffset();
        }
        forceFile();
        UploadRow next = end(chunks);
        try {
            if (!facilities
                    .uploads()
                    .commitOffset(
                            row.id(),
                            row.epoch(),
                            part.name(),
                            next.committedOffset(),
                            chunks,
                            facilities.time().instant())) {
                throw fence();
            }
        } catch (StorageException e) {
            throw failed(Trouble.UNSETTLED, e);
        }
        row = next;
        return row.committedOffset();
    }

    @Override
    public synchronized void rewind() throws StorageException {
        requireHeld();
        if (!settle()) {
            return;
        }
        if (lastFailure == Kind.FULL) {
            // No room for a copy, and the device has refused without breaking: the same file through a new descriptor.
            cutBack();
            // A client's next chunk should fit, or it would be asked for in vain.
            facilities.free().require(Limits.CLIENT_CHUNK_BYTES);
        } else if (trouble == Trouble.DEVICE && row.ending() == null) {
            renew();
        } else {
            cutBack();
        }
        trouble = Trouble.NONE;
        lastFailure = Kind.FAILED;
        removeLeftovers();
    }

    @Override
    public synchronized SavedRecording save(long totalBytes, @Nullable String sha256, long chunks)
            throws StorageException, IntegrityException {
        if (saved != null) {
            return saved;
        }
        requireHeld();
        if (trouble == Trouble.DEVICE) {
            throw rewindFirst("save");
        }
        if (trouble == Trouble.UNSETTLED && !settle()) {
            return alreadySaved();
        }
        Ending ending = row.ending();
        if (ending == null) {
            String found = verified(part.written(), totalBytes, sha256, this::hash);
            forceFile();
            decide(chunks, found, false);
        } else {
            String known = ending.sha256();
            verified(row.committedOffset(), totalBytes, known == null ? null : sha256, () -> String.valueOf(known));
        }
        return complete();
    }

    @Override
    public synchronized SavedRecording keepPartial(long chunks) throws StorageException {
        if (saved != null) {
            return saved;
        }
        requireHeld();
        if (trouble != Trouble.NONE) {
            if (!settle()) {
                return alreadySaved();
            }
            // What is durable is so without another force; cutting needs no room.
            cutBack();
        }
        if (row.ending() == null) {
            forceFile();
            decide(chunks, null, true);
        }
        return complete();
    }

    @Override
    public synchronized void discard() throws StorageException {
        requireHeld();
        if (trouble != Trouble.NONE && !settle()) {
            return;
        }
        try {
            if (row.ending() != null) {
                completion.withdraw(row);
            }
            if (!facilities.uploads().discard(row.id(), row.epoch())
                    && facilities.uploads().find(row.id()).isPresent()) {
                throw fence();
            }
        } catch (StorageException e) {
            throw failed(Trouble.UNSETTLED, e);
        }
        release();
        part.closeAndRemove();
        facilities.tidy(facilities.folders().part(row.partFile()));
        removeLeftovers();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            release();
            part.close();
            leftovers.forEach(PartFile::close);
        }
    }

    /** A newer opening owns the session: every later call fails and changes nothing. */
    synchronized void fenceOff() {
        fenced = true;
        part.close();
    }

    private interface Hash {
        String compute() throws StorageException;
    }

    private String verified(long bytes, long totalBytes, @Nullable String sha256, Hash hash)
            throws IntegrityException, StorageException {
        if (bytes != totalBytes) {
            throw new IntegrityException(
                    "session " + row.id() + ": received " + bytes + " bytes, sent were " + totalBytes);
        }
        String found = hash.compute();
        if (sha256 != null && !sha256.equals(found)) {
            throw new IntegrityException("session " + row.id() + ": SHA-256 of what was received is " + found
                    + ", of what was sent " + sha256);
        }
        return found;
    }

    private String hash() throws StorageException {
        try {
            return part.sha256();
        } catch (IOException e) {
            throw DiskFailure.of(facilities.disk(), facilities.folders().incoming(), "read", e);
        }
    }

    private void forceFile() throws StorageException {
        try {
            part.force();
        } catch (IOException e) {
            throw deviceFailed("force", e);
        }
    }

    private void decide(long chunks, @Nullable String sha256, boolean partial) throws StorageException {
        try {
            row = completion.decide(end(chunks), sha256, partial);
        } catch (StorageException e) {
            throw failed(Trouble.UNSETTLED, e);
        }
    }

    private SavedRecording complete() throws StorageException {
        SavedRecording recording;
        try {
            recording = completion.complete(row);
        } catch (StorageException e) {
            throw failed(Trouble.UNSETTLED, e);
        }
        saved = recording;
        release();
        part.close();
        removeLeftovers();
        return recording;
    }

    /** Learns from the catalogue what is true; {@code false} if the recording is saved. */
    private boolean settle() throws StorageException {
        if (saved != null) {
            return false;
        }
        Optional<UploadRow> truth = facilities.uploads().find(row.id());
        if (truth.isEmpty()) {
            RecordingRow ended = facilities.recordings().find(row.id()).orElseThrow(this::fence);
            saved = Completion.saved(ended);
            release();
            part.closeAndRemove();
            removeLeftovers();
            return false;
        }
        if (truth.get().epoch() != row.epoch()) {
            throw fence();
        }
        row = truth.get();
        return true;
    }

    /** Back to the durable end on the same file, through a new descriptor. */
    private void cutBack() throws StorageException {
        try {
            if (part.name().equals(row.partFile())) {
                part = part.reopened(row.committedOffset());
            } else {
                PartFile current = PartFile.open(facilities, row.partFile(), row.committedOffset());
                leftovers.stream()
                        .filter(left -> left.name().equals(current.name()))
                        .forEach(PartFile::close);
                leftovers.removeIf(left -> left.name().equals(current.name()));
                leftovers.add(part);
                part = current;
            }
        } catch (IOException e) {
            throw DiskFailure.of(facilities.disk(), facilities.folders().incoming(), "cut back", e);
        }
    }

    /** The durable bytes in a new file; the catalogue learns its name before the old one is given up. */
    private void renew() throws StorageException {
        facilities.free().require(row.committedOffset());
        if (!part.name().equals(row.partFile())) {
            // The file of an earlier try is the one in use, though that try was reported as failed: it is sound.
            cutBack();
            return;
        }
        PartFile fresh;
        try {
            fresh = part.renewed(row.committedOffset());
        } catch (IOException e) {
            throw DiskFailure.of(facilities.disk(), facilities.folders().incoming(), "copy to a new file", e);
        }
        leftovers.add(fresh);
        if (!facilities
                .uploads()
                .commitOffset(
                        row.id(),
                        row.epoch(),
                        fresh.name(),
                        row.committedOffset(),
                        row.chunks(),
                        facilities.time().instant())) {
            throw fence();
        }
        leftovers.remove(fresh);
        leftovers.add(part);
        part = fresh;
        row = withOffset(row.committedOffset(), row.chunks());
    }

    private void removeLeftovers() {
        leftovers.forEach(PartFile::closeAndRemove);
        leftovers.clear();
    }

    private UploadRow end(long chunks) {
        return withOffset(part.written(), chunks);
    }

    private UploadRow withOffset(long offset, long chunks) {
        return new UploadRow(
                row.id(),
                row.device(),
                row.epoch(),
                part.name(),
                offset,
                chunks,
                row.description(),
                row.begun(),
                row.changed(),
                row.ending());
    }

    private SavedRecording alreadySaved() {
        if (saved == null) {
            throw new AssertionError("session " + row.id() + " is neither an upload nor saved");
        }
        return saved;
    }

    private void requireWritable(String call) throws StorageException {
        requireHeld();
        if (trouble != Trouble.NONE) {
            throw rewindFirst(call);
        }
        if (row.ending() != null) {
            throw new StorageException(
                    Kind.FAILED, "session " + row.id() + " is being completed: can't " + call + ", only save again");
        }
    }

    private void requireHeld() throws StorageException {
        if (fenced) {
            throw Completion.fenced(row);
        }
        if (closed) {
            throw new IllegalStateException("the recording of session " + row.id() + " is closed");
        }
    }

    private StorageException rewindFirst(String call) {
        return new StorageException(
                lastFailure, "session " + row.id() + ": can't " + call + " after a failure without a rewind");
    }

    private StorageException deviceFailed(String doing, IOException cause) {
        return failed(
                Trouble.DEVICE,
                DiskFailure.of(facilities.disk(), facilities.folders().incoming(), doing, cause));
    }

    private StorageException failed(Trouble next, StorageException cause) {
        if (trouble != Trouble.DEVICE) {
            trouble = next;
            lastFailure = cause.kind();
        }
        return cause;
    }

    private StorageException fence() {
        fenced = true;
        part.close();
        return Completion.fenced(row);
    }

    private void release() {
        closed = true;
        onClose.run();
    }
}
