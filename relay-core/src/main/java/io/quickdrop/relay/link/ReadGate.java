package io.quickdrop.relay.link;

/**
 * Decides when a connection must not be read any further: the bytes that were read from it and are not yet on the disk
 * stay under a bound, and a slow disk pauses the socket instead of filling the heap.
 *
 * <p>Pure; confined to one thread.
 */
public final class ReadGate {
    private final long highBytes;
    private final long lowBytes;
    private long outstandingBytes;
    private boolean paused;

    /**
     * @param highBytes pause at this many outstanding bytes
     * @param lowBytes read again at this many
     */
    public ReadGate(long highBytes, long lowBytes) {
        if (lowBytes < 0 || lowBytes >= highBytes) {
            throw new IllegalArgumentException(
                    "low " + lowBytes + ", high " + highBytes + ": allowed is 0 <= low < high");
        }
        this.highBytes = highBytes;
        this.lowBytes = lowBytes;
    }

    /**
     * Bytes were read.
     *
     * @param crowded whether all connections together hold too much, so that even this one's modest share must wait
     * @return whether to pause reading now
     */
    public boolean taken(long bytes, boolean crowded) {
        outstandingBytes += bytes;
        boolean mustPause = outstandingBytes >= highBytes || (crowded && outstandingBytes > lowBytes);
        if (mustPause && !paused) {
            paused = true;
            return true;
        }
        return false;
    }

    /**
     * Bytes were written, or dropped.
     *
     * @return whether to read again now
     */
    public boolean settled(long bytes) {
        outstandingBytes -= bytes;
        if (outstandingBytes < 0) {
            throw new AssertionError("settled " + -outstandingBytes + " bytes more than were taken");
        }
        if (paused && outstandingBytes <= lowBytes) {
            paused = false;
            return true;
        }
        return false;
    }

    /** Bytes read and not yet settled. */
    public long outstandingBytes() {
        return outstandingBytes;
    }
}
