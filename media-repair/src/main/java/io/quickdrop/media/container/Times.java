package io.quickdrop.media.container;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVRational;

/** Moments in the units of streams. */
final class Times {
    private static final int MILLIS_PER_SECOND = 1_000;

    private Times() {}

    static long millis(long time, AVRational base) {
        return av_rescale_q(time, base, av_make_q(1, MILLIS_PER_SECOND));
    }

    static long of(long millis, AVRational base) {
        return av_rescale_q(millis, av_make_q(1, MILLIS_PER_SECOND), base);
    }

    /** When the packet is decoded, or shown if only that is known; {@code AV_NOPTS_VALUE} if neither is. */
    static long decoded(AVPacket packet) {
        return packet.dts() != AV_NOPTS_VALUE ? packet.dts() : packet.pts();
    }
}
