package io.quickdrop.relay.desktop.agent;

/**
 * Between what an agent's pace may move.
 *
 * @param minFps frames a second, however bad the way
 * @param startFps frames a second at first
 * @param maxFps 1 to 60
 * @param minQuality 1 to 100
 * @param startQuality at first
 * @param maxQuality of pictures in motion; a screen at rest is sent without loss
 */
public record PaceBounds(int minFps, int startFps, int maxFps, int minQuality, int startQuality, int maxQuality) {
    /** @throws IllegalArgumentException unless each is in its range, and least ≤ start ≤ most */
    public PaceBounds {
        boolean ordered = minFps >= 1 && minFps <= startFps && startFps <= maxFps && maxFps <= 60;
        if (!ordered || minQuality < 1 || minQuality > startQuality || startQuality > maxQuality || maxQuality > 100) {
            throw new IllegalArgumentException("frames a second " + minFps + ", " + startFps + ", " + maxFps
                    + ", quality " + minQuality + ", " + startQuality + ", " + maxQuality
                    + ": allowed are least ≤ start ≤ most, 1 to 60 and 1 to 100");
        }
    }

    /** 8 frames a second and quality 75 at first, as of the system replaced; 1 to 30, and 50 to 90. */
    public static PaceBounds defaults() {
        return new PaceBounds(1, 8, 30, 50, 75, 90);
    }

    /** The same, with no more than so many frames a second and such a quality. */
    public PaceBounds atMost(int fps, int quality) {
        int most = Math.max(1, Math.min(fps, maxFps));
        int best = Math.max(1, Math.min(quality, maxQuality));
        return new PaceBounds(
                Math.min(minFps, most),
                Math.min(startFps, most),
                most,
                Math.min(minQuality, best),
                Math.min(startQuality, best),
                best);
    }
}
