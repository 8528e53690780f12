package io.quickdrop.agent.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A disk whose n-th call fails, as disks do: an append that fails has written a part, and a force that fails has thrown away
 * what was not forced before, though the next one succeeds. What succeeds is not forced in truth: the machine stays up.
 */
final class FaultyDisk extends Disk {
    private int callsUntilFailure = Integer.MAX_VALUE;
    private long forcedBytes;
    int calls;

    /** The call behind so many others fails; those behind it succeed. */
    void failAfter(int others) {
        callsUntilFailure = others;
    }

    private boolean fails() {
        calls++;
        return callsUntilFailure-- == 0;
    }

    @Override
    void append(FileChannel channel, ByteBuffer bytes) throws IOException {
        if (fails()) {
            bytes.limit(bytes.position() + bytes.remaining() / 2);
            super.append(channel, bytes);
            throw new IOException("No space left on device");
        }
        super.append(channel, bytes);
    }

    @Override
    void force(FileChannel channel) throws IOException {
        if (fails()) {
            channel.truncate(Math.min(channel.size(), forcedBytes));
            throw new IOException("Input/output error");
        }
        forcedBytes = channel.size();
    }

    @Override
    void replace(Path fresh, Path old) throws IOException {
        if (fails()) {
            throw new IOException("Read-only file system");
        }
        Files.move(fresh, old, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forcedBytes = Files.size(old);
    }
}
