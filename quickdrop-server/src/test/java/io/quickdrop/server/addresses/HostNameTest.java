package io.quickdrop.server.addresses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {
    @ParameterizedTest
    @CsvSource({
        "LapTop.Local, laptop.local, laptop.local:8443",
        "192.168.1.5, 192.168.1.5, 192.168.1.5:8443",
        "FD00:0:0::1, fd00::1, [fd00::1]:8443",
        "0:0:0:0:0:0:0:1, ::1, [::1]:8443",
        "fe80::1%eth0, fe80::1, [fe80::1]:8443",
    })
    void everySpellingBecomesTheBrowsersOne(String text, String value, String inUrl) {
        HostName host = HostName.parse(text).orElseThrow();

        assertThat(host.value()).isEqualTo(value);
        assertThat(host.inUrl(8443)).isEqualTo(inUrl);
    }

    @Test
    void thePortOfHttpsIsLeftOut() {
        assertThat(new HostName("::1").inUrl(443)).isEqualTo("[::1]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "a..b",
                "-a",
                "a-",
                "a_b",
                "a b",
                "a/b",
                "a@b",
                "laptop.",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "0x7f.1",
                "0x7f000001",
                "2130706433",
                ":::",
                "1::2::3",
                "[::1]",
                "höst",
                "a\u0000b",
                "a%b"
            })
    void whatIsNoHostIsRefused(String text) {
        assertThat(HostName.parse(text)).isEmpty();
    }

    @Test
    void theConstructorRefusesOtherSpellings() {
        assertThatThrownBy(() -> new HostName("LAPTOP"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'LAPTOP'");
    }

    @Test
    void whateverIsParsedParsesToItself() {
        Random random = new Random(42);
        String alphabet = "aZ09.:-[]%fF1x_ é";
        for (int round = 0; round < 50_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            HostName.parse(text.toString()).ifPresent(host -> assertThat(HostName.parse(host.value()))
                    .as(text.toString())
                    .contains(host));
        }
    }
}
