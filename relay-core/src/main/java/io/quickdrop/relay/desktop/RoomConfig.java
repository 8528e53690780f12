package io.quickdrop.relay.desktop;

import java.time.Duration;

/**
 * The bounds of a desktop's room.
 *
 * @param maxViewers viewers of one desktop
 * @param maxStreamsPerViewer streams (screen and rendition) of one desktop that one viewer may look at
 * @param maxTiles tiles that are kept of one stream
 * @param maxCacheBytes encoded bytes that are kept of one stream
 * @param fps most frames a second that the agent is asked for
 * @param quality that the agent is asked to start from, 1 to 100
 * @param linger how long a screen is still captured when the last visible viewer is gone
 * @param reportInterval between two {@code viewer_report}s while someone looks
 * @param statsInterval between two {@code stream_stats}
 * @param thumbnailInterval least time between two thumbnails to one viewer
 * @param keyFrameInterval how long holes in a picture are waited for before the whole is requested, and least time
 *     between two requests
 * @param wholePictureAck after this the window of a v1 desktop opens although nobody has acknowledged
 * @param flow the bounds of one viewer's stream
 */
public record RoomConfig(
        int maxViewers,
        int maxStreamsPerViewer,
        int maxTiles,
        long maxCacheBytes,
        int fps,
        int quality,
        Duration linger,
        Duration reportInterval,
        Duration statsInterval,
        Duration thumbnailInterval,
        Duration keyFrameInterval,
        Duration wholePictureAck,
        FlowConfig flow) {
    /** @throws IllegalArgumentException if a bound is not positive, or the quality not 1 to 100 */
    public RoomConfig {
        if (maxViewers < 1 || maxStreamsPerViewer < 1 || maxTiles < 1 || maxCacheBytes < 1 || fps < 1) {
            throw new IllegalArgumentException("maxViewers " + maxViewers + ", maxStreamsPerViewer "
                    + maxStreamsPerViewer + ", maxTiles " + maxTiles + ", maxCacheBytes " + maxCacheBytes + ", fps "
                    + fps + ": all must be at least 1");
        }
        if (quality < 1 || quality > 100) {
            throw new IllegalArgumentException("found quality " + quality + "; allowed are 1 to 100");
        }
        for (Duration duration : new Duration[] {
            linger, reportInterval, statsInterval, thumbnailInterval, keyFrameInterval, wholePictureAck
        }) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("found " + duration + "; every duration must be positive");
            }
        }
    }

    /**
     * 256 viewers, far above what one agent's uplink and one operator need; 16 streams, eight monitors large and small;
     * 16,384 tiles, an 8K screen in tiles of 64 pixels twice over; 32 MiB, a 4K screen of incompressible PNG; 20 frames a
     * second from quality 75, of which the agent takes off what its machine can't do; 2 s of lingering outlive a page's
     * reload; reports each 500 ms and statistics each second as the protocol says; a thumbnail each 2 s; 2 s for holes,
     * since a whole picture costs the agent's uplink most of that; 1 s as v1's own expiry.
     */
    public static RoomConfig defaults() {
        return new RoomConfig(
                256,
                16,
                16_384,
                32L << 20,
                20,
                75,
                Duration.ofSeconds(2),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                FlowConfig.defaults());
    }
}
