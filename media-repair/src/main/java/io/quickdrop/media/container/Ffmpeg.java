package io.quickdrop.media.container;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_max_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import io.quickdrop.media.order.Refusal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** FFmpeg as this process uses it: silent, with bounded pieces of memory, and on files alone. */
public final class Ffmpeg {
    /** A packet of the largest picture that phones record is a hundredth of it. */
    private static final long MAX_PIECE_BYTES = 256L * 1024 * 1024;

    private static final int ERROR_CHARS = 128;

    private Ffmpeg() {}

    /** Loads the libraries and sets them up. */
    public static void prepare() {
        av_log_set_level(AV_LOG_QUIET);
        av_max_alloc(MAX_PIECE_BYTES);
    }

    /** The file as FFmpeg's file protocol names it: no name is taken for the address of anything else. */
    static String url(Path file) {
        return "file:" + file;
    }

    /** Turns a negative result into a refusal that says what failed. */
    public static int check(int result, String doing) throws Refusal {
        if (result < 0) {
            byte[] words = new byte[ERROR_CHARS];
            av_strerror(result, words, words.length);
            int length = 0;
            while (length < words.length && words[length] != 0) {
                length++;
            }
            throw new Refusal(doing + " failed: " + new String(words, 0, length, StandardCharsets.UTF_8));
        }
        return result;
    }
}
