package io.quickdrop.relay.desktop;

import io.quickdrop.protocol.AgentMessage.ScreenWish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the agent should capture: what a visible viewer looks at, and for a moment longer, so that a page that is loaded again
 * finds its picture. Pure; confined to one thread.
 */
final class CaptureWish {
    private static final long SOMEBODY_LOOKS = Long.MAX_VALUE;

    private final long lingerMicros;
    /** Until when each stream is wanted. */
    private final Map<StreamKey, Long> wanted =
            new TreeMap<>(Comparator.comparingInt(StreamKey::screen).thenComparingInt(StreamKey::rendition));

    CaptureWish(Duration linger) {
        this.lingerMicros = linger.toNanos() / 1000;
    }

    /** Somebody looks at these, and at no others. */
    void look(Set<StreamKey> visible, long nowMicros) {
        wanted.replaceAll((key, until) ->
                until == SOMEBODY_LOOKS && !visible.contains(key) ? Long.valueOf(nowMicros + lingerMicros) : until);
        visible.forEach(key -> wanted.put(key, SOMEBODY_LOOKS));
        wanted.values().removeIf(until -> until <= nowMicros);
    }

    /** Whether this is wanted. */
    boolean contains(StreamKey key) {
        return wanted.containsKey(key);
    }

    /** What to tell the agent; empty for nothing. */
    List<ScreenWish> screens() {
        Map<Integer, List<Integer>> renditions = new TreeMap<>();
        for (StreamKey key : wanted.keySet()) {
            renditions
                    .computeIfAbsent(key.screen(), screen -> new ArrayList<>())
                    .add(key.rendition());
        }
        List<ScreenWish> screens = new ArrayList<>();
        renditions.forEach((screen, wishes) -> screens.add(new ScreenWish(screen, wishes)));
        return screens;
    }

    /** When the next stream is no longer wanted. */
    OptionalLong deadlineMicros() {
        return wanted.values().stream()
                .mapToLong(Long::longValue)
                .filter(until -> until != SOMEBODY_LOOKS)
                .min();
    }
}
