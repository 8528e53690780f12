package io.quickdrop.server.send;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of a whole file, taken close behind the bytes that are being sent: they are still in the system's cache
 * then, and the disk is read once. What was sent by an earlier run is hashed first, at full speed.
 */
final class FollowingHash {
    /** How far it may run ahead of the sender: far enough never to be waited for. */
    private static final long LEAD_BYTES = 32L << 20;

    private static final int PIECE_BYTES = 1 << 20;

    private final FileSource source;
    private final long totalBytes;
    private long reachedBytes;
    private boolean cancelled;

    FollowingHash(FileSource source, long totalBytes) {
        this.source = source;
        this.totalBytes = totalBytes;
    }

    /** The sender has reached an offset. Callable on any thread; going back is ignored. */
    synchronized void reached(long offset) {
        if (offset > reachedBytes) {
            reachedBytes = offset;
            notifyAll();
        }
    }

    /** Lets {@link #compute} end at its next step. */
    synchronized void cancel() {
        cancelled = true;
        notifyAll();
    }

    /**
     * Hashes the file on the calling thread.
     *
     * @return 64 lower-case hex digits
     * @throws InterruptedException if interrupted or cancelled
     * @throws IOException if the file can't be read or has become shorter
     */
    String compute() throws IOException, InterruptedException {
        MessageDigest digest = sha256();
        for (long at = 0; at < totalBytes; ) {
            awaitSender(at);
            int length = (int) Math.min(PIECE_BYTES, totalBytes - at);
            digest.update(source.read(at, length));
            at += length;
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private synchronized void awaitSender(long at) throws InterruptedException {
        while (!cancelled && at > reachedBytes + LEAD_BYTES) {
            wait();
        }
        if (cancelled) {
            throw new InterruptedException("the upload is over");
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
