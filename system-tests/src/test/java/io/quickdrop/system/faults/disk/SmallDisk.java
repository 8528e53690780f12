package io.quickdrop.system.faults.disk;

import io.quickdrop.system.faults.trial.Command;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tmpfs with few bytes and few names, and what fills it up. Needs root. */
final class SmallDisk implements AutoCloseable {
    private static final int PIECE_BYTES = 64 << 10;

    private final Path place;
    private final Path filler;
    private int names;

    private SmallDisk(Path place) {
        this.place = place;
        this.filler = place.resolve(".quickdrop").resolve("filler");
    }

    /** Mounts one, or throws with the reason why there can be none here. */
    static SmallDisk in(Path folder, int mebibytes, int names) throws IOException {
        Path place = Files.createDirectories(folder);
        Command.Result mount = Command.run(
                "mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m,nr_inodes=" + names, "tmpfs", place.toString());
        if (!mount.worked()) {
            throw new IOException("no tmpfs can be mounted: " + mount.output());
        }
        return new SmallDisk(place);
    }

    /** Where it is mounted. */
    Path place() {
        return place;
    }

    /** Leaves room for at most so many bytes. */
    void fillUpTo(long leftBytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(filler.toFile(), "rw")) {
            file.seek(file.length());
            while (true) {
                long room = place.toFile().getUsableSpace() - leftBytes;
                if (room <= 0) {
                    return;
                }
                file.write(new byte[(int) Math.min(PIECE_BYTES, room)]);
            }
        } catch (IOException full) {
            if (place.toFile().getUsableSpace() > leftBytes) {
                throw full;
            }
        }
    }

    /** Leaves no name for another file, not even a second one for a file that is there. */
    void useUpNames() throws IOException {
        Files.createDirectories(filler.resolveSibling("names"));
        try {
            while (true) {
                Files.createFile(filler.resolveSibling("names").resolve(Integer.toString(names)));
                names++;
            }
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space left")) {
                throw full;
            }
        }
    }

    /** There is room again. */
    void makeRoom() throws IOException {
        Files.deleteIfExists(filler);
        while (names > 0) {
            Files.delete(filler.resolveSibling("names").resolve(Integer.toString(--names)));
        }
    }

    @Override
    public void close() {
        Command.must("umount", "-l", place.toString());
    }
}
