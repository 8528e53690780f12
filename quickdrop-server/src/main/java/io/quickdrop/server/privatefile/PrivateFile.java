package io.quickdrop.server.privatefile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Reads and writes files that only their owner may open: mode 0600 in a directory of mode 0700, whatever the umask says.
 *
 * <p>Where a file system has no POSIX modes (Windows), the directory's inherited access list decides: the data folder
 * lies in the user's profile, which other users can't open. Safe on any thread; two writers of one file race, and one
 * of them wins whole.
 */
public final class PrivateFile {
    private static final Set<PosixFilePermission> OWNER_READS_AND_WRITES = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ENTERS = PosixFilePermissions.fromString("rwx------");

    private PrivateFile() {}

    /**
     * Makes {@code directory} and its parents, and takes everybody else's rights on {@code directory} away.
     *
     * @throws IOException if it can't be made, or something that is no directory is in the way
     */
    public static void createDirectory(Path directory) throws IOException {
        Files.createDirectories(directory);
        if (hasPosixModes(directory)) {
            Files.setPosixFilePermissions(directory, OWNER_ENTERS);
        }
    }

    /**
     * Replaces {@code file} by {@code bytes} in one step: whoever reads it, also after a power cut, sees the old content
     * or the new one and never a mixture.
     */
    public static void write(Path file, byte[] bytes) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        try (FileChannel channel = create(temporary)) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory(file);
    }

    /** Opens {@code file} for appending, making it if missing. */
    public static FileChannel openForAppend(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            create(file).close();
            forceDirectory(file);
        }
        restrict(file);
        return FileChannel.open(file, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Reads {@code file} whole, after taking others' rights away: a backup restored with lax modes is repaired here.
     *
     * @throws IOException also if {@code file} is a symbolic link
     */
    public static byte[] read(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            throw new IOException(file + " is a symbolic link, and only a plain file is read here");
        }
        restrict(file);
        return Files.readAllBytes(file);
    }

    private static FileChannel create(Path file) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || !hasPosixModes(directory)) {
            return FileChannel.open(file, options);
        }
        // The mode goes into the open call, so that there is no moment in which others could open the file.
        FileAttribute<?> mode = PosixFilePermissions.asFileAttribute(OWNER_READS_AND_WRITES);
        FileChannel channel = FileChannel.open(file, options, mode);
        Files.setPosixFilePermissions(file, OWNER_READS_AND_WRITES);
        return channel;
    }

    private static void restrict(Path file) throws IOException {
        if (hasPosixModes(file)
                && !OWNER_READS_AND_WRITES.containsAll(
                        Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS))) {
            Files.setPosixFilePermissions(file, OWNER_READS_AND_WRITES);
        }
    }

    /** A rename is durable only once its directory is forced; Windows can't open directories and needs no such step. */
    private static void forceDirectory(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null && hasPosixModes(directory)) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static boolean hasPosixModes(Path path) {
        return Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
    }
}
