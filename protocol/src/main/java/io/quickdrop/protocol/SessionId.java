package io.quickdrop.protocol;

import java.util.regex.Pattern;

/**
 * The client-chosen name of one recording, unique per recording for ever. It is a name and never a capability: knowing
 * it opens nothing.
 *
 * @param value 1 to 128 characters of {@code A-Z a-z 0-9 . _ : -}
 */
public record SessionId(String value) {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

    /** What {@link #isValid} asks for, as a sentence for error messages. */
    public static final String RULE = "1 to 128 characters of A-Z a-z 0-9 . _ : -";

    /** @throws IllegalArgumentException if {@code value} breaks {@link #RULE} */
    public SessionId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("session id '" + value + "': allowed are " + RULE);
        }
    }

    /** Whether {@code value} may name a session. */
    public static boolean isValid(String value) {
        return ALLOWED.matcher(value).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
