package io.quickdrop.agent.encode;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** One of FFmpeg's still picture encoders for one size, and the frame that it reads. For one thread. */
final class PictureEncoder implements AutoCloseable {
    private final AVCodecContext context;
    private final AVFrame frame;
    private final AVPacket packet;
    private long pictures;

    /**
     * Opens an encoder.
     *
     * @param name FFmpeg's name of it
     * @param pixelFormat FFmpeg's number
     * @param options of this encoder
     * @param adjust sets what is no option
     */
    PictureEncoder(
            String name,
            int width,
            int height,
            int pixelFormat,
            Map<String, String> options,
            Consumer<AVCodecContext> adjust) {
        AVCodec codec = avcodec_find_encoder_by_name(name);
        if (codec == null || codec.isNull()) {
            throw new IllegalStateException("this build of FFmpeg has no encoder " + name);
        }
        context = avcodec_alloc_context3(codec);
        context.width(width);
        context.height(height);
        context.pix_fmt(pixelFormat);
        context.time_base(av_make_q(1, 1000));
        context.thread_count(1);
        adjust.accept(context);
        AVDictionary dictionary = new AVDictionary(null);
        options.forEach((key, value) -> av_dict_set(dictionary, key, value, 0));
        int opened = avcodec_open2(context, codec, dictionary);
        av_dict_free(dictionary);
        check(opened, "opening " + name);
        frame = av_frame_alloc();
        frame.format(pixelFormat);
        frame.width(width);
        frame.height(height);
        frame.color_range(context.color_range());
        check(av_frame_get_buffer(frame, 0), "allocating a picture of " + width + " × " + height);
        packet = av_packet_alloc();
    }

    /** Where to put the next picture; good until {@link #encode}. */
    AVFrame writable() {
        check(av_frame_make_writable(frame), "allocating a picture");
        return frame;
    }

    /** Encodes what was put into {@link #writable}; the answer is the caller's. */
    ByteBuffer encode() {
        frame.pts(pictures++);
        check(avcodec_send_frame(context, frame), "encoding");
        check(avcodec_receive_packet(context, packet), "encoding");
        byte[] bytes = new byte[packet.size()];
        packet.data().get(bytes);
        av_packet_unref(packet);
        return ByteBuffer.wrap(bytes);
    }

    private static void check(int result, String what) {
        if (result < 0) {
            throw new IllegalStateException("FFmpeg failed " + what + " with error " + result);
        }
    }

    @Override
    public void close() {
        av_packet_free(packet);
        av_frame_free(frame);
        avcodec_free_context(context);
    }
}
