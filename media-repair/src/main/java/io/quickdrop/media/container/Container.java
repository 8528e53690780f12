package io.quickdrop.media.container;

import io.quickdrop.media.order.Refusal;
import java.util.Map;
import java.util.Set;

/** The containers that are written. */
enum Container {
    MP4("mp4", "movflags", "+faststart", 1),
    WEBM("webm", "cues_to_front", "1", 0),
    MATROSKA("matroska", "cues_to_front", "1", 0),
    OGG("ogg", "", "", 0);

    private static final Set<String> WEBM_CODECS = Set.of("vp8", "vp9", "av1", "opus", "vorbis");

    private final String muxer;
    private final String option;
    private final String value;
    private final int leastStep;

    Container(String muxer, String option, String value, int leastStep) {
        this.muxer = muxer;
        this.option = option;
        this.value = value;
        this.leastStep = leastStep;
    }

    /** The one that the source has, or its stricter form where the codecs allow that. */
    static Container like(Source source) throws Refusal {
        String format = source.format();
        if (format.contains("mp4")) {
            return MP4;
        }
        if (format.contains("ogg")) {
            return OGG;
        }
        if (!format.contains("matroska")) {
            throw new Refusal("its container is " + format + "; known are WebM, Matroska, MP4 and Ogg");
        }
        for (int i = 0; i < source.streams(); i++) {
            if (!WEBM_CODECS.contains(source.codec(i))) {
                return MATROSKA;
            }
        }
        return WEBM;
    }

    /** FFmpeg's name. */
    String muxer() {
        return muxer;
    }

    /** FFmpeg's options of it. */
    Map<String, String> options() {
        return option.isEmpty() ? Map.of() : Map.of(option, value);
    }

    /** Least difference of two packets' times of decoding, in the stream's unit. */
    int leastStep() {
        return leastStep;
    }
}
