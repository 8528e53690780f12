package io.quickdrop.media.order;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is missing before a part of a take.
 *
 * @param ms how long nothing was recorded
 * @param cause as the protocol names it; empty where it is not known
 */
public record PartGap(long ms, String cause) {
    private static final Map<String, String> WORDS = Map.of(
            "flip", "camera flipped",
            "interrupted", "interrupted",
            "hidden", "page in the background",
            "rolled", "a long take goes on",
            "recorder", "recorder restarted");

    private static final double MILLIS_PER_SECOND = 1_000;

    /** A list of them as one word of a command line: {@code 0:,850:flip}. */
    public static String word(List<PartGap> gaps) {
        List<String> words = new ArrayList<>();
        gaps.forEach(gap -> words.add(gap.ms + ":" + gap.cause));
        return String.join(",", words);
    }

    /** Reads {@link #word}. */
    public static List<PartGap> parse(String word) {
        List<PartGap> gaps = new ArrayList<>();
        for (String part : word.split(",", -1)) {
            int colon = part.indexOf(':');
            if (!part.matches("\\d{1,15}:[a-z_]{0,32}")) {
                throw new IllegalArgumentException("found the gap '" + part + "'; expected is for example 850:flip");
            }
            gaps.add(new PartGap(Long.parseLong(part.substring(0, colon)), part.substring(colon + 1)));
        }
        return gaps;
    }

    /** What a chapter that begins behind this gap is called. */
    public String chapter(int index) {
        String name = "Part " + (index + 1);
        if (ms == 0) {
            return name;
        }
        String why = WORDS.getOrDefault(cause, cause.replace('_', ' '));
        return String.format(
                Locale.ROOT, "%s (%.1f s missing%s)", name, ms / MILLIS_PER_SECOND, why.isEmpty() ? "" : ": " + why);
    }
}
