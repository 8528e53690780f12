package io.quickdrop.system.display;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_WEBP;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_ARGB;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/** Decodes lossless WebP (RFC 9649 section 3), which Java's own library can't: with FFmpeg's decoder, itself and not libwebp. */
final class WebpPicture {
    private static final byte[] SIGNATURE = {'R', 'I', 'F', 'F'};

    private WebpPicture() {}

    static boolean isOne(byte[] file) {
        for (int i = 0; i < SIGNATURE.length; i++) {
            if (file.length <= i || file[i] != SIGNATURE[i]) {
                return false;
            }
        }
        return true;
    }

    static Picture decode(byte[] file) {
        AVCodecContext context = avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_WEBP));
        AVPacket packet = av_packet_alloc();
        AVFrame frame = av_frame_alloc();
        // FFmpeg reads a little beyond the end.
        try (BytePointer bytes = new BytePointer(file.length + 64L)) {
            bytes.put(file, 0, file.length);
            packet.data(bytes);
            packet.size(file.length);
            context.thread_count(1);
            check(avcodec_open2(context, context.codec(), (AVDictionary) null));
            check(avcodec_send_packet(context, packet));
            // Its one picture comes out when there is nothing more to come.
            check(avcodec_send_packet(context, (AVPacket) null));
            check(avcodec_receive_frame(context, frame));
            return picture(frame);
        } finally {
            av_frame_free(frame);
            av_packet_free(packet);
            avcodec_free_context(context);
        }
    }

    private static Picture picture(AVFrame frame) {
        if (frame.format() != AV_PIX_FMT_ARGB) {
            throw new AssertionError("found a WebP of pixel format " + frame.format() + "; lossless ones are ARGB");
        }
        int width = frame.width();
        int[] pixels = new int[width * frame.height()];
        int stride = frame.linesize(0);
        BytePointer data = new BytePointer(frame.data(0)).capacity((long) stride * frame.height());
        ByteBuffer rows = data.asByteBuffer().order(ByteOrder.BIG_ENDIAN);
        for (int y = 0; y < frame.height(); y++) {
            for (int x = 0; x < width; x++) {
                pixels[y * width + x] = rows.getInt(y * stride + 4 * x) & 0xffffff;
            }
        }
        return new Picture(width, frame.height(), pixels);
    }

    private static void check(int status) {
        if (status < 0) {
            throw new AssertionError("FFmpeg does not decode a WebP: status " + status);
        }
    }
}
