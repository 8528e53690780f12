package io.quickdrop.server.qr;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalQrTest {
    private final QrCode code = QrCode.of(QrCodeTest.URL);

    @ParameterizedTest
    @EnumSource
    void theTextScansInAnyColours(TerminalQr form) throws Exception {
        assertThat(QrScanner.scan(seen(form.render(code)))).isEqualTo(QrCodeTest.URL);
    }

    @ParameterizedTest
    @EnumSource
    void everyLineIsAsWideAsSaidAndLeavesTheColoursAsTheyWere(TerminalQr form) {
        String text = form.render(code);

        assertThat(text).endsWith("\u001b[0m\n");
        assertThat(text.lines()).allSatisfy(line -> {
            assertThat(line).startsWith("\u001b[").endsWith("\u001b[0m");
            assertThat(line.replaceAll("\u001b\\[[0-9;]*m", "")).hasSize(form.columns(code));
        });
    }

    @Test
    void halfBlocksFitIntoAnEightyByTwentyFiveTerminal() {
        assertThat(TerminalQr.HALF_BLOCKS.columns(code)).isLessThanOrEqualTo(80);
        assertThat(TerminalQr.HALF_BLOCKS.render(code).lines().count()).isLessThanOrEqualTo(25);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "IBM437", "IBM850"})
    void charsetsWithBlocksGetHalfBlocks(String charset) {
        assertThat(TerminalQr.forCharset(Charset.forName(charset))).isEqualTo(TerminalQr.HALF_BLOCKS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"US-ASCII", "ISO-8859-1", "windows-1252"})
    void otherCharsetsGetBlanks(String charset) {
        assertThat(TerminalQr.forCharset(Charset.forName(charset))).isEqualTo(TerminalQr.BLANKS);
        assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(TerminalQr.BLANKS.render(code)))
                .isTrue();
    }

    /** What a terminal shows: half blocks are two rows, and blanks are half as wide as a module. */
    private static boolean[][] seen(String text) {
        List<String> lines = text.lines().toList();
        boolean blanks = text.contains(TerminalQr.ON_WHITE);
        int rows = blanks ? lines.size() : lines.size() * 2;
        boolean[][] dark = new boolean[rows][];
        for (int i = 0; i < lines.size(); i++) {
            if (blanks) {
                dark[i] = modulesOfBlanks(lines.get(i));
            } else {
                String cells =
                        lines.get(i).replace(TerminalQr.BLACK_ON_WHITE, "").replace(TerminalQr.RESET, "");
                dark[2 * i] = modules(cells, TerminalQr.UPPER_HALF);
                dark[2 * i + 1] = modules(cells, TerminalQr.LOWER_HALF);
            }
        }
        return dark;
    }

    private static boolean[] modules(String cells, char half) {
        boolean[] row = new boolean[cells.length()];
        for (int x = 0; x < row.length; x++) {
            row[x] = cells.charAt(x) == half || cells.charAt(x) == TerminalQr.FULL_BLOCK;
        }
        return row;
    }

    private static boolean[] modulesOfBlanks(String line) {
        String cells = line.replace(TerminalQr.RESET, "")
                .replace(TerminalQr.ON_BLACK + "  ", "#")
                .replace(TerminalQr.ON_WHITE + "  ", ".");
        assertThat(cells).matches("[#.]+");
        return modules(cells, '#');
    }
}
