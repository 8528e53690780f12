package io.quickdrop.media.order;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of an order.
 *
 * @param durationMs how long it plays
 * @param streams what was copied or compared, in the order of the file; empty for a poster
 * @param tornBytes bytes at the end of the source that belong to no whole packet
 * @param reencoded whether pictures or sound were encoded anew
 */
public record Report(long durationMs, List<Stream> streams, long tornBytes, boolean reencoded) {
    public Report {
        streams = List.copyOf(streams);
    }

    /**
     * One stream.
     *
     * @param kind {@code video} or {@code audio}
     * @param codec as FFmpeg names it, for example {@code vp8}
     * @param width pixels, 0 for sound
     * @param height pixels, 0 for sound
     * @param packets how many
     * @param bytes their length together
     * @param sha256 of each packet's length and bytes in order, 64 lower-case hex digits; {@code null} where nothing was compared
     */
    public record Stream(
            String kind, String codec, int width, int height, long packets, long bytes, @Nullable String sha256) {}
}
