package io.quickdrop.server.recordings;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Tells a full disk from a broken one. Java hands no error number on, and its message is in the user's language. */
final class DiskFailure {
    /** Linux and macOS, quotas of both, and Windows, as their C libraries say it in English. */
    private static final List<String> FULL_MESSAGES =
            List.of("No space left on device", "Disk quota exceeded", "not enough space on the disk", "disk is full");

    /** Any failure with less room than this is taken for a full disk: file systems keep some blocks for themselves. */
    private static final long NO_ROOM_BYTES = 1024 * 1024;

    private DiskFailure() {}

    /**
     * The failure as the relay needs it.
     *
     * @param folder where room would be missing
     */
    static StorageException of(Disk disk, Path folder, String doing, IOException cause) {
        Kind kind = saysFull(cause) || hasNoRoom(disk, folder) ? Kind.FULL : Kind.FAILED;
        return new StorageException(kind, "failed to " + doing + " in " + folder + ": " + cause, cause);
    }

    private static boolean saysFull(IOException cause) {
        String message = String.valueOf(cause.getMessage());
        return FULL_MESSAGES.stream().anyMatch(message::contains);
    }

    private static boolean hasNoRoom(Disk disk, Path folder) {
        try {
            return disk.usableBytes(folder) < NO_ROOM_BYTES;
        } catch (IOException e) {
            // A volume that can't say its room is broken rather than full.
            return false;
        }
    }
}
