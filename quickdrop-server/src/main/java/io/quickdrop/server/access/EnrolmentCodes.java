package io.quickdrop.server.access;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Hands out the codes that enrol desktops, and takes each of them back once, in time. They are short since people may
 * have to type them: 50 random bits, which at five tries in ten minutes nobody guesses. Only hashes are kept.
 *
 * <p>Safe on any thread.
 */
public final class EnrolmentCodes {
    /** How long a code is good. */
    public static final Duration LIFE = Duration.ofMinutes(10);

    /** Crockford's base 32: no letter looks like a digit. */
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static final int LENGTH = 10;
    private static final int GROUP = 5;
    private static final Pattern SEPARATORS = Pattern.compile("[\\s-]+");

    private final SecureRandom random;
    private final OneTimeSecrets secrets;

    /** No code is out; what was handed out before a restart is void. */
    public EnrolmentCodes(InstantSource clock, SecureRandom random) {
        this.random = random;
        this.secrets = new OneTimeSecrets(clock);
    }

    /** A fresh code, good once and for {@link #LIFE}. */
    public Offer offer() {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            code.append(i == GROUP ? "-" : "").append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        secrets.offer(plain(code.toString()), LIFE);
        return new Offer(code.toString(), LIFE);
    }

    /**
     * Takes {@code code} back, however it is spelt: small letters, no hyphen, an O for a 0. A right one is spent by this.
     *
     * @param party whose bad tries are counted, see {@link RemoteNetwork}
     */
    public Redemption redeem(String code, String party) {
        return secrets.redeem(plain(code), party);
    }

    private static String plain(String code) {
        return SEPARATORS
                .matcher(code)
                .replaceAll("")
                .toUpperCase(Locale.ROOT)
                .replace('O', '0')
                .replace('I', '1')
                .replace('L', '1');
    }

    /**
     * A code to show.
     *
     * @param code ten letters and digits with a hyphen in the middle; belongs into no log
     * @param life from now on
     */
    public record Offer(String code, Duration life) {
        @Override
        public String toString() {
            return "Offer[life=" + life + "]";
        }
    }
}
