package io.quickdrop.server.qr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QrCodeTest {
    static final String URL = "https://192.168.178.105:8443/phone#pair=q1w2e3r4t5y6u7i8o9p0aA";
    private static final Pattern RUN = Pattern.compile("M(\\d+) (\\d+)h(\\d+)v1h-(\\d+)z");

    @ParameterizedTest
    @ValueSource(
            strings = {
                URL,
                "https://[fd00:1234:5678:9abc:def0:1234:5678:9abc]:8443/phone#pair=q1w2e3r4t5y6u7i8o9p0aA",
                "ä€📱"
            })
    void thePathOfTheSvgScans(String text) throws Exception {
        QrCode code = QrCode.of(text);

        assertThat(QrScanner.scan(painted(code.svgPath(), code.size()))).isEqualTo(text);
    }

    @Test
    void thePathPaintsExactlyTheDarkModules() {
        QrCode code = QrCode.of(URL);
        boolean[][] painted = painted(code.svgPath(), code.size());

        for (int y = 0; y < code.size(); y++) {
            for (int x = 0; x < code.size(); x++) {
                assertThat(painted[y + QrCode.QUIET_ZONE][x + QrCode.QUIET_ZONE])
                        .isEqualTo(code.isDark(x, y));
            }
        }
        assertThat(code.svgPath()).startsWith("M0 0h7v1h-7z");
    }

    @Test
    void aPairingAddressFitsIntoACoarseCode() {
        assertThat(QrCode.of(URL).size()).as("version 5 at most").isLessThanOrEqualTo(37);
    }

    @Test
    void outsideOfTheCodeIsWhite() {
        QrCode code = QrCode.of("x");

        assertThat(code.size()).isEqualTo(21);
        assertThat(code.isDark(-1, 0) || code.isDark(0, -1) || code.isDark(21, 0) || code.isDark(0, 21))
                .isFalse();
    }

    @Test
    void whatCanNotBeEncodedIsRefused() {
        assertThatThrownBy(() -> QrCode.of("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> QrCode.of("a".repeat(3000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3000 characters");
    }

    @Test
    void theTextFormHoldsNoSecret() {
        assertThat(QrCode.of(URL).toString()).isEqualTo("QrCode of 37 × 37");
    }

    /** The path as a page paints it, with the quiet zone around. */
    private static boolean[][] painted(String path, int size) {
        boolean[][] dark = new boolean[size + 2 * QrCode.QUIET_ZONE][size + 2 * QrCode.QUIET_ZONE];
        Matcher run = RUN.matcher(path);
        int end = 0;
        while (run.find()) {
            assertThat(run.start()).as("nothing but runs").isEqualTo(end);
            assertThat(run.group(4)).isEqualTo(run.group(3));
            end = run.end();
            for (int i = 0; i < Integer.parseInt(run.group(3)); i++) {
                dark[Integer.parseInt(run.group(2)) + QrCode.QUIET_ZONE][
                        Integer.parseInt(run.group(1)) + i + QrCode.QUIET_ZONE] = true;
            }
        }
        assertThat(end).isEqualTo(path.length());
        return dark;
    }
}
