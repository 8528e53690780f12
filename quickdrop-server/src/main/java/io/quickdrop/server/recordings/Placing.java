package io.quickdrop.server.recordings;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.PlaybackRow;
import io.quickdrop.server.catalogue.PlaybackRow.State;
import io.quickdrop.server.catalogue.RecordingRow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The way of a repaired file to the final name. At each step a whole file stands under that name, the received one or the
 * repaired one, and the catalogue tells which, or that it is to be looked at:
 *
 * <ol>
 *   <li>the new file is forced and hashed;
 *   <li>the received file gets a second name among the received ones, by a hard link, or by a copy where there are none;
 *   <li>the catalogue notes length and hash of the new file;
 *   <li>the new file replaces the received one under the final name, and the folder is synced;
 *   <li>the catalogue calls it ready.
 * </ol>
 *
 * <p>After a crash, a recording that is noted but not ready is settled by the hash of what stands under its name.
 */
final class Placing {
    private static final String RECEIVED_ENDING = ".received";
    private static final String POSTER_ENDING = ".jpg";
    private static final int NAME_CHARS = 32;
    private static final int BUFFER_BYTES = 256 * 1024;

    private final Facilities facilities;

    Placing(Facilities facilities) {
        this.facilities = facilities;
    }

    /** A new file, forced. */
    record Made(long bytes, String sha256, long durationMs) {}

    /** Where the received bytes of a repaired recording are kept. Session ids may differ by case alone, file names not. */
    Path received(SessionId id) {
        return facilities.folders().received().resolve(nameOf(id) + RECEIVED_ENDING);
    }

    /** Where the picture of a recording is kept. */
    Path poster(SessionId id) {
        return facilities.folders().posters().resolve(nameOf(id) + POSTER_ENDING);
    }

    /** Forces the file to the disk, and reads it once. */
    Made inspect(Path fresh, long durationMs) throws StorageException {
        try (DataFile file = facilities.disk().open(fresh)) {
            file.force();
            long bytes = file.size();
            return new Made(bytes, hash(file, bytes), durationMs);
        } catch (IOException e) {
            throw DiskFailure.of(facilities.disk(), facilities.folders().work(), "force the repaired file", e);
        }
    }

    /** Steps 2 to 5; {@code false}, and nothing done, if the recording was moved or changed. */
    boolean place(PlaybackFiles.Job job, Made made) throws StorageException {
        Optional<RecordingRow> found = facilities.recordings().find(job.id());
        try {
            if (found.isEmpty() || !isUntouched(found.get())) {
                facilities.playback().become(job.id(), State.WORKING, State.WAITING, null);
                return false;
            }
            Path place = facilities.folders().finished(found.get().fileName());
            keepReceived(place, received(job.id()), found.get().bytes());
            String poster = keepPoster(job);
            if (!facilities.playback().placing(job.id(), made.bytes(), made.sha256(), made.durationMs(), poster)) {
                return false;
            }
            facilities.disk().replace(place, job.fresh());
            facilities.disk().syncFolder(facilities.folders().output());
        } catch (IOException e) {
            throw DiskFailure.of(facilities.disk(), facilities.folders().output(), "put the repaired file in place", e);
        }
        return facilities.playback().placed(job.id(), facilities.time().instant());
    }

    private boolean isUntouched(RecordingRow row) throws IOException {
        return row.state() == RecordingRow.State.KEPT
                && row.playback() != null
                && row.playback().state() == State.WORKING
                && facilities
                        .disk()
                        .size(facilities.folders().finished(row.fileName()))
                        .equals(OptionalLong.of(row.bytes()));
    }

    private void keepReceived(Path place, Path kept, long bytes) throws IOException, StorageException {
        Disk disk = facilities.disk();
        if (disk.exists(kept)) {
            if (disk.isSame(kept, place)) {
                return;
            }
            disk.delete(kept); // of an earlier try that a crash cut short
        }
        try {
            disk.link(kept, place);
        } catch (IOException noLinks) {
            if (disk.exists(kept)) {
                disk.delete(kept); // a link that was reported as failed may be there all the same
            }
            facilities.free().require(bytes);
            copy(place, kept);
        }
        disk.syncFolder(facilities.folders().received());
    }

    private void copy(Path from, Path to) throws IOException {
        try (DataFile source = facilities.disk().open(from);
                DataFile target = facilities.disk().create(to)) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
            long size = source.size();
            for (long at = 0; at < size; ) {
                source.read(buffer.clear(), at);
                at += buffer.flip().remaining();
                target.write(buffer, at - buffer.remaining());
            }
            target.force();
        }
    }

    /** A picture is worth no failure: without one, a row shows a sign. */
    private @Nullable String keepPoster(PlaybackFiles.Job job) throws IOException {
        Disk disk = facilities.disk();
        OptionalLong size = disk.size(job.poster());
        if (size.isEmpty() || size.getAsLong() == 0) {
            return null;
        }
        String name = nameOf(job.id()) + POSTER_ENDING;
        disk.replace(facilities.folders().posters().resolve(name), job.poster());
        disk.syncFolder(facilities.folders().posters());
        return name;
    }

    /** Decides by what stands under the final name, and notes it. Does nothing for a recording that is not being worked on. */
    void settle(SessionId id) throws StorageException {
        RecordingRow row = facilities.recordings().find(id).orElse(null);
        PlaybackRow playback = row == null ? null : row.playback();
        if (row == null || playback == null || playback.state() != State.WORKING) {
            return;
        }
        try {
            Path place = facilities.folders().finished(row.fileName());
            OptionalLong size = facilities.disk().size(place);
            if (playback.bytes() != null
                    && size.equals(OptionalLong.of(playback.bytes()))
                    && hash(place).equals(playback.sha256())) {
                facilities.disk().syncFolder(facilities.folders().output());
                facilities.playback().placed(id, facilities.time().instant());
            } else if (playback.bytes() == null || size.equals(OptionalLong.of(row.bytes()))) {
                facilities.playback().become(id, State.WORKING, State.WAITING, null);
                facilities.tidy(received(id));
            }
            // Else it is neither: somebody took or changed it, and the scan says so.
        } catch (IOException e) {
            throw DiskFailure.of(facilities.disk(), facilities.folders().output(), "look at " + row.fileName(), e);
        }
    }

    private String hash(Path file) throws IOException {
        try (DataFile data = facilities.disk().open(file)) {
            return hash(data, data.size());
        }
    }

    private static String hash(DataFile file, long bytes) throws IOException {
        MessageDigest digest = digest();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        for (long at = 0; at < bytes; ) {
            file.read(buffer.clear(), at);
            if (!buffer.flip().hasRemaining()) {
                throw new IOException("the file ends at " + at + " of " + bytes + " bytes");
            }
            at += buffer.remaining();
            digest.update(buffer);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String nameOf(SessionId id) {
        byte[] hash = digest().digest(id.value().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash).substring(0, NAME_CHARS);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
