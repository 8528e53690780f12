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
 * Whose file it is: the process's that came last. A file beside it holds the owner's token, and is locked while anybody looks
 * at it or acts on it; so a predecessor that still runs (it is about to be superseded at the server) finds itself shut out
 * before its next write, and never writes between its successor's reading and writing.
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

    /** What is done by an owner. */
    interface Work {
        void run() throws IOException, IdentityException, Records.DamageException;
    }

    /** Does something, and is the owner from then on. */
    void take(Work work) throws IOException, IdentityException, Records.DamageException {
        locked(true, work);
    }

    /** Does something, if still the owner. */
    void keep(Work work) throws IOException, IdentityException, Records.DamageException {
        locked(false, work);
    }

    private void locked(boolean takes, Work work) throws IOException, IdentityException, Records.DamageException {
        synchronized (WITHIN_THIS_PROCESS) {
            try (FileChannel channel = folder.open(name);
                    FileLock lock = lock(channel)) {
                if (!lock.isValid() || (!takes && !token.equals(read(channel)))) {
                    throw new IOException("a newer process of this desktop has it since");
                }
                if (takes) {
                    write(channel); // first: from here on the predecessor can't write, whatever becomes of us
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
        } // not forced: after a power cut no predecessor is left
    }
}
