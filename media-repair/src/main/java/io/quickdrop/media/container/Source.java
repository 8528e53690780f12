package io.quickdrop.media.container;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FLAG_BACKWARD;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_seek_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avformat.avio_size;
import static org.bytedeco.ffmpeg.global.avformat.avio_tell;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import io.quickdrop.media.order.Refusal;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;

/** A recording that is read, packet by packet. For one thread. */
public final class Source implements AutoCloseable {
    /** What recorders in browsers write; playlists and the like, which name other files, are not among them. */
    private static final String FORMATS = "matroska,webm,mov,mp4,ogg";

    private static final int MAX_STREAMS = 8;
    private static final long MICROS_PER_MILLI = 1_000;
    private static final int PACKET_FLAG_CORRUPT = 2;

    private final AVFormatContext context;
    private final AVPacket packet = av_packet_alloc();
    private final boolean durationInHead;
    private long furthest;

    private Source(AVFormatContext context, boolean durationInHead) {
        this.context = context;
        this.durationInHead = durationInHead;
    }

    /**
     * Opens the file as a player does, which keeps to its edit lists: sound and picture fit.
     *
     * @throws Refusal if it is no recording that can be read
     */
    public static Source open(Path file) throws Refusal {
        return open(file, "0");
    }

    /**
     * Opens the file for every packet in it, also those that an edit list leaves out.
     *
     * @throws Refusal if it is no recording that can be read
     */
    static Source openForAll(Path file) throws Refusal {
        return open(file, "1");
    }

    private static Source open(Path file, String ignoreEdits) throws Refusal {
        AVFormatContext context = new AVFormatContext(null);
        AVDictionary options = new AVDictionary(null);
        av_dict_set(options, "protocol_whitelist", "file", 0);
        av_dict_set(options, "format_whitelist", FORMATS, 0);
        av_dict_set(options, "max_streams", String.valueOf(MAX_STREAMS), 0);
        av_dict_set(options, "ignore_editlist", ignoreEdits, 0);
        int opened = avformat_open_input(context, Ffmpeg.url(file), (AVInputFormat) null, options);
        av_dict_free(options);
        Ffmpeg.check(opened, "reading it as a recording");
        Source source = new Source(context, durationMs(context) > 0);
        try {
            Ffmpeg.check(avformat_find_stream_info(context, (AVDictionary) null), "looking at its streams");
            source.checkStreams();
        } catch (Refusal e) {
            source.close();
            throw e;
        }
        return source;
    }

    private void checkStreams() throws Refusal {
        if (streams() == 0 || streams() > MAX_STREAMS) {
            throw new Refusal("it has " + streams() + " streams; expected were 1 to " + MAX_STREAMS);
        }
        for (int i = 0; i < streams(); i++) {
            int type = parameters(i).codec_type();
            if (type != AVMEDIA_TYPE_VIDEO && type != AVMEDIA_TYPE_AUDIO) {
                throw new Refusal("its stream " + i + " is neither picture nor sound");
            }
        }
    }

    int streams() {
        return context.nb_streams();
    }

    AVStream stream(int index) {
        return context.streams(index);
    }

    AVCodecParameters parameters(int index) {
        return context.streams(index).codecpar();
    }

    boolean isVideo(int index) {
        return parameters(index).codec_type() == AVMEDIA_TYPE_VIDEO;
    }

    String codec(int index) {
        return avcodec_get_name(parameters(index).codec_id()).getString();
    }

    /** FFmpeg's names of the container, for example {@code matroska,webm}. */
    String format() {
        return context.iformat().name().getString();
    }

    /** How long it plays, as far as that was found out without reading it all; 0 if it was not. */
    public long durationMs() {
        return durationMs(context);
    }

    /** Whether the file says how long it plays before its first packet. */
    boolean saysDurationFirst() {
        return durationInHead;
    }

    private static long durationMs(AVFormatContext context) {
        if (context.duration() != AV_NOPTS_VALUE && context.duration() > 0) {
            return Math.max(1, context.duration() / MICROS_PER_MILLI);
        }
        long longest = 0;
        for (int i = 0; i < context.nb_streams(); i++) {
            AVStream stream = context.streams(i);
            if (stream.duration() != AV_NOPTS_VALUE && stream.duration() > 0) {
                longest = Math.max(longest, Times.millis(stream.duration(), stream.time_base()));
            }
        }
        return longest;
    }

    AVFormatContext context() {
        return context;
    }

    /**
     * The next whole packet, good until the next call; {@code null} behind the last one. A packet that the end of the
     * file cuts is left out, and so is what comes behind a place that can't be read.
     */
    @org.jspecify.annotations.Nullable
    AVPacket next() {
        while (true) {
            av_packet_unref(packet);
            if (av_read_frame(context, packet) < 0) {
                return null;
            }
            if (packet.pos() >= 0) {
                furthest = Math.max(furthest, packet.pos() + packet.size());
            }
            boolean whole = (packet.flags() & PACKET_FLAG_CORRUPT) == 0;
            // A stream that turns up later was not announced; it is not copied, and so the copy fails to be the same.
            if (whole && packet.size() > 0) {
                return packet;
            }
        }
    }

    /** How much of the file was read, 0 to 1. */
    double share() {
        long size = avio_size(context.pb());
        return size <= 0 ? 0 : Math.min(1, (double) avio_tell(context.pb()) / size);
    }

    /** Bytes behind the last packet that was read. */
    long behindLast() {
        long size = avio_size(context.pb());
        return furthest == 0 || size < 0 ? 0 : Math.max(0, size - furthest);
    }

    long size() {
        return Math.max(0, avio_size(context.pb()));
    }

    /** The moment at which it begins. */
    long startMs() {
        return context.start_time() == AV_NOPTS_VALUE ? 0 : context.start_time() / MICROS_PER_MILLI;
    }

    /** Goes to the last key frame before the moment. */
    void seek(long millis) throws Refusal {
        long start = context.start_time() == AV_NOPTS_VALUE ? 0 : context.start_time();
        Ffmpeg.check(
                av_seek_frame(context, -1, start + millis * MICROS_PER_MILLI, AVSEEK_FLAG_BACKWARD),
                "jumping to " + millis + " ms");
    }

    @Override
    public void close() {
        av_packet_free(packet);
        avformat_close_input(context);
    }
}
