package io.quickdrop.media.container;

import io.quickdrop.media.order.Report;
import org.jspecify.annotations.Nullable;

/** What is reported of a stream. */
final class Streams {
    private Streams() {}

    static Report.Stream of(Source source, int index, long packets, long bytes, @Nullable String sha256) {
        boolean video = source.isVideo(index);
        return new Report.Stream(
                video ? "video" : "audio",
                source.codec(index),
                video ? source.parameters(index).width() : 0,
                video ? source.parameters(index).height() : 0,
                packets,
                bytes,
                sha256);
    }
}
