package io.quickdrop.agent.stream;

import io.quickdrop.relay.desktop.agent.Pace;
import java.time.Duration;

/**
 * What the person at this desktop allows at most, whatever the server asks for.
 *
 * @param fps 1 to 60
 * @param quality 1 to 100
 */
public record Ceiling(int fps, int quality) {
    public Ceiling {
        if (fps < 1 || fps > 60 || quality < 1 || quality > 100) {
            throw new IllegalArgumentException(
                    "found " + fps + " fps, quality " + quality + "; allowed are 1 to 60 and 1 to 100");
        }
    }

    Duration interval(Pace pace) {
        return new Pace(Math.min(fps, pace.fps()), pace.quality()).interval();
    }

    int quality(Pace pace) {
        return Math.min(quality, pace.quality());
    }
}
