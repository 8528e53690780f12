package io.quickdrop.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MediaCookieTest {
    private Instant now = Instant.parse("2026-11-22T14:03:09Z");
    private final MediaCookie cookie = new MediaCookie(() -> now, new SecureRandom());

    @Test
    void itIsForContentOfThisServerAlone() {
        assertThat(cookie.setCookieHeader())
                .matches("__Secure-quickdrop-media=[0-9]+\\.[A-Za-z0-9_-]{43}; Max-Age=43200; Path=/api/recordings;"
                        + " Secure; HttpOnly; SameSite=Strict");
    }

    @Test
    void aFreshOneIsValidAmongOthers() {
        String pair = pair(cookie);

        assertThat(cookie.isValidIn(pair)).isTrue();
        assertThat(cookie.isValidIn("theme=dark; " + pair + ";x=y")).isTrue();
        assertThat(cookie.isValidIn("__Secure-quickdrop-media=stale; " + pair)).isTrue();
    }

    @Test
    void itEndsAfterTwelveHours() {
        String pair = pair(cookie);

        now = now.plus(Duration.ofHours(12)).minusSeconds(1);
        assertThat(cookie.isValidIn(pair)).isTrue();
        now = now.plusSeconds(1);
        assertThat(cookie.isValidIn(pair)).isFalse();
    }

    @Test
    void aChangedOneIsRefused() {
        String pair = pair(cookie);
        for (int i = 0; i < pair.length(); i++) {
            // The last of 43 characters carries 2 unused bits; any other text is refused all the same.
            String changed = pair.substring(0, i) + (pair.charAt(i) == '7' ? '8' : '7') + pair.substring(i + 1);
            assertThat(cookie.isValidIn(changed)).as(changed).isFalse();
        }
        assertThat(cookie.isValidIn(pair + "x")).isFalse();
        assertThat(cookie.isValidIn("x" + pair)).isFalse();
    }

    @Test
    void nothingAndTheCookieOfAnEarlierRunAreRefused() {
        assertThat(cookie.isValidIn(null)).isFalse();
        assertThat(cookie.isValidIn("")).isFalse();
        assertThat(cookie.isValidIn("__Secure-quickdrop-media=")).isFalse();
        assertThat(cookie.isValidIn(pair(new MediaCookie(() -> now, new SecureRandom()))))
                .isFalse();
    }

    private static String pair(MediaCookie cookie) {
        String header = cookie.setCookieHeader();
        return header.substring(0, header.indexOf(';'));
    }
}
