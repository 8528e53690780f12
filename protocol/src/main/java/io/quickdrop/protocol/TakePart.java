package io.quickdrop.protocol;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a take a recording is. Two runs of a recorder can't be joined into one file while they arrive, so each is a
 * recording of its own, and these words hold them together.
 *
 * @param takeId made by the phone, the same for all parts, 1 to 64 of {@code [A-Za-z0-9-]}
 * @param index 0 for the first part
 * @param gapMs how long nothing was recorded before this part, milliseconds; 0 for the first one
 * @param cause why the part before ended: {@code flip}, {@code interrupted}, {@code hidden}, {@code rolled} (it was as long as the
 *     server takes), {@code recorder} (the browser's recorder gave up) or a newer page's own word
 */
public record TakePart(String takeId, int index, long gapMs, @Nullable String cause) {
    /** Most parts of one take. */
    public static final int MAX_INDEX = 9_999;

    static final Pattern TAKE_ID = Pattern.compile("[A-Za-z0-9-]{1,64}");
    static final Pattern CAUSE = Pattern.compile("[a-z_]{1,32}");

    /** @throws IllegalArgumentException if a value is not of the allowed form */
    public TakePart {
        boolean wellFormed = TAKE_ID.matcher(takeId).matches()
                && index >= 0
                && index <= MAX_INDEX
                && gapMs >= 0
                && (cause == null || CAUSE.matcher(cause).matches());
        if (!wellFormed) {
            throw new IllegalArgumentException(
                    "found take '" + takeId + "', part " + index + ", gap " + gapMs + " ms, cause '" + cause + "'");
        }
    }
}
