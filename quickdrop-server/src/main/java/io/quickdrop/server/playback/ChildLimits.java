package io.quickdrop.server.playback;

import java.time.Duration;

/**
 * What one run of the child may use. A hostile file can make FFmpeg wait, fill memory or write without end; this is where it
 * stops.
 *
 * @param wall after which it is killed
 * @param cpuSeconds processor time, where the system can limit it
 * @param fileBytes longest file that it may write, where the system can limit it
 */
record ChildLimits(Duration wall, long cpuSeconds, long fileBytes) {
    /** Private memory of the process, FFmpeg's included: decoding the largest picture of a phone takes a third of it. */
    static final long DATA_BYTES = 1024L * 1024 * 1024;

    private static final long MIB = 1024 * 1024;
    private static final long START_SECONDS = 120;
    /** Copying goes at a hundred times this even on a slow disk. */
    private static final long BYTES_PER_SECOND = MIB;
    /** Real time, at worst: pictures that are encoded anew on an old laptop. */
    private static final long ENCODED_BYTES_PER_SECOND = MIB / 32;

    /** For reading {@code bytes} and writing about as many. */
    static ChildLimits copying(long bytes) {
        long seconds = START_SECONDS + bytes / BYTES_PER_SECOND;
        return new ChildLimits(Duration.ofSeconds(2 * seconds), seconds, bytes + bytes / 8 + 16 * MIB);
    }

    /** For making one file of parts of together {@code bytes}. */
    static ChildLimits joining(long bytes) {
        long seconds = START_SECONDS + bytes / ENCODED_BYTES_PER_SECOND;
        return new ChildLimits(Duration.ofSeconds(2 * seconds), seconds, 2 * bytes + 64 * MIB);
    }

    /** For one that is to say whether it runs at all; it may unpack its libraries. */
    static ChildLimits starting() {
        return new ChildLimits(Duration.ofSeconds(2 * START_SECONDS), START_SECONDS, 512 * MIB);
    }
}
