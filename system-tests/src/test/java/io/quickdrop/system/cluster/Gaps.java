package io.quickdrop.system.cluster;

import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.system.display.Picture;
import io.quickdrop.system.peers.TestViewer;

/** The longest time between two pictures, also the one that lasts now. Safe on any thread. */
final class Gaps implements TestViewer.Eyes {
    private long newestNanos = System.nanoTime();
    private long longestNanos;

    @Override
    public synchronized void painted(FrameHeader last, Picture glass, long bytes) {
        look();
        newestNanos = System.nanoTime();
    }

    /** Begins to count. */
    synchronized void restart() {
        newestNanos = System.nanoTime();
        longestNanos = 0;
    }

    /** Since {@link #restart}. */
    synchronized double longestSeconds() {
        look();
        return longestNanos / 1e9;
    }

    private void look() {
        longestNanos = Math.max(longestNanos, System.nanoTime() - newestNanos);
    }
}
