package io.quickdrop.server.access;

import static io.quickdrop.server.access.HostAllowlist.Verdict.ALLOWED;
import static io.quickdrop.server.access.HostAllowlist.Verdict.HOST_NOT_ALLOWED;
import static io.quickdrop.server.access.HostAllowlist.Verdict.ORIGIN_NOT_ALLOWED;
import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.server.addresses.HostName;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostAllowlistTest {
    private static final List<HostName> OWN = Stream.of(
                    "localhost", "127.0.0.1", "::1", "laptop.local", "192.168.1.5", "fd00::9")
            .map(HostName::new)
            .toList();
    private final HostAllowlist allowlist = new HostAllowlist(OWN, 8443);
    private final HostAllowlist onDefaultPort = new HostAllowlist(OWN, 443);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:8443",
                "LapTop.Local:8443",
                "127.0.0.1:8443",
                "[::1]:8443",
                "[0:0:0:0:0:0:0:1]:8443",
                "[FD00::9]:8443",
                "192.168.1.5:8443",
                "192.168.1.5:08443",
                "[::ffff:127.0.0.1]:8443"
            })
    void ownHostsAreAllowed(String header) {
        assertThat(allowlist.checkHost(header)).isEqualTo(ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "localhost:",
                "localhost:443",
                "localhost:8444",
                "localhost:99999",
                "localhost:+8443",
                "localhost:8443 ",
                " localhost:8443",
                "localhost:8443:8443",
                "localhost.:8443",
                "evil.example:8443",
                "evil.localhost:8443",
                "localhost.evil.example:8443",
                "evil@localhost:8443",
                "localhost:8443@evil",
                "localhost:8443/",
                "localhost:8443#",
                "localhost:8443\u0000",
                "::1",
                "::1:8443",
                "[::1",
                "[::1]8443",
                "[::1%25lo]:8443",
                "[::1%lo]:8443",
                "[127.0.0.1]:8443",
                "[localhost]:8443",
                "127.1:8443",
                "2130706433:8443",
                "0x7f.0.0.1:8443",
                "0.0.0.0:8443",
                "192.168.1.50:8443",
                "192.168.1.5,localhost:8443",
                "https://localhost:8443",
                "ⅼocalhost:8443",
                "localhost:٨٤٤٣"
            })
    void foreignAndOddHostsAreRefused(String header) {
        assertThat(allowlist.checkHost(header)).isEqualTo(HOST_NOT_ALLOWED);
    }

    @Test
    void aMissingHostIsRefused() {
        assertThat(allowlist.checkHost(null)).isEqualTo(HOST_NOT_ALLOWED);
    }

    @Test
    void withoutAPortTheDefaultPortIsMeant() {
        assertThat(onDefaultPort.checkHost("localhost")).isEqualTo(ALLOWED);
        assertThat(onDefaultPort.checkHost("[::1]")).isEqualTo(ALLOWED);
        assertThat(onDefaultPort.checkHost("localhost:443")).isEqualTo(ALLOWED);
        assertThat(onDefaultPort.checkHost("localhost:8443")).isEqualTo(HOST_NOT_ALLOWED);
        assertThat(onDefaultPort.checkOrigin("https://localhost", false)).isEqualTo(ALLOWED);
        assertThat(onDefaultPort.checkOrigin("https://localhost:443", false)).isEqualTo(ORIGIN_NOT_ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://localhost:8443", "https://[::1]:8443", "https://192.168.1.5:8443"})
    void ownPagesAreAllowed(String origin) {
        assertThat(allowlist.checkOrigin(origin, false)).isEqualTo(ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "http://localhost:8443",
                "https://localhost",
                "https://localhost:8444",
                "https://localhost:8443/",
                "HTTPS://localhost:8443",
                "https://LOCALHOST:8443",
                "https://localhost:8443.evil.example",
                "https://evil.example",
                "https://localhost:8443 https://evil.example",
                "https://[0:0:0:0:0:0:0:1]:8443",
                "wss://localhost:8443",
                "https://user@localhost:8443",
                "//localhost:8443"
            })
    void foreignPagesAreRefusedEvenWithAToken(String origin) {
        assertThat(allowlist.checkOrigin(origin, false)).isEqualTo(ORIGIN_NOT_ALLOWED);
        assertThat(allowlist.checkOrigin(origin, true)).isEqualTo(ORIGIN_NOT_ALLOWED);
    }

    @Test
    void aMissingOriginNeedsAToken() {
        assertThat(allowlist.checkOrigin(null, true)).isEqualTo(ALLOWED);
        assertThat(allowlist.checkOrigin(null, false)).isEqualTo(ORIGIN_NOT_ALLOWED);
    }

    /** Whatever a mutated header looks like, what passes is one of ours by the simplest of readings. */
    @Test
    void mutatedHeadersPassOnlyIfTheyAreOurs() {
        Random random = new Random(7);
        String alphabet = "localhst.:8443[]127/@#%\t \u0000xX,;éⅼ";
        Set<String> hosts = Set.of("localhost", "127.0.0.1", "[::1]", "laptop.local", "192.168.1.5", "[fd00::9]");
        int passed = 0;
        for (int round = 0; round < 100_000; round++) {
            HostName own = OWN.get(random.nextInt(OWN.size()));
            String header = mutated(own.inUrl(8443), alphabet, random);
            String origin = mutated("https://" + own.inUrl(8443), alphabet, random);
            if (allowlist.checkHost(header) == ALLOWED) {
                passed++;
                int colon = header.lastIndexOf(':');
                assertThat(hosts).as(header).contains(respelled(header.substring(0, colon)));
                assertThat(Integer.parseInt(header.substring(colon + 1)))
                        .as(header)
                        .isEqualTo(8443);
            }
            if (allowlist.checkOrigin(origin, false) == ALLOWED) {
                assertThat(hosts.stream().map(host -> "https://" + host + ":8443"))
                        .as(origin)
                        .contains(origin);
            }
        }
        assertThat(passed).as("the test reaches the allowed ones").isPositive();
    }

    /** The one spelling of an allowed host; a literal such as [::01] is the same address as [::1]. */
    private static String respelled(String host) {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host.toLowerCase(Locale.ROOT);
        return HostName.parse(bare).map(HostName::inUrl).orElse("nothing");
    }

    private static String mutated(String text, String alphabet, Random random) {
        StringBuilder result = new StringBuilder(text);
        for (int changes = random.nextInt(3); changes > 0 && !result.isEmpty(); changes--) {
            int at = random.nextInt(result.length());
            char other = alphabet.charAt(random.nextInt(alphabet.length()));
            switch (random.nextInt(4)) {
                case 0 -> result.insert(at, other);
                case 1 -> result.deleteCharAt(at);
                case 2 -> result.setCharAt(at, other);
                default -> result.setCharAt(at, Character.toUpperCase(result.charAt(at)));
            }
        }
        return result.toString();
    }

    @Test
    void whatForwardsToUsFromAnotherPortIsAnsweredUnderThatPortToo() {
        HostAllowlist behind = new HostAllowlist(OWN, Set.of(8443, 9000));
        assertThat(behind.checkHost("localhost:9000")).isEqualTo(ALLOWED);
        assertThat(behind.checkHost("localhost:8443")).isEqualTo(ALLOWED);
        assertThat(behind.checkHost("localhost:9001")).isEqualTo(HOST_NOT_ALLOWED);
        assertThat(behind.checkOrigin("https://localhost:9000", false)).isEqualTo(ALLOWED);
    }
}
