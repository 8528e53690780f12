package io.quickdrop.server.recordings;

import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import io.quickdrop.relay.upload.SavedRecording;
import io.quickdrop.server.catalogue.RecordingRow;
import io.quickdrop.server.catalogue.UploadRow;
import io.quickdrop.server.catalogue.UploadRow.Ending;
import io.quickdrop.server.catalogue.UploadTable.NameOutcome;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The way of a whole recording to its final name. Each step can be repeated, so that it is completed after a crash or a
 * failure anywhere:
 *
 * <ol>
 *   <li>the catalogue notes name and hash (all bytes are forced by then);
 *   <li>the file gets its final name beside the incoming one, by a hard link, which never replaces anything; where there
 *       are no hard links, an empty file reserves the name, which is noted before, and is replaced;
 *   <li>the output folder is synced;
 *   <li>the catalogue turns the upload into a recording;
 *   <li>the incoming name is removed (start-up does it if this one doesn't).
 * </ol>
 */
final class Completion {
    /** So many recordings of one second and one label; more is a naming that repeats itself. */
    private static final int MAX_NAMES = 10_000;

    private final Facilities facilities;
    private final FileNaming naming;

    Completion(Facilities facilities, FileNaming naming) {
        this.facilities = facilities;
        this.naming = naming;
    }

    /** The name that a recording gets if nobody has it. */
    String wishedName(Description description, Instant begun) {
        return naming.name(description, begun, 0);
    }

    /** The name that a recording would get now. */
    String nameNow(Description description, Instant begun) {
        String name = naming.name(description, begun, 0);
        for (int taken = 1; taken < MAX_NAMES && isTaken(name); taken++) {
            name = naming.name(description, begun, taken);
        }
        return name;
    }

    /**
     * Notes the end and a free name for it.
     *
     * @param upload with the offset and chunks of the end; everything below is forced
     */
    UploadRow decide(UploadRow upload, @Nullable String sha256, boolean partial) throws StorageException {
        for (int taken = 0; taken < MAX_NAMES; taken++) {
            String name = naming.name(upload.description(), upload.begun(), taken);
            Ending ending = new Ending(partial ? partialName(name) : name, sha256, partial, false);
            if (!isTaken(ending.fileName()) && note(upload, ending)) {
                return upload.ending(ending);
            }
        }
        throw new StorageException(
                Kind.FAILED,
                "no free name for " + upload.id() + " after " + MAX_NAMES + " tries, the last was "
                        + naming.name(upload.description(), upload.begun(), MAX_NAMES - 1));
    }

    /** Does what is left to do. The row says how it ends. */
    SavedRecording complete(UploadRow upload) throws StorageException {
        UploadRow current = upload;
        while (!claim(current)) {
            current = decide(current, ending(current).sha256(), ending(current).partial());
        }
        Path output = facilities.folders().output();
        try {
            facilities.disk().syncFolder(output);
        } catch (IOException e) {
            throw DiskFailure.of(facilities.disk(), output, "sync the folder", e);
        }
        if (!facilities
                .uploads()
                .finish(current, ending(current), facilities.time().instant())) {
            throw fenced(upload);
        }
        facilities.tidy(part(current));
        return saved(current);
    }

    /** Takes a final name back that {@link #complete} may have given already. */
    void withdraw(UploadRow upload) throws StorageException {
        Ending ending = ending(upload);
        Path place = facilities.folders().finished(ending.fileName());
        Disk disk = facilities.disk();
        try {
            if (disk.exists(place) && isOurs(upload, ending, place)) {
                disk.delete(place);
                disk.syncFolder(facilities.folders().output());
            }
        } catch (IOException e) {
            throw DiskFailure.of(disk, facilities.folders().output(), "remove " + ending.fileName(), e);
        }
    }

    /** Whether every byte that was promised an end is there, under the incoming or the final name. */
    boolean hasBytes(UploadRow upload) throws IOException {
        Ending ending = ending(upload);
        OptionalLong length = facilities.disk().size(part(upload));
        return length.isPresent()
                ? length.getAsLong() >= upload.committedOffset()
                : isOurs(upload, ending, facilities.folders().finished(ending.fileName()));
    }

    static SavedRecording saved(RecordingRow row) {
        return new SavedRecording(row.fileName(), row.bytes(), row.chunks(), row.sha256(), row.partial());
    }

    static StorageException fenced(UploadRow upload) {
        return new StorageException(Kind.FAILED, "session " + upload.id() + " was taken over or ended elsewhere");
    }

    /** Whether the file stands under its final name now; {@code false} if somebody else has that name. */
    private boolean claim(UploadRow upload) throws StorageException {
        Ending ending = ending(upload);
        Path place = facilities.folders().finished(ending.fileName());
        if (facilities.disk().exists(place)) {
            return takeExisting(upload, ending, place);
        }
        try {
            facilities.disk().link(place, part(upload));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            return reserveAndMove(upload, place, e);
        }
    }

    private boolean takeExisting(UploadRow upload, Ending ending, Path place) throws StorageException {
        Disk disk = facilities.disk();
        try {
            if (!isOurs(upload, ending, place)) {
                return false;
            }
            if (disk.exists(part(upload)) && !disk.isSame(part(upload), place)) {
                disk.replace(place, part(upload));
                disk.syncFolder(facilities.folders().incoming());
            }
            return true;
        } catch (IOException e) {
            throw DiskFailure.of(disk, facilities.folders().output(), "take the name " + ending.fileName(), e);
        }
    }

    /** Whether what stands under the final name is the recording or its reservation; something stands there. */
    private boolean isOurs(UploadRow upload, Ending ending, Path place) throws IOException {
        Disk disk = facilities.disk();
        OptionalLong size = disk.size(place);
        if (!disk.exists(part(upload))) {
            // Moved there before a crash: only reserveAndMove takes the incoming name away before the catalogue knows.
            return ending.reserved() && size.equals(OptionalLong.of(upload.committedOffset()));
        }
        return disk.isSame(part(upload), place) || (ending.reserved() && size.equals(OptionalLong.of(0)));
    }

    private boolean reserveAndMove(UploadRow upload, Path place, IOException linkFailure) throws StorageException {
        Disk disk = facilities.disk();
        Ending ending = ending(upload);
        try {
            if (!disk.exists(part(upload))) {
                throw new IOException(
                        "the bytes of " + upload.id() + " are gone: no " + upload.partFile(), linkFailure);
            }
            if (!note(upload, new Ending(ending.fileName(), ending.sha256(), ending.partial(), true))) {
                return false;
            }
            disk.create(place).close();
            disk.replace(place, part(upload));
            disk.syncFolder(facilities.folders().incoming());
            return true;
        } catch (FileAlreadyExistsException e) {
            return isLinked(upload, place);
        } catch (IOException e) {
            e.addSuppressed(linkFailure);
            throw DiskFailure.of(disk, facilities.folders().output(), "name " + ending.fileName(), e);
        }
    }

    /** A link that was reported as failed may stand there all the same. */
    private boolean isLinked(UploadRow upload, Path place) throws StorageException {
        try {
            return facilities.disk().isSame(part(upload), place);
        } catch (IOException e) {
            throw DiskFailure.of(facilities.disk(), facilities.folders().output(), "look at " + place, e);
        }
    }

    private boolean note(UploadRow upload, Ending ending) throws StorageException {
        NameOutcome outcome = facilities
                .uploads()
                .decideEnding(upload, ending, facilities.time().instant());
        if (outcome == NameOutcome.FENCED) {
            throw fenced(upload);
        }
        return outcome == NameOutcome.GIVEN;
    }

    private boolean isTaken(String name) {
        return facilities.disk().exists(facilities.folders().finished(name));
    }

    private Path part(UploadRow upload) {
        return facilities.folders().part(upload.partFile());
    }

    private static Ending ending(UploadRow upload) {
        return Objects.requireNonNull(upload.ending(), () -> "no end was decided for " + upload.id());
    }

    private static SavedRecording saved(UploadRow upload) {
        Ending ending = ending(upload);
        return new SavedRecording(
                ending.fileName(), upload.committedOffset(), upload.chunks(), ending.sha256(), ending.partial());
    }

    /** {@code kitchen.webm} becomes {@code kitchen.partial.webm}. */
    static String partialName(String name) {
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? name + ".partial" : name.substring(0, dot) + ".partial" + name.substring(dot);
    }
}
