package io.quickdrop.server.access;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * SHA-256 of a device key: all that is stored of it. A plain hash suffices because a key is 256 random bits.
 *
 * @param hex 64 lower-case hex digits
 */
public record KeyHash(String hex) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    /** @throws IllegalArgumentException if {@code hex} is not 64 lower-case hex digits */
    public KeyHash {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException(
                    "a key hash of " + hex.length() + " characters: allowed are 64 hex digits");
        }
    }

    /** The hash of {@code key} as the device sends it. */
    public static KeyHash of(String key) {
        return new KeyHash(HexFormat.of().formatHex(Token.sha256(key)));
    }
}
