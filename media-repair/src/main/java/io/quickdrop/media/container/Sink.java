package io.quickdrop.media.container;

import static org.bytedeco.ffmpeg.avformat.AVFormatContext.AVFMT_AVOID_NEG_TS_MAKE_ZERO;
import static org.bytedeco.ffmpeg.avformat.AVFormatContext.AVFMT_FLAG_AUTO_BSF;
import static org.bytedeco.ffmpeg.avformat.AVFormatContext.AVFMT_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_ref;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_copy;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open2;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import io.quickdrop.media.order.Refusal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.ffmpeg.avformat.AVOutputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;

/** A new file that packets are written to. Its index stands before them, so that players jump without reading it all. For one thread. */
final class Sink implements AutoCloseable {
    private final AVFormatContext context;
    private final AVPacket copy = av_packet_alloc();
    private final List<Long> lastDecoded = new ArrayList<>();
    private final Container container;

    /** The file must not exist or may be replaced. */
    Sink(Container container, Path file) throws Refusal {
        this.container = container;
        context = new AVFormatContext(null);
        Ffmpeg.check(
                avformat_alloc_output_context2(context, (AVOutputFormat) null, container.muxer(), Ffmpeg.url(file)),
                "making a file");
        // The packets stay as they are, whatever the container would rather have.
        context.flags((context.flags() & ~AVFMT_FLAG_AUTO_BSF) | AVFMT_FLAG_BITEXACT);
        context.avoid_negative_ts(AVFMT_AVOID_NEG_TS_MAKE_ZERO);
        AVIOContext out = new AVIOContext(null);
        Ffmpeg.check(
                avio_open2(out, Ffmpeg.url(file), AVIO_FLAG_WRITE, (AVIOInterruptCB) null, (AVDictionary) null),
                "writing the new file");
        context.pb(out);
    }

    /** A stream of the same kind; the container may choose another unit of time. */
    AVStream add(AVCodecParameters parameters, AVRational timeBase) throws Refusal {
        AVStream stream = avformat_new_stream(context, (AVCodec) null);
        Ffmpeg.check(avcodec_parameters_copy(stream.codecpar(), parameters), "describing a stream");
        if (container != Container.MP4) {
            stream.codecpar().codec_tag(0); // Matroska names codecs in words
        }
        stream.time_base(timeBase);
        lastDecoded.add(Long.MIN_VALUE);
        return stream;
    }

    AVFormatContext context() {
        return context;
    }

    AVStream stream(int index) {
        return context.streams(index);
    }

    void begin() throws Refusal {
        AVDictionary options = new AVDictionary(null);
        container.options().forEach((name, value) -> av_dict_set(options, name, value, 0));
        int begun = avformat_write_header(context, options);
        av_dict_free(options);
        Ffmpeg.check(begun, "writing the new file's head");
    }

    /**
     * Writes a packet.
     *
     * @param timeBase of its times
     */
    void write(AVPacket packet, int stream, AVRational timeBase) throws Refusal {
        write(packet, stream, timeBase, 0);
    }

    /** The same, so many milliseconds later than the packet says. */
    void write(AVPacket packet, int stream, AVRational timeBase, long shiftMs) throws Refusal {
        Ffmpeg.check(av_packet_ref(copy, packet), "holding a packet");
        copy.stream_index(stream);
        copy.pos(-1);
        long shift = Times.of(shiftMs, timeBase);
        if (copy.pts() != AV_NOPTS_VALUE) {
            copy.pts(copy.pts() + shift);
        }
        if (copy.dts() != AV_NOPTS_VALUE) {
            copy.dts(copy.dts() + shift);
        }
        av_packet_rescale_ts(copy, timeBase, stream(stream).time_base());
        if (copy.dts() == AV_NOPTS_VALUE) {
            copy.dts(copy.pts());
        }
        // Recorders repeat a moment now and then; no container takes that.
        long least = lastDecoded.get(stream) == Long.MIN_VALUE
                ? Long.MIN_VALUE
                : lastDecoded.get(stream) + container.leastStep();
        if (copy.dts() != AV_NOPTS_VALUE && copy.dts() < least) {
            copy.dts(least);
        }
        if (copy.pts() != AV_NOPTS_VALUE && copy.pts() < copy.dts()) {
            copy.pts(copy.dts());
        }
        lastDecoded.set(stream, copy.dts());
        Ffmpeg.check(av_interleaved_write_frame(context, copy), "writing a packet");
    }

    /** Writes what only the end knows: duration and index. */
    void finish() throws Refusal {
        Ffmpeg.check(av_write_trailer(context), "writing the new file's index");
        AVIOContext out = context.pb();
        Ffmpeg.check(avio_closep(out), "closing the new file");
        context.pb(null);
    }

    @Override
    public void close() {
        av_packet_free(copy);
        if (context.pb() != null && !context.pb().isNull()) {
            avio_closep(context.pb());
        }
        avformat_free_context(context);
    }
}
