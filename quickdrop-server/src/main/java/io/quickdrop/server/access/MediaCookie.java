package io.quickdrop.server.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Lets a {@code <video>} of the operator's page load recordings off-loopback, where no header can be added. It opens
 * GET of content and nothing else: no socket, no mutation.
 *
 * <p>The value is its end and a MAC over it, so nothing is stored; its key lives as long as the process. Safe on any
 * thread.
 */
public final class MediaCookie {
    /** A working day with a reserve; the page asks for a new one when a load is refused. */
    static final Duration LIFE = Duration.ofHours(12);

    static final String NAME = "__Secure-quickdrop-media";

    private static final Pattern VALUE = Pattern.compile("(?<end>[0-9]{1,12})\\.(?<mac>[A-Za-z0-9_-]{43})");
    private static final String ALGORITHM = "HmacSHA256";

    private final InstantSource clock;
    private final SecretKeySpec key;

    /** Cookies of this run: those of earlier ones are void. */
    public MediaCookie(InstantSource clock, SecureRandom random) {
        byte[] secret = new byte[Token.KEY_BYTES];
        random.nextBytes(secret);
        this.clock = clock;
        this.key = new SecretKeySpec(secret, ALGORITHM);
    }

    /** A fresh value of the Set-Cookie header. */
    public String setCookieHeader() {
        String end = Long.toString(clock.instant().plus(LIFE).getEpochSecond());
        return NAME + "=" + end + "." + mac(end) + "; Max-Age=" + LIFE.toSeconds()
                + "; Path=/api/recordings; Secure; HttpOnly; SameSite=Strict";
    }

    /** Whether the Cookie header of a request holds a valid one; null is a missing header. */
    public boolean isValidIn(@Nullable String cookieHeader) {
        return cookieHeader != null
                && Stream.of(cookieHeader.split(";", -1))
                        .map(String::strip)
                        .filter(pair -> pair.startsWith(NAME + "="))
                        .anyMatch(pair -> isValid(pair.substring(NAME.length() + 1)));
    }

    private boolean isValid(String value) {
        Matcher match = VALUE.matcher(value);
        if (!match.matches()) {
            return false;
        }
        String end = match.group("end");
        boolean genuine = MessageDigest.isEqual(
                mac(end).getBytes(StandardCharsets.US_ASCII), match.group("mac").getBytes(StandardCharsets.US_ASCII));
        return genuine && clock.instant().getEpochSecond() < Long.parseLong(end);
    }

    private String mac(String end) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] code = mac.doFinal(("media:" + end).getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(code);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has " + ALGORITHM, e);
        }
    }
}
