package io.quickdrop.server.recordings;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Where the store keeps what. All of it is on the output folder's volume, so that a file becomes final by a second name
 * and not by a copy.
 *
 * @param output finished recordings, directly
 * @param own the store's own, for this user alone
 * @param incoming what has not ended
 * @param trash deleted recordings, until undo is over
 * @param lost bytes that no catalogue knows: kept, and never touched again
 * @param work files that this server is making of recordings; what is left there at its start is nobody's
 * @param received recordings as they came, for a while after a repaired file took their place
 * @param posters pictures of recordings
 */
record StoreFolders(
        Path output, Path own, Path incoming, Path trash, Path lost, Path work, Path received, Path posters) {
    static final String OWN_NAME = ".quickdrop";

    /** Makes what is missing. */
    static StoreFolders prepare(Path output, StoreSettings.@Nullable Membership member) throws StorageException {
        try {
            Files.createDirectories(output);
            Path real = output.toRealPath();
            Path own = ownFolder(real.resolve(OWN_NAME));
            Path work = ownFolder(own.resolve("work"));
            return new StoreFolders(
                    real,
                    own,
                    ownFolder(own.resolve("incoming")),
                    ownFolder(own.resolve("trash")),
                    ownFolder(own.resolve("lost")),
                    member == null ? work : ownFolder(work.resolve(member.instance())),
                    ownFolder(own.resolve("received")),
                    ownFolder(own.resolve("posters")));
        } catch (IOException e) {
            throw new StorageException(
                    Kind.FAILED, "recordings can't be kept in " + output + ": the folder can't be written to: " + e, e);
        }
    }

    private static Path ownFolder(Path folder) throws IOException, StorageException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(folder);
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new StorageException(
                    Kind.FAILED, folder + " is a link or a file; recordings need a folder of their own there");
        }
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            ownerOnly(folder);
        }
        return folder;
    }

    /** File systems without permissions (FAT) refuse; they have none to protect with. */
    private static void ownerOnly(Path folder) throws IOException {
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    Path part(String name) {
        return incoming.resolve(name);
    }

    /**
     * The place of a finished recording.
     *
     * @throws IllegalArgumentException if the name leads anywhere else
     */
    Path finished(String fileName) {
        Path place = output.resolve(fileName);
        if (fileName.isEmpty()
                || !output.equals(place.getParent())
                || !place.normalize().equals(place)
                || fileName.equals(OWN_NAME)) {
            throw new IllegalArgumentException("file name '" + fileName + "': allowed are plain names without folders");
        }
        return place;
    }
}
