package io.quickdrop.agent.encode;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR0;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.swscale.SWS_POINT;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;

import io.quickdrop.agent.grab.Pixels;
import java.nio.ByteBuffer;
import java.util.Map;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.ffmpeg.swscale.SwsFilter;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;

/** A whole picture as a PNG file, every pixel exact: for screenshots. */
public final class PngFile {
    /** zlib's: beyond this, time doubles for a percent. */
    private static final int EFFORT = 6;

    private PngFile() {}

    /** Encodes a picture; takes some tens of milliseconds per megapixel. */
    public static ByteBuffer of(Pixels pixels) {
        int width = pixels.width();
        int height = pixels.height();
        SwsContext converter = sws_getContext(
                width,
                height,
                AV_PIX_FMT_BGR0,
                width,
                height,
                AV_PIX_FMT_RGB24,
                SWS_POINT,
                (SwsFilter) null,
                (SwsFilter) null,
                (DoublePointer) null);
        try (PictureEncoder encoder = new PictureEncoder(
                        "png",
                        width,
                        height,
                        AV_PIX_FMT_RGB24,
                        Map.of("pred", "mixed"),
                        context -> context.compression_level(EFFORT));
                BytePointer start = new BytePointer(pixels.bytes());
                PointerPointer<BytePointer> planes = new PointerPointer<>(1);
                IntPointer strides = new IntPointer(1)) {
            AVFrame target = encoder.writable();
            planes.put(0, start);
            strides.put(0, pixels.strideBytes());
            sws_scale(converter, planes, strides, 0, height, target.data(), target.linesize());
            return encoder.encode();
        } finally {
            sws_freeContext(converter);
        }
    }
}
