package io.quickdrop.relay.driver.desktop;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * v1 desktops count their frames as they like; a room counts each screen's from 1. This knows which is which, for those that
 * are not acknowledged yet. Safe on any thread.
 */
final class V1Numbers {
    /** More than a v1 desktop ever has on its way. */
    private static final int MAX_OUTSTANDING = 64;

    private record Sent(long number, long theirNumber, Instant came) {}

    private static final class Screen {
        final Deque<Sent> outstanding = new ArrayDeque<>();
        long last;
    }

    private final Map<Integer, Screen> screens = new HashMap<>();

    /** A picture came; returns its number in the room. */
    synchronized long came(int screen, long theirNumber, Instant now) {
        Screen of = screens.computeIfAbsent(screen, index -> new Screen());
        of.last++;
        of.outstanding.add(new Sent(of.last, theirNumber, now));
        if (of.outstanding.size() > MAX_OUTSTANDING) {
            of.outstanding.remove();
        }
        return of.last;
    }

    /** The room has everything up to {@code number}: tells each of the desktop's own numbers, and how long it took. */
    synchronized void freed(int screen, long number, Instant now, BiConsumer<Long, Duration> told) {
        Screen of = screens.get(screen);
        while (of != null
                && !of.outstanding.isEmpty()
                && of.outstanding.element().number() <= number) {
            Sent sent = of.outstanding.remove();
            told.accept(sent.theirNumber(), Duration.between(sent.came(), now));
        }
    }
}
