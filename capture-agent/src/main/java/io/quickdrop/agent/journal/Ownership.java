package io.quickdrop.agent.journal;

import io.quickdrop.agent.identity.IdentityException;
import io.quickdrop.agent.identity.PrivateFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file that one process at a time acts on, and each knows whether another did since. A file beside it is locked meanwhile,
 * and holds a token of whoever was last. So an agent and its successor, which run side by side until the server has closed the
 * first one's connection, never act on what they read before the other wrote.
 */
final class Ownership {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long POLL_MILLIS = 5;
    /** Locks are between processes; Java does not make its own threads wait for each other. */
    private static final Object WITHIN_THIS_PROCESS = new Object();

    private final PrivateFolder folder;
    private final String name;
    private final UUID token = UUID.randomUUID();

    /** @param name of the file that holds the token */
    Ownership(PrivateFolder folder, String name) {
        this.folder = folder;
        this.name = name;
    }

    /** What is done under the lock. */
    interface Work {
        void run() throws IOException, IdentityException, Records.DamageException;
    }

    /**
     * Does something while no other process does.
     *
     * @param changed done before it, if another process was last, or none yet
     */
    void act(Work changed, Work work) throws IOException, IdentityException, Records.DamageException {
        synchronized (WITHIN_THIS_PROCESS) {
            try (FileChannel channel = folder.open(name);
                    FileLock lock = lock(channel)) {
                if (!lock.isValid() || !token.equals(read(channel))) {
                    changed.run();
                    write(channel);
                }
                work.run();
            }
        }
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("another process has kept it locked for " + PATIENCE.toSeconds() + " s");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    private static @Nullable UUID read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES);
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {
            // the rest
        }
        return bytes.hasRemaining() ? null : new UUID(bytes.getLong(0), bytes.getLong(Long.BYTES));
    }

    private void write(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(token.getMostSignificantBits())
                .putLong(token.getLeastSignificantBits())
                .flip();
        while (bytes.hasRemaining()) {
            channel.write(bytes, bytes.position());
        } // not forced: after a power cut no other process is left
    }
}
