package io.quickdrop.server.qr;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.NotFoundException;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.util.Arrays;
import java.util.Map;

/** Paints modules as pixels and lets ZXing find and read the code in them, as a phone's camera would. */
final class QrScanner {
    private static final int PIXELS_PER_MODULE = 5;
    private static final int WHITE = 0xFFFFFF;
    private static final int GREY = 0x808080;

    private QrScanner() {}

    /** A square or oblong of modules, {@code dark[y][x]}, on a grey surround that a missing quiet zone would fall prey to. */
    static String scan(boolean[][] dark) throws ReaderException {
        int margin = 20;
        int width = dark[0].length * PIXELS_PER_MODULE + 2 * margin;
        int height = dark.length * PIXELS_PER_MODULE + 2 * margin;
        int[] pixels = new int[width * height];
        Arrays.fill(pixels, GREY);
        for (int y = 0; y < dark.length * PIXELS_PER_MODULE; y++) {
            for (int x = 0; x < dark[0].length * PIXELS_PER_MODULE; x++) {
                boolean isDark = dark[y / PIXELS_PER_MODULE][x / PIXELS_PER_MODULE];
                pixels[(y + margin) * width + x + margin] = isDark ? 0 : WHITE;
            }
        }
        BinaryBitmap picture = new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(width, height, pixels)));
        try {
            return new QRCodeReader()
                    .decode(picture, Map.of(DecodeHintType.TRY_HARDER, true))
                    .getText();
        } catch (NotFoundException e) {
            throw new AssertionError("no QR code in the picture", e);
        }
    }
}
