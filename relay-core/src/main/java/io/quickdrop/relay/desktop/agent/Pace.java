package io.quickdrop.relay.desktop.agent;

import java.time.Duration;

/**
 * How fast and how well to capture now.
 *
 * @param fps most frames a second of a screen
 * @param quality of pictures in motion, 1 to 100
 */
public record Pace(int fps, int quality) {
    /** From one frame to the next. */
    public Duration interval() {
        return Duration.ofNanos(1_000_000_000L / fps);
    }
}
