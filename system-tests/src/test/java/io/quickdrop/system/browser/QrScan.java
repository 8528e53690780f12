package io.quickdrop.system.browser;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Map;
import java.util.Optional;

/**
 * Finds and reads a QR code in a picture. A hand that holds a phone never shows a camera the same picture twice; a screenshot is
 * always the same one, so it is looked at from several distances.
 */
final class QrScan {
    private static final double[] DISTANCES = {1, 1.5, 2, 0.75};

    private QrScan() {}

    static Optional<String> read(BufferedImage picture) {
        for (double distance : DISTANCES) {
            Optional<String> text = readAt(picture, distance);
            if (text.isPresent()) {
                return text;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> readAt(BufferedImage picture, double distance) {
        int width = (int) (picture.getWidth() * distance);
        int height = (int) (picture.getHeight() * distance);
        BufferedImage seen = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = seen.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(picture, 0, 0, width, height, null);
        graphics.dispose();
        int[] pixels = seen.getRGB(0, 0, width, height, null, 0, width);
        try {
            return Optional.of(new QRCodeReader()
                    .decode(
                            new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(width, height, pixels))),
                            Map.of(DecodeHintType.TRY_HARDER, true))
                    .getText());
        } catch (ReaderException unreadableFromHere) {
            return Optional.empty();
        }
    }
}
