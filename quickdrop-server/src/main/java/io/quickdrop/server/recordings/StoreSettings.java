package io.quickdrop.server.recordings;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What can be chosen about the store.
 *
 * @param output folder for finished recordings
 * @param data folder for the catalogue
 * @param reserveBytes room that recordings leave free on the output folder's volume
 * @param undo how long a deleted recording can be taken back
 */
public record StoreSettings(Path output, Path data, long reserveBytes, Duration undo) {
    /** Enough for any system to go on working, also on disks so large that 2 % would be tens of gigabytes. */
    public static final long MAX_DEFAULT_RESERVE_BYTES = 512L * 1024 * 1024;

    private static final long DEFAULT_RESERVE_PERCENT = 2;
    private static final Duration DEFAULT_UNDO = Duration.ofMinutes(10);

    /** @throws IllegalArgumentException if the reserve or the time to undo is negative */
    public StoreSettings {
        if (reserveBytes < 0 || undo.isNegative()) {
            throw new IllegalArgumentException(
                    "reserve " + reserveBytes + " bytes, undo " + undo + ": neither may be negative");
        }
        output = output.toAbsolutePath().normalize();
        data = data.toAbsolutePath().normalize();
    }

    /**
     * Everything in the output folder, with a reserve of 2 % of its volume, at most 512 MiB: small sticks stay usable.
     *
     * @param output made if it is not there
     */
    public static StoreSettings defaults(Path output) throws StorageException {
        try {
            Files.createDirectories(output);
            long share = Files.getFileStore(output).getTotalSpace() / 100 * DEFAULT_RESERVE_PERCENT;
            return new StoreSettings(
                    output,
                    output.resolve(StoreFolders.OWN_NAME),
                    Math.min(MAX_DEFAULT_RESERVE_BYTES, share),
                    DEFAULT_UNDO);
        } catch (IOException e) {
            throw new StorageException(
                    Kind.FAILED, "recordings can't be kept in " + output + ": the folder can't be made: " + e, e);
        }
    }
}
