package io.quickdrop.server.qr;

import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import java.util.BitSet;
import java.util.Map;

/**
 * The black and white modules of a QR code (ISO/IEC 18004), without the quiet zone. Immutable and safe on any thread.
 *
 * <p>It may hold a secret: its text form shows the size alone.
 */
public final class QrCode {
    /** White modules that belong around the code on every side, or scanners don't find it (ISO/IEC 18004 section 6.3.8). */
    public static final int QUIET_ZONE = 4;

    private final int size;
    private final BitSet dark;

    private QrCode(int size, BitSet dark) {
        this.size = size;
        this.dark = dark;
    }

    /**
     * Encodes {@code text} with error correction M (15 %): a screen is clean, and fewer modules scan from further away.
     *
     * @throws IllegalArgumentException if {@code text} is empty or longer than a QR code holds, about 2,300 bytes
     */
    public static QrCode of(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("an empty text makes no QR code");
        }
        try {
            ByteMatrix matrix = Encoder.encode(
                            text, ErrorCorrectionLevel.M, Map.of(EncodeHintType.CHARACTER_SET, "UTF-8"))
                    .getMatrix();
            int size = matrix.getWidth();
            BitSet dark = new BitSet(size * size);
            for (int y = 0; y < size; y++) {
                for (int x = 0; x < size; x++) {
                    dark.set(y * size + x, matrix.get(x, y) == 1);
                }
            }
            return new QrCode(size, dark);
        } catch (WriterException e) {
            throw new IllegalArgumentException(
                    "a text of " + text.length() + " characters: a QR code holds about 2,300 bytes", e);
        }
    }

    /** Modules per side, 21 to 177. */
    public int size() {
        return size;
    }

    /** Whether the module at column {@code x} and row {@code y} is black; everything outside is white. */
    public boolean isDark(int x, int y) {
        return x >= 0 && y >= 0 && x < size && y < size && dark.get(y * size + x);
    }

    /**
     * The black modules as an SVG path in module units, one rectangle per run of a row; to be filled black on a white
     * square of {@code size + 2 × QUIET_ZONE}.
     */
    public String svgPath() {
        StringBuilder path = new StringBuilder();
        for (int y = 0; y < size; y++) {
            int x = 0;
            while (x < size) {
                if (isDark(x, y)) {
                    int length = runLength(x, y);
                    path.append('M').append(x).append(' ').append(y);
                    path.append('h')
                            .append(length)
                            .append("v1h-")
                            .append(length)
                            .append('z');
                    x += length;
                } else {
                    x++;
                }
            }
        }
        return path.toString();
    }

    private int runLength(int x, int y) {
        int end = x;
        while (isDark(end, y)) {
            end++;
        }
        return end - x;
    }

    @Override
    public String toString() {
        return "QrCode of " + size + " × " + size;
    }
}
