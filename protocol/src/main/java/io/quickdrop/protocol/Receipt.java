package io.quickdrop.protocol;

/**
 * The short form of a checksum that a person can compare at a glance: both ends show it, and it is equal only where the bytes are.
 *
 * <p>The first 60 bits of the SHA-256 in Crockford's base 32 (no I, L, O, U), in three groups: {@code 4ZK1-09TQ-M3XB}.
 */
public final class Receipt {
    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int CHARS = 12;
    private static final int BITS = 5;
    private static final int GROUP = 4;

    private Receipt() {}

    /**
     * The receipt of {@code sha256}.
     *
     * @param sha256 64 lower-case hex digits
     */
    public static String of(String sha256) {
        long bits = Long.parseUnsignedLong(sha256.substring(0, Long.BYTES * 2), 16);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < CHARS; i++) {
            if (i > 0 && i % GROUP == 0) {
                text.append('-');
            }
            text.append(DIGITS.charAt((int) (bits >>> (Long.SIZE - BITS * (i + 1))) & (DIGITS.length() - 1)));
        }
        return text.toString();
    }
}
