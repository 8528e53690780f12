package io.quickdrop.media.container;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.av_display_rotation_get;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.swscale.SWS_AREA;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;

import io.quickdrop.media.order.Refusal;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.ffmpeg.swscale.SwsFilter;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;

/** The pictures of a recording, decoded one after the other and made small. For one thread. */
public final class FrameReader implements AutoCloseable {
    private static final double QUARTER_DEGREES = 90;

    private final Source source;
    private final int video;
    private final int maxSide;
    private final AVCodecContext decoder;
    private final AVFrame decoded = av_frame_alloc();
    private AVFrame small = av_frame_alloc();

    /** @param maxSide longest side of the pictures, pixels; smaller ones stay as they are */
    public FrameReader(Path file, int maxSide) throws Refusal {
        this.maxSide = maxSide;
        source = Source.open(file);
        video = firstVideo(source);
        AVCodec codec = avcodec_find_decoder(source.parameters(video).codec_id());
        decoder = avcodec_alloc_context3(codec);
        try {
            if (codec == null || codec.isNull()) {
                throw new Refusal("this build of FFmpeg can't decode " + source.codec(video));
            }
            Ffmpeg.check(avcodec_parameters_to_context(decoder, source.parameters(video)), "preparing to decode");
            decoder.thread_count(1);
            Ffmpeg.check(avcodec_open2(decoder, codec, (AVDictionary) null), "preparing to decode");
        } catch (Refusal e) {
            close();
            throw e;
        }
    }

    private static int firstVideo(Source source) throws Refusal {
        for (int i = 0; i < source.streams(); i++) {
            if (source.isVideo(i)) {
                return i;
            }
        }
        source.close();
        throw new Refusal("it has sound alone");
    }

    /** How often the pictures are to be turned by a quarter against the clock, to stand upright. */
    public int quarterTurns() {
        AVCodecParameters parameters = source.parameters(video);
        if (parameters.nb_coded_side_data() == 0) {
            return 0;
        }
        AVPacketSideData matrix = av_packet_side_data_get(
                parameters.coded_side_data(), parameters.nb_coded_side_data(), AV_PKT_DATA_DISPLAYMATRIX);
        if (matrix == null || matrix.isNull()) {
            return 0;
        }
        double degrees = av_display_rotation_get(new IntPointer(matrix.data()));
        return Double.isNaN(degrees) ? 0 : (int) Math.round(degrees / QUARTER_DEGREES);
    }

    /** Decodes the next picture; {@code false} behind the last one. */
    public boolean next() throws Refusal {
        while (true) {
            av_frame_unref(decoded);
            if (avcodec_receive_frame(decoder, decoded) >= 0) {
                shrink();
                return true;
            }
            AVPacket packet = source.next();
            if (packet == null) {
                return false;
            }
            if (packet.stream_index() == video) {
                // One that can't be decoded is skipped: the next may be whole.
                int ignored = avcodec_send_packet(decoder, packet);
            }
        }
    }

    /** The picture, in full-range 4:2:0; good until the next. */
    public AVFrame picture() {
        return small;
    }

    private void shrink() throws Refusal {
        int longest = Math.max(decoded.width(), decoded.height());
        double scale = Math.min(1, (double) maxSide / longest);
        av_frame_free(small);
        small = av_frame_alloc();
        small.format(AV_PIX_FMT_YUVJ420P);
        small.width(even(decoded.width() * scale));
        small.height(even(decoded.height() * scale));
        small.color_range(AVCOL_RANGE_JPEG);
        Ffmpeg.check(av_frame_get_buffer(small, 0), "making the picture small");
        SwsContext scaler = sws_getContext(
                decoded.width(),
                decoded.height(),
                decoded.format(),
                small.width(),
                small.height(),
                AV_PIX_FMT_YUVJ420P,
                SWS_AREA,
                (SwsFilter) null,
                (SwsFilter) null,
                (DoublePointer) null);
        if (scaler == null || scaler.isNull()) {
            throw new Refusal("its pictures have a form that can't be made small");
        }
        sws_scale(scaler, decoded.data(), decoded.linesize(), 0, decoded.height(), small.data(), small.linesize());
        sws_freeContext(scaler);
    }

    private static int even(double side) {
        return Math.max(2, (int) Math.round(side / 2) * 2);
    }

    @Override
    public void close() {
        av_frame_free(decoded);
        av_frame_free(small);
        avcodec_free_context(decoder);
        source.close();
    }
}
