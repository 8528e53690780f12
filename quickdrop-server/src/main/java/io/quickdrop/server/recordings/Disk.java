package io.quickdrop.server.recordings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The calls of the file system that the store makes, so that tests can let each of them fail. {@link LocalDisk} is the
 * real one. Nothing here follows a symbolic link at the end of a path.
 */
public interface Disk {
    /**
     * Makes a new, empty file for this user alone.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is anything under that name
     */
    DataFile create(Path file) throws IOException;

    /** Opens a file for reading and writing. */
    DataFile open(Path file) throws IOException;

    /**
     * Gives the file a second name.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is anything under that name
     */
    void link(Path name, Path file) throws IOException;

    /** Moves the file in one step; a file of the new name is replaced. */
    void replace(Path target, Path file) throws IOException;

    /** Removes the file; {@code false} if there was none. */
    boolean delete(Path file) throws IOException;

    /** Returns when the names in the folder are on the disk. */
    void syncFolder(Path folder) throws IOException;

    /** Length of the file, or empty if there is no regular file. */
    OptionalLong size(Path file) throws IOException;

    /** Whether anything has this name. */
    boolean exists(Path file);

    /** Whether both names are of one file; both exist. */
    boolean isSame(Path one, Path other) throws IOException;

    /** The files in a folder. */
    List<Path> list(Path folder) throws IOException;

    /** Bytes that this user may still write to the folder's volume. */
    long usableBytes(Path folder) throws IOException;
}
