package io.quickdrop.system.faults.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** What a dying disk does to the end of a file, or to any bit of it. */
enum Damage {
    /** Bytes stand behind the end that nobody wrote. */
    GARBAGE_BEHIND(false),
    /** The file ends somewhere in what was not acknowledged. */
    TORN_TAIL(false),
    /** A bit is wrong in what was not acknowledged. */
    FLIPPED_TAIL(false),
    /** A bit is wrong in what was acknowledged: only the hash tells. */
    FLIPPED_BELOW(false),
    /** The file ends within what was acknowledged: that is gone. */
    TORN_BELOW(true);

    private static final int MOST_GARBAGE_BYTES = 100_000;

    private final boolean destroys;

    Damage(boolean destroys) {
        this.destroys = destroys;
    }

    /** Whether acknowledged bytes are gone, so that the client has to be told. */
    boolean destroys() {
        return destroys;
    }

    /**
     * Does it. Where the tail has no byte that it could be done to, garbage is put behind it.
     *
     * @param keptBytes where the tail begins
     */
    void to(Path file, long keptBytes, Random random) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long tail = bytes.length() - keptBytes;
            switch (this) {
                case GARBAGE_BEHIND -> append(bytes, random);
                case TORN_TAIL -> bytes.setLength(keptBytes + nextLong(random, tail + 1));
                case FLIPPED_TAIL -> {
                    if (tail > 0) {
                        flip(bytes, keptBytes + nextLong(random, tail), random);
                    } else {
                        append(bytes, random);
                    }
                }
                case FLIPPED_BELOW -> flip(bytes, nextLong(random, keptBytes), random);
                case TORN_BELOW -> bytes.setLength(nextLong(random, keptBytes));
            }
        }
    }

    /** Damages the last part of a journal, if it has anything; returns whether committed rows may be gone. */
    static boolean ofJournal(Path journal, Random random) throws IOException {
        if (!Files.exists(journal) || Files.size(journal) == 0) {
            throw new AssertionError("there is no journal " + journal + " to damage");
        }
        long length = Files.size(journal);
        return switch (random.nextInt(3)) {
            case 0 -> {
                GARBAGE_BEHIND.to(journal, length, random);
                yield false;
            }
            case 1 -> {
                TORN_TAIL.to(journal, length * 2 / 3, random);
                yield true;
            }
            default -> {
                FLIPPED_TAIL.to(journal, length * 2 / 3, random);
                yield true;
            }
        };
    }

    private static void append(RandomAccessFile bytes, Random random) throws IOException {
        byte[] garbage = new byte[1 + random.nextInt(MOST_GARBAGE_BYTES)];
        random.nextBytes(garbage);
        bytes.seek(bytes.length());
        bytes.write(garbage);
    }

    private static void flip(RandomAccessFile bytes, long at, Random random) throws IOException {
        bytes.seek(at);
        int old = bytes.read();
        bytes.seek(at);
        bytes.write(old ^ (1 << random.nextInt(8)));
    }

    private static long nextLong(Random random, long bound) {
        return (long) (random.nextDouble() * bound);
    }
}
