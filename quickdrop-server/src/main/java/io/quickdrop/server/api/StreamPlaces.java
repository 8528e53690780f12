package io.quickdrop.server.api;

import java.util.HashMap;
import java.util.Map;

/** Counts the streams that are open: each holds a connection. Safe on any thread. */
final class StreamPlaces {
    static final int MOST = 64;
    static final int MOST_EACH = 16;

    private final Map<String, Integer> open = new HashMap<>();

    synchronized boolean hasRoom(String asker) {
        int all = open.values().stream().mapToInt(Integer::intValue).sum();
        return all < MOST && open.getOrDefault(asker, 0) < MOST_EACH;
    }

    synchronized boolean take(String asker) {
        boolean taken = hasRoom(asker);
        if (taken) {
            open.merge(asker, 1, Integer::sum);
        }
        return taken;
    }

    synchronized void leave(String asker) {
        open.computeIfPresent(asker, (same, count) -> count == 1 ? null : count - 1);
    }
}
