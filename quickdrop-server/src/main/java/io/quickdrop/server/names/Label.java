package io.quickdrop.server.names;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** A recording's label as it may stand in a file name: {@code [a-z0-9-]}, at most {@link #MAX_CHARS}, perhaps empty. */
public final class Label {
    /** Longest label after cleaning. */
    public static final int MAX_CHARS = 32;

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern NOT_ALLOWED = Pattern.compile("[^a-z0-9]+");

    /** Input beyond this can't change the result much, and cleaning should cost the same for all. */
    private static final int MAX_INPUT_CHARS = 400;

    private Label() {}

    /**
     * Cleans what a peer sent: accents are folded, everything else that isn't allowed becomes one dash, dashes at the
     * ends go. Empty if nothing is left, as of a label in a script that can't be folded.
     */
    public static String clean(String label) {
        String input = label.length() <= MAX_INPUT_CHARS ? label : label.substring(0, MAX_INPUT_CHARS);
        String folded = fold(input).toLowerCase(Locale.ROOT);
        String dashed = NOT_ALLOWED.matcher(folded).replaceAll("-");
        String trimmed = trim(dashed);
        return trimmed.length() <= MAX_CHARS ? trimmed : trim(trimmed.substring(0, MAX_CHARS));
    }

    /** Letters that Unicode doesn't decompose, then all that it does: "Café" to "Cafe", "ﬁ" to "fi". */
    private static String fold(String text) {
        String spelled = text.replace("ß", "ss")
                .replace("ẞ", "ss")
                .replace("æ", "ae")
                .replace("Æ", "ae")
                .replace("œ", "oe")
                .replace("Œ", "oe")
                .replace("ø", "o")
                .replace("Ø", "o")
                .replace("đ", "d")
                .replace("Đ", "d")
                .replace("ð", "d")
                .replace("Ð", "d")
                .replace("þ", "th")
                .replace("Þ", "th")
                .replace("ł", "l")
                .replace("Ł", "l")
                .replace("ı", "i");
        return MARKS.matcher(Normalizer.normalize(spelled, Normalizer.Form.NFKD))
                .replaceAll("");
    }

    private static String trim(String text) {
        int from = text.startsWith("-") ? 1 : 0;
        int to = text.length() > from && text.endsWith("-") ? text.length() - 1 : text.length();
        return text.substring(from, to);
    }
}
