package io.quickdrop.relay.sim.desktop;

import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.Tile;
import java.util.HashMap;
import java.util.Map;

/**
 * How long each place of a screen has waited to be sent to one viewer, counted in bytes that were sent instead: where a way
 * is too narrow for all that moves, what has changed once must come all the same.
 */
final class Fairness {
    private record Waiting(long version, long sinceBytes) {}

    private final Map<Long, Waiting> waiting = new HashMap<>();
    private long sentBytes;
    private int screenSize;

    void forget() {
        waiting.clear();
    }

    /** The room has these tiles now. */
    void came(Frame frame) {
        int size = frame.header().width() << 16 | frame.header().height();
        if (size != screenSize) {
            forget();
            screenSize = size;
        }
        for (Tile tile : frame.tiles()) {
            waiting.merge(
                    place(tile),
                    new Waiting(tile.bytes().getLong(0), sentBytes),
                    (before, now) -> new Waiting(now.version, before.sinceBytes));
        }
    }

    void sent(Frame frame) {
        sentBytes += frame.wireBytes();
        for (Tile tile : frame.tiles()) {
            waiting.remove(place(tile));
        }
    }

    /** The most bytes that were sent while something waited. */
    long longestWait() {
        long longest = 0;
        for (Waiting one : waiting.values()) {
            longest = Math.max(longest, sentBytes - one.sinceBytes);
        }
        return longest;
    }

    private static long place(Tile tile) {
        return (long) tile.x() << 16 | tile.y();
    }
}
