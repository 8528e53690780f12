package io.quickdrop.agent.encode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_QSCALE;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR0;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ444P;
import static org.bytedeco.ffmpeg.global.avutil.FF_QP2LAMBDA;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_AREA;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INP;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;

import io.quickdrop.agent.grab.Pixels;
import java.nio.ByteBuffer;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.ffmpeg.swscale.SwsFilter;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;

/** Pictures of one size to JPEG, scaled on the way where the sizes differ. For one thread. */
public final class JpegEncoder implements AutoCloseable {
    private final int sourceWidth;
    private final int sourceHeight;
    private final PictureEncoder encoder;
    private final SwsContext scaler;
    private final PointerPointer<BytePointer> sourcePlanes = new PointerPointer<>(1);
    private final IntPointer sourceStrides = new IntPointer(1);

    /** Without scaling. */
    public JpegEncoder(int width, int height, Chroma chroma) {
        this(width, height, width, height, chroma);
    }

    /** From pictures of the first size to JPEGs of the second. */
    public JpegEncoder(int sourceWidth, int sourceHeight, int width, int height, Chroma chroma) {
        this.sourceWidth = sourceWidth;
        this.sourceHeight = sourceHeight;
        int format = chroma == Chroma.FULL ? AV_PIX_FMT_YUVJ444P : AV_PIX_FMT_YUVJ420P;
        this.encoder = new PictureEncoder("mjpeg", width, height, format, Map.of(), JpegEncoder::adjust);
        boolean scales = width != sourceWidth || height != sourceHeight;
        int flags = (scales ? SWS_AREA : SWS_BILINEAR) | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP;
        this.scaler = sws_getContext(
                sourceWidth,
                sourceHeight,
                AV_PIX_FMT_BGR0,
                width,
                height,
                format,
                flags,
                (SwsFilter) null,
                (SwsFilter) null,
                (DoublePointer) null);
    }

    private static void adjust(AVCodecContext context) {
        context.color_range(AVCOL_RANGE_JPEG);
        context.flags(context.flags() | AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT); // no comment that names FFmpeg
        context.qmin(1);
    }

    /**
     * Encodes the part of {@code pixels} that begins at x, y and has this encoder's size.
     *
     * @param quality 1 to 100
     */
    public ByteBuffer encode(Pixels pixels, int x, int y, int quality) {
        if (x < 0 || y < 0 || x + sourceWidth > pixels.width() || y + sourceHeight > pixels.height()) {
            throw new IllegalArgumentException(sourceWidth + " × " + sourceHeight + " at " + x + ", " + y
                    + " is not inside of " + pixels.width() + " × " + pixels.height());
        }
        AVFrame target = encoder.writable();
        try (BytePointer whole = new BytePointer(pixels.bytes());
                BytePointer start = new BytePointer(whole).position(pixels.offset(x, y))) {
            sourcePlanes.put(0, start);
            sourceStrides.put(0, pixels.strideBytes());
            sws_scale(scaler, sourcePlanes, sourceStrides, 0, sourceHeight, target.data(), target.linesize());
        }
        target.quality(FF_QP2LAMBDA * JpegQuality.qscale(quality));
        return encoder.encode();
    }

    @Override
    public void close() {
        sws_freeContext(scaler);
        encoder.close();
        sourcePlanes.close();
        sourceStrides.close();
    }
}
