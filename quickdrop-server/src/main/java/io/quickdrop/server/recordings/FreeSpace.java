package io.quickdrop.server.recordings;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * Room for recordings, above a reserve that is left to the catalogue and to the rest of the system. The volume is asked
 * at most every 200 ms or 8 MiB; what was taken in between is counted.
 *
 * <p>Called from any thread.
 */
final class FreeSpace {
    private static final long MAX_AGE_MILLIS = 200;
    /** Between two readings, others may fill the disk faster than us; the reserve is many times this. */
    private static final long MAX_TAKEN_BYTES = 8 * 1024 * 1024;

    private final Disk disk;
    private final Path folder;
    private final long reserveBytes;
    private final InstantSource time;
    private long roomBytes;
    private long takenBytes = MAX_TAKEN_BYTES;
    private long readAtMillis;

    FreeSpace(Disk disk, Path folder, long reserveBytes, InstantSource time) {
        this.disk = disk;
        this.folder = folder;
        this.reserveBytes = reserveBytes;
        this.time = time;
    }

    /** Room above the reserve, never negative; 0 if the volume doesn't answer. */
    synchronized long left() {
        try {
            refresh(false);
            return Math.max(0, roomBytes - takenBytes);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Counts bytes that are about to be written, or refuses with FULL where they would touch the reserve. */
    synchronized void take(long bytes) throws StorageException {
        try {
            refresh(false);
            if (roomBytes - takenBytes < bytes) {
                refresh(true);
            }
        } catch (IOException e) {
            throw new StorageException(Kind.FAILED, "the volume of " + folder + " does not say its room: " + e, e);
        }
        if (roomBytes < bytes) {
            throw new StorageException(
                    Kind.FULL,
                    folder + " has room for " + Math.max(0, roomBytes) + " bytes above the reserve of " + reserveBytes
                            + "; needed are " + bytes);
        }
        takenBytes += bytes;
    }

    /** Refuses with FULL where fewer than {@code bytes} are left, by a new reading. */
    synchronized void require(long bytes) throws StorageException {
        takenBytes = MAX_TAKEN_BYTES;
        take(bytes);
        takenBytes -= bytes;
    }

    private void refresh(boolean now) throws IOException {
        long millis = time.millis();
        if (now || takenBytes >= MAX_TAKEN_BYTES || Math.abs(millis - readAtMillis) > MAX_AGE_MILLIS) {
            roomBytes = disk.usableBytes(folder) - reserveBytes;
            takenBytes = 0;
            readAtMillis = millis;
        }
    }
}
