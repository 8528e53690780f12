package io.quickdrop.server.recordings;

import io.quickdrop.protocol.Limits;
import io.quickdrop.relay.driver.RecordingStore.IntegrityException;
import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import io.quickdrop.relay.upload.SavedRecording;
import io.quickdrop.server.catalogue.UploadRow;
import io.quickdrop.server.catalogue.UploadRow.Ending;
import io.quickdrop.server.recordings.LiveUpload.Truth;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One recording on its way into a file: which calls are allowed when, and in what order things become durable.
 *
 * <p>Used by one thread at a time; synchronized because a newer opening fences it from another thread.
 */
final class FileRecording implements OpenRecording {
    /** What {@link #rewind} has to mend. */
    private enum Trouble {
        NONE,
        /** Bytes were refused, or it is open what the catalogue holds; the file is sound. */
        UNSETTLED,
        /** A write or force of the file failed: its pages may be gone without another error. */
        DEVICE
    }

    /** Up to this length a recording is read again before it is saved: half a second, and mostly from the system's cache. */
    private static final long REREAD_BYTES = 256L * 1024 * 1024;

    private final Facilities facilities;
    private final Completion completion;
    private final LiveUpload upload;
    private final String wishedName;
    private final Runnable onClose;

    private Trouble trouble = Trouble.NONE;
    /** Of the failure that made {@link #trouble}. */
    private Kind failure = Kind.FAILED;

    private boolean fenced;
    private boolean closed;

    /** @param upload this opening's own, no end decided */
    FileRecording(Facilities facilities, Completion completion, LiveUpload upload, Runnable onClose) {
        this.facilities = facilities;
        this.completion = completion;
        this.upload = upload;
        this.onClose = onClose;
        wishedName = completion.nameNow(upload.row().description(), upload.row().begun());
    }

    @Override
    public synchronized String fileName() {
        Ending ending = upload.row().ending();
        return upload.saved()
                .map(SavedRecording::fileName)
                .orElseGet(() -> ending == null ? wishedName : ending.fileName());
    }

    @Override
    public synchronized long durableBytes() {
        return upload.row().committedOffset();
    }

    @Override
    public synchronized long chunks() {
        return upload.row().chunks();
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
            upload.part().append(bytes);
        } catch (IOException e) {
            throw failed(Trouble.DEVICE, incomingFailed("write", e));
        }
    }

    @Override
    public synchronized boolean matches(long offset, ByteBuffer bytes) throws StorageException {
        requireHeld();
        requireWritten(offset, bytes.remaining());
        try {
            return upload.part().matches(offset, bytes);
        } catch (IOException e) {
            throw incomingFailed("read", e);
        }
    }

    @Override
    public synchronized void replace(long offset, ByteBuffer bytes) throws StorageException {
        requireWritable("replace");
        requireWritten(offset, bytes.remaining());
        try {
            upload.part().replace(offset, bytes);
        } catch (IOException e) {
            throw failed(Trouble.DEVICE, incomingFailed("write", e));
        }
    }

    @Override
    public synchronized List<String> hashes(long offset, long bytes, long blockBytes) throws StorageException {
        requireHeld();
        requireWritten(offset, bytes);
        try {
            return upload.part().hashes(offset, bytes, blockBytes);
        } catch (IOException e) {
            throw incomingFailed("read", e);
        }
    }

    @Override
    public synchronized long force(long chunks) throws StorageException {
        requireWritable("force");
        if (upload.part().written() != durableBytes()
                || chunks != chunks()
                || upload.part().hasReplacedUnforced()) {
            forceFile();
            try {
                if (!upload.commitAllWritten(chunks)) {
                    throw fence();
                }
            } catch (StorageException e) {
                throw failed(Trouble.UNSETTLED, e);
            }
        }
        return durableBytes();
    }

    @Override
    public synchronized void rewind() throws StorageException {
        if (upload.saved().isPresent()) {
            return;
        }
        requireHeld();
        if (!settle()) {
            return;
        }
        if (upload.row().ending() != null) {
            // Every byte is durable, and its way to the final name is Completion's to repeat.
            requireRoom();
        } else if (failure == Kind.FULL) {
            // No room for a copy, and the device has refused without breaking: the same file through a new descriptor.
            upload.cutBack();
            requireRoom();
        } else if (trouble == Trouble.DEVICE) {
            if (!upload.renew()) {
                throw fence();
            }
        } else {
            upload.cutBack();
        }
        trouble = Trouble.NONE;
        failure = Kind.FAILED;
        upload.removeLeftovers();
    }

    @Override
    public synchronized SavedRecording save(long totalBytes, @Nullable String sha256, long chunks)
            throws StorageException, IntegrityException {
        if (trouble == Trouble.DEVICE && upload.saved().isEmpty()) {
            requireHeld();
            throw rewindFirst("save");
        }
        if (isSavedAlready()) {
            return upload.saved().orElseThrow();
        }
        Ending ending = upload.row().ending();
        if (ending == null) {
            verifyLength(upload.part().written(), totalBytes);
            String found = hash(sha256);
            verifyHash(found, sha256);
            forceFile();
            decide(chunks, found, false);
        } else {
            verifyLength(durableBytes(), totalBytes);
            verifyHash(ending.sha256(), sha256);
        }
        return complete();
    }

    @Override
    public synchronized SavedRecording keepPartial(long chunks) throws StorageException {
        boolean troubled = trouble != Trouble.NONE;
        if (isSavedAlready()) {
            return upload.saved().orElseThrow();
        }
        if (upload.row().ending() == null) {
            if (troubled) {
                // What is durable is so without another force, and cutting needs no room.
                upload.cutBack();
            }
            forceFile();
            decide(chunks, null, true);
        }
        return complete();
    }

    @Override
    public synchronized void discard() throws StorageException {
        requireHeld();
        try {
            Truth truth = upload.reload();
            if (truth == Truth.OURS && upload.row().ending() != null) {
                completion.withdraw(upload.row());
            }
            if (truth == Truth.FENCED
                    || (truth == Truth.OURS
                            && !facilities
                                    .uploads()
                                    .discard(upload.row().id(), upload.row().epoch()))) {
                throw fence();
            }
        } catch (StorageException e) {
            throw failed(Trouble.UNSETTLED, e);
        }
        release();
        upload.closeAndRemove();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            release();
            upload.close();
        }
    }

    /** A newer opening owns the session: every later call fails and changes nothing. */
    synchronized void fenceOff() {
        fenced = true;
        upload.close();
    }

    /** Whether an earlier call saved it, although it may have reported a failure. */
    private boolean isSavedAlready() throws StorageException {
        if (upload.saved().isPresent()) {
            return true;
        }
        requireHeld();
        return trouble != Trouble.NONE && !settle();
    }

    private void verifyLength(long found, long totalBytes) throws IntegrityException {
        if (found != totalBytes) {
            throw new IntegrityException(
                    "session " + upload.row().id() + ": received " + found + " bytes, sent were " + totalBytes);
        }
    }

    private void verifyHash(@Nullable String found, @Nullable String sha256) throws IntegrityException {
        if (found != null && sha256 != null && !found.equals(sha256)) {
            throw new IntegrityException("session " + upload.row().id() + ": SHA-256 of what was received is " + found
                    + ", of what was sent " + sha256);
        }
    }

    /**
     * The hash of the bytes. What rolled along is that of what was handed in, which the file may have lost since: it is
     * believed only where reading again is dear, and where it is what the sender states.
     */
    private String hash(@Nullable String stated) throws StorageException {
        PartFile part = upload.part();
        try {
            Optional<String> rolled = part.written() > REREAD_BYTES ? part.rollingSha256() : Optional.empty();
            if (rolled.isPresent() && (stated == null || rolled.get().equals(stated))) {
                return rolled.get();
            }
            return part.sha256OfFile();
        } catch (IOException e) {
            throw incomingFailed("read", e);
        }
    }

    private void forceFile() throws StorageException {
        try {
            upload.part().force();
        } catch (IOException e) {
            throw failed(Trouble.DEVICE, incomingFailed("force", e));
        }
    }

    private void decide(long chunks, @Nullable String sha256, boolean partial) throws StorageException {
        try {
            upload.ends(completion.decide(upload.withAllWritten(chunks), sha256, partial));
        } catch (StorageException e) {
            throw failed(Trouble.UNSETTLED, e);
        }
    }

    private SavedRecording complete() throws StorageException {
        try {
            upload.isSaved(completion.complete(upload.row()));
        } catch (StorageException e) {
            throw failed(Trouble.UNSETTLED, e);
        }
        release();
        upload.closeAndRemove();
        return upload.saved().orElseThrow();
    }

    /** Learns from the catalogue what is true; {@code false} if the recording is saved. */
    private boolean settle() throws StorageException {
        Truth truth = upload.reload();
        if (truth == Truth.SAVED) {
            release();
            upload.closeAndRemove();
        } else if (truth != Truth.OURS) {
            throw fence();
        }
        return truth == Truth.OURS;
    }

    /** A client's next chunk should fit, or it would be asked for in vain. */
    private void requireRoom() throws StorageException {
        if (failure == Kind.FULL) {
            facilities.free().require(Limits.CLIENT_CHUNK_BYTES);
        }
    }

    private void requireWritten(long offset, long bytes) {
        long written = upload.part().written();
        if (offset < 0 || bytes > written - offset) {
            throw new IllegalArgumentException("session " + upload.row().id() + ": asked for " + bytes + " bytes at "
                    + offset + "; written are " + written);
        }
    }

    private void requireWritable(String call) throws StorageException {
        requireHeld();
        if (trouble != Trouble.NONE) {
            throw rewindFirst(call);
        }
        if (upload.row().ending() != null) {
            throw new StorageException(
                    Kind.FAILED, "session " + upload.row().id() + " is being completed: can't " + call + ", only save");
        }
    }

    private void requireHeld() throws StorageException {
        if (fenced) {
            throw Completion.fenced(upload.row());
        }
        if (upload.saved().isPresent()) {
            throw new StorageException(Kind.FAILED, "session " + upload.row().id() + " is saved already");
        }
        if (closed) {
            throw new IllegalStateException(
                    "the recording of session " + upload.row().id() + " is closed");
        }
    }

    private StorageException rewindFirst(String call) {
        UploadRow row = upload.row();
        return new StorageException(
                failure, "session " + row.id() + ": can't " + call + " after a failure without a rewind");
    }

    private StorageException incomingFailed(String doing, IOException cause) {
        return DiskFailure.of(facilities.disk(), facilities.folders().incoming(), doing, cause);
    }

    /** A failed device stays the trouble, whatever fails after it. */
    private StorageException failed(Trouble next, StorageException cause) {
        if (trouble != Trouble.DEVICE) {
            trouble = next;
            failure = cause.kind();
        }
        return cause;
    }

    private StorageException fence() {
        fenceOff();
        return Completion.fenced(upload.row());
    }

    private void release() {
        closed = true;
        onClose.run();
    }
}
