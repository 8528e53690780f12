package io.quickdrop.server.qr;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;

/**
 * A QR code as lines of text, black on white whatever the terminal's own colours are, quiet zone included.
 *
 * <p>Colours 16 and 231 of the 256-colour cube are black and white in every theme; the first 16 are the theme's own.
 */
public enum TerminalQr {
    /** Two modules per character, above each other: needs block characters and the least room. */
    HALF_BLOCKS(1, 2) {
        @Override
        void row(StringBuilder out, QrCode code, int y, int from, int to) {
            out.append(BLACK_ON_WHITE);
            for (int x = from; x < to; x++) {
                boolean upper = code.isDark(x, y);
                boolean lower = code.isDark(x, y + 1);
                out.append(upper ? (lower ? FULL_BLOCK : UPPER_HALF) : (lower ? LOWER_HALF : ' '));
            }
        }
    },

    /** Two blanks per module in the colour of the background: needs nothing but ASCII and colours. */
    BLANKS(2, 1) {
        @Override
        void row(StringBuilder out, QrCode code, int y, int from, int to) {
            for (int x = from; x < to; x++) {
                out.append(code.isDark(x, y) ? ON_BLACK : ON_WHITE).append("  ");
            }
        }
    };

    static final String BLACK_ON_WHITE = "\u001b[38;5;16;48;5;231m";
    static final String ON_BLACK = "\u001b[48;5;16m";
    static final String ON_WHITE = "\u001b[48;5;231m";
    static final String RESET = "\u001b[0m";
    static final char FULL_BLOCK = '\u2588';
    static final char UPPER_HALF = '\u2580';
    static final char LOWER_HALF = '\u2584';

    private final int columnsPerModule;
    private final int modulesPerLine;

    TerminalQr(int columnsPerModule, int modulesPerLine) {
        this.columnsPerModule = columnsPerModule;
        this.modulesPerLine = modulesPerLine;
    }

    /** The form that a terminal with {@code charset} can show. */
    public static TerminalQr forCharset(Charset charset) {
        if (!charset.canEncode()) {
            return BLANKS;
        }
        CharsetEncoder encoder = charset.newEncoder();
        return encoder.canEncode(FULL_BLOCK) && encoder.canEncode(UPPER_HALF) && encoder.canEncode(LOWER_HALF)
                ? HALF_BLOCKS
                : BLANKS;
    }

    /** Columns that {@code code} needs; in a narrower terminal its lines wrap and it can't be scanned. */
    public int columns(QrCode code) {
        return (code.size() + 2 * QrCode.QUIET_ZONE) * columnsPerModule;
    }

    /** The lines, each ended by a line feed and with the colours reset before it. */
    public String render(QrCode code) {
        int from = -QrCode.QUIET_ZONE;
        int to = code.size() + QrCode.QUIET_ZONE;
        StringBuilder out = new StringBuilder();
        for (int y = from; y < to; y += modulesPerLine) {
            row(out, code, y, from, to);
            out.append(RESET).append('\n');
        }
        return out.toString();
    }

    /** Draws columns {@code from} to {@code to} of the line whose top row of modules is {@code y}. */
    abstract void row(StringBuilder out, QrCode code, int y, int from, int to);
}
