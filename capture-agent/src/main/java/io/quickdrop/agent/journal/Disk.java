package io.quickdrop.agent.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What the journal asks of the disk, in one place, so that tests can have it fail. */
class Disk {
    private static final boolean SYNCS_FOLDERS =
            !System.getProperty("os.name", "").startsWith("Windows");

    /** Writes all of it at the end of the channel. */
    void append(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** What was written survives a power cut. */
    void force(FileChannel channel) throws IOException {
        channel.force(true);
    }

    /** One file takes the place and name of another, in one step that survives a power cut. */
    void replace(Path fresh, Path old) throws IOException {
        Files.move(fresh, old, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceFolder(old.resolveSibling("."));
    }

    /** Names in a folder survive a power cut; Windows offers no way to ask for that, and NTFS journals names by itself. */
    private static void forceFolder(Path folder) throws IOException {
        if (SYNCS_FOLDERS) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
