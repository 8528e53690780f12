package io.quickdrop.media.container;

import io.quickdrop.media.order.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;

/** Whether the packets of one part can follow those of another in the same stream. */
final class Fit {
    /** Each key frame says its own size; nothing stands in the head of the file that would not fit. */
    private static final Set<String> SAY_IT_THEMSELVES = Set.of("vp8", "vp9", "av1");

    private Fit() {}

    /**
     * The stream of {@code first} that each stream of {@code part} continues.
     *
     * @param number of the part, for people
     */
    static List<Integer> streams(Source first, Source part, int number) throws Refusal {
        List<Integer> streams = new ArrayList<>();
        int videos = 0;
        for (int i = 0; i < part.streams(); i++) {
            boolean video = part.isVideo(i);
            int one = nth(first, video, video ? videos : i - videos, number);
            check(first, one, part, i, number);
            streams.add(one);
            videos += video ? 1 : 0;
        }
        return streams;
    }

    private static int nth(Source first, boolean video, int nth, int number) throws Refusal {
        int seen = 0;
        for (int i = 0; i < first.streams(); i++) {
            if (first.isVideo(i) == video && seen++ == nth) {
                return i;
            }
        }
        throw new Refusal("part " + number + " has " + (video ? "a picture" : "sound") + ", part 1 has none");
    }

    private static void check(Source first, int one, Source part, int other, int number) throws Refusal {
        AVCodecParameters begins = first.parameters(one);
        AVCodecParameters goesOn = part.parameters(other);
        if (begins.codec_id() != goesOn.codec_id()) {
            throw new Refusal("part 1 is " + first.codec(one) + ", part " + number + " is " + part.codec(other)
                    + ": one file can't hold both");
        }
        boolean same = Arrays.equals(ParameterSets.extradata(begins), ParameterSets.extradata(goesOn));
        if (part.isVideo(other)) {
            boolean fits =
                    same || SAY_IT_THEMSELVES.contains(part.codec(other)) || ParameterSets.canGoAlong(begins, goesOn);
            if (!fits) {
                throw new Refusal("the picture of part " + number + " is encoded in another way than that of part 1 ("
                        + part.codec(other) + ")");
            }
        } else if (!same
                || begins.sample_rate() != goesOn.sample_rate()
                || begins.ch_layout().nb_channels() != goesOn.ch_layout().nb_channels()) {
            throw new Refusal("the sound of part " + number + " is encoded in another way than that of part 1");
        }
    }
}
