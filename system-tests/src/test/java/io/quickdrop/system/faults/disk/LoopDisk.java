package io.quickdrop.system.faults.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.system.faults.trial.Command;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk with ext4 in a file, whose power can be cut: {@code EXT4_IOC_SHUTDOWN}. Needs root, and loop devices. */
final class LoopDisk implements AutoCloseable {
    /** What becomes of what ext4 has put into its journal and not forced: with it gone, nobody can tell a hard cut. */
    enum Cut {
        /** {@code EXT4_GOING_FLAGS_LOGFLUSH}: the journal is written out first. */
        JOURNAL_KEPT(1),
        /** {@code EXT4_GOING_FLAGS_NOLOGFLUSH}. */
        JOURNAL_LOST(2);

        private final int flag;

        Cut(int flag) {
            this.flag = flag;
        }
    }

    private static final long BYTES = 96L << 20;
    private static final String SHUTDOWN =
            "open(my $d, '<', $ARGV[0]) or die qq(open: $!); my $f = pack('L', $ARGV[1]);"
                    + " ioctl($d, 0x8004587d, $f) or die qq(ioctl: $!)";

    private final Path image;
    private final Path place;
    private boolean mounted;

    private LoopDisk(Path image, Path place) {
        this.image = image;
        this.place = place;
    }

    /** Makes one and mounts it, or throws with the reason why there can be none here. */
    static LoopDisk in(Path folder) throws IOException {
        Path image = folder.resolve("disk.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(BYTES);
        }
        Command.Result made = Command.run("mkfs.ext4", "-q", "-F", image.toString());
        if (!made.worked()) {
            throw new IOException("no ext4 can be made: " + made.output());
        }
        LoopDisk disk = new LoopDisk(image, Files.createDirectory(folder.resolve("disk")));
        Command.Result mount = disk.tryToMount();
        if (!mount.worked()) {
            throw new IOException("no loop device can be mounted: " + mount.output());
        }
        Files.delete(disk.place.resolve("lost+found"));
        return disk;
    }

    private Command.Result tryToMount() {
        Command.Result result = Command.run("mount", "-t", "ext4", "-o", "loop", image.toString(), place.toString());
        mounted = result.worked();
        return result;
    }

    /** Where it is mounted. */
    Path place() {
        return place;
    }

    /** The power goes: what is not on the disk now never gets there. */
    void cut(Cut cut) {
        Command.must("perl", "-e", SHUTDOWN, place.toString(), Integer.toString(cut.flag));
    }

    /** Whether it could be unmounted: nobody has a file open on it any more. */
    boolean unmount() {
        mounted = !Command.run("umount", place.toString()).worked();
        return !mounted;
    }

    /** The power comes back. */
    void mount() {
        Command.Result result = tryToMount();
        assertThat(result.worked()).as(result.output()).isTrue();
    }

    @Override
    public void close() {
        if (mounted) {
            Command.must("umount", "-l", place.toString());
        }
    }
}
