package io.quickdrop.server.recordings;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.upload.SavedRecording;
import io.quickdrop.server.catalogue.RecordingRow;
import io.quickdrop.server.catalogue.UploadRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One upload's row in the catalogue and its file, brought into agreement again after a failure: the row is the truth, and
 * the file follows. Confined by its {@link FileRecording}.
 */
final class LiveUpload {
    /** What the catalogue says of the session. */
    enum Truth {
        /** It is this opening's. */
        OURS,
        /** It ended as a recording: see {@link #saved}. */
        SAVED,
        /** It was discarded. */
        GONE,
        /** A newer opening owns it. */
        FENCED
    }

    private final Facilities facilities;
    /** Part files of rewinds that failed half way; all but the one in use are removed. */
    private final List<PartFile> leftovers = new ArrayList<>();

    private UploadRow row;
    private PartFile part;
    private @Nullable SavedRecording saved;

    /** @param part cut to the row's offset */
    LiveUpload(Facilities facilities, UploadRow row, PartFile part) {
        this.facilities = facilities;
        this.row = row;
        this.part = part;
    }

    /** As the catalogue was last known to have it. */
    UploadRow row() {
        return row;
    }

    PartFile part() {
        return part;
    }

    Optional<SavedRecording> saved() {
        return Optional.ofNullable(saved);
    }

    /** The row as it would be if everything written were durable. */
    UploadRow withAllWritten(long chunks) {
        return new UploadRow(
                row.id(),
                row.device(),
                row.owner(),
                row.epoch(),
                row.storage(),
                part.name(),
                part.written(),
                chunks,
                row.description(),
                row.begun(),
                row.changed(),
                row.ending());
    }

    /** Makes what is written, and was forced, the durable end; {@code false} if a newer opening owns the session. */
    boolean commitAllWritten(long chunks) throws StorageException {
        UploadRow next = withAllWritten(chunks);
        if (!commitOffset(next)) {
            return false;
        }
        row = next;
        return true;
    }

    /** The catalogue knows the row's end now. */
    void ends(UploadRow decided) {
        row = decided;
    }

    /** The recording has its final name and is catalogued. */
    void isSaved(SavedRecording recording) {
        saved = recording;
    }

    /** Learns from the catalogue what is true. */
    Truth reload() throws StorageException {
        Optional<UploadRow> found = facilities.uploads().find(row.id());
        if (found.isPresent()) {
            if (found.get().epoch() != row.epoch()) {
                return Truth.FENCED;
            }
            row = found.get();
            return Truth.OURS;
        }
        Optional<RecordingRow> ended = facilities.recordings().find(row.id());
        ended.ifPresent(recording -> saved = Completion.saved(recording));
        return ended.isPresent() ? Truth.SAVED : Truth.GONE;
    }

    /** Back to the durable end on the file that the row names, through a new descriptor. */
    void cutBack() throws StorageException {
        try {
            if (part.name().equals(row.partFile())) {
                part = part.reopened(row.committedOffset());
            } else {
                adoptNamedFile();
            }
        } catch (IOException e) {
            throw DiskFailure.of(facilities.disk(), facilities.folders().incoming(), "cut back", e);
        }
    }

    /** A rewind that was reported as failed reached the catalogue: its new file is in use, and was forced before. */
    private void adoptNamedFile() throws IOException {
        PartFile named = PartFile.open(facilities, row.partFile(), row.committedOffset());
        for (PartFile left : List.copyOf(leftovers)) {
            if (left.name().equals(named.name())) {
                left.close();
                leftovers.remove(left);
            }
        }
        leftovers.add(part);
        part = named;
    }

    /**
     * Back to the durable end in a new file, on whose pages no failure lies; the catalogue learns its name before the
     * old one is given up. {@code false} if a newer opening owns the session.
     */
    boolean renew() throws StorageException {
        if (!part.name().equals(row.partFile())) {
            cutBack();
            return true;
        }
        facilities.free().require(row.committedOffset());
        PartFile fresh;
        try {
            fresh = part.renewed(row.committedOffset());
        } catch (IOException e) {
            throw DiskFailure.of(facilities.disk(), facilities.folders().incoming(), "copy to a new file", e);
        }
        // Until the catalogue has answered, either of the two may be the one it names.
        leftovers.add(fresh);
        PartFile old = part;
        part = fresh;
        UploadRow next = withAllWritten(row.chunks());
        part = old;
        if (!commitOffset(next)) {
            return false;
        }
        leftovers.remove(fresh);
        leftovers.add(old);
        part = fresh;
        row = next;
        return true;
    }

    private boolean commitOffset(UploadRow next) throws StorageException {
        return facilities
                .uploads()
                .commitOffset(
                        next.id(),
                        next.epoch(),
                        next.partFile(),
                        next.committedOffset(),
                        next.chunks(),
                        facilities.time().instant());
    }

    void removeLeftovers() {
        leftovers.forEach(PartFile::closeAndRemove);
        leftovers.clear();
    }

    void close() {
        part.close();
        leftovers.forEach(PartFile::close);
    }

    /** Closes and removes every file it had; the final name, if there is one, stays. */
    void closeAndRemove() {
        part.closeAndRemove();
        if (!part.name().equals(row.partFile())) {
            facilities.tidy(facilities.folders().part(row.partFile()));
        }
        removeLeftovers();
    }
}
