package io.quickdrop.server.recordings;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What can be chosen about the store.
 *
 * @param output folder for finished recordings
 * @param data folder for the catalogue
 * @param reserveBytes room that recordings leave free on the output folder's volume
 * @param undo how long a deleted recording can be taken back
 * @param keepReceived how long the bytes of a take are kept as they came, after a repaired file took their place
 * @param membership which of several servers on one catalogue this is; {@code null} if it has the catalogue for itself
 */
public record StoreSettings(
        Path output,
        Path data,
        long reserveBytes,
        Duration undo,
        Duration keepReceived,
        @Nullable Membership membership) {
    /**
     * One of several servers on one catalogue.
     *
     * @param instance its id, the same after a restart: 1 to 64 letters, digits and hyphens
     * @param sharedFolder whether other servers keep their recordings in the same output folder
     * @param servers the others
     */
    public record Membership(String instance, boolean sharedFolder, Servers servers) {}

    /** Enough for any system to go on working, also on disks so large that 2 % would be tens of gigabytes. */
    public static final long MAX_DEFAULT_RESERVE_BYTES = 512L * 1024 * 1024;

    private static final long DEFAULT_RESERVE_PERCENT = 2;
    private static final Duration DEFAULT_UNDO = Duration.ofMinutes(10);

    /** A day to compare by hash, and to go back to should a player dislike the repaired file. */
    public static final Duration DEFAULT_KEEP_RECEIVED = Duration.ofHours(24);

    /** @throws IllegalArgumentException if the reserve or a time is negative */
    public StoreSettings {
        if (reserveBytes < 0 || undo.isNegative() || keepReceived.isNegative()) {
            throw new IllegalArgumentException("reserve " + reserveBytes + " bytes, undo " + undo
                    + ", received kept for " + keepReceived + ": none may be negative");
        }
        output = output.toAbsolutePath().normalize();
        data = data.toAbsolutePath().normalize();
    }

    /** Received bytes of repaired takes are kept for {@link #DEFAULT_KEEP_RECEIVED}. */
    public StoreSettings(Path output, Path data, long reserveBytes, Duration undo) {
        this(output, data, reserveBytes, undo, DEFAULT_KEEP_RECEIVED, null);
    }

    /** A server that has its catalogue for itself. */
    public StoreSettings(Path output, Path data, long reserveBytes, Duration undo, Duration keepReceived) {
        this(output, data, reserveBytes, undo, keepReceived, null);
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

    /** The same, with another time for received bytes. */
    public StoreSettings keepingReceived(Duration time) {
        return new StoreSettings(output, data, reserveBytes, undo, time, membership);
    }

    /** The same, of one of several servers on one catalogue, with a folder of its own for what is its own alone. */
    public StoreSettings of(@Nullable Membership member, Path ownData) {
        return new StoreSettings(output, ownData, reserveBytes, undo, keepReceived, member);
    }
}
