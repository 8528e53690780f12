package io.quickdrop.agent.testing;

import io.quickdrop.agent.grab.Pixels;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import javax.imageio.ImageIO;

/** Pictures to encode, and how far apart two are. */
public final class Pictures {
    private Pictures() {}

    /** Text in black and red on white, with hard edges as terminals show it. */
    public static Pixels text(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
        graphics.setFont(new Font(Font.MONOSPACED, Font.PLAIN, 13));
        for (int line = 0; line * 15 < height + 15; line++) {
            graphics.setColor(line % 3 == 0 ? new Color(0xb00020) : Color.BLACK);
            graphics.drawString(
                    "line " + line + " the quick brown fox jumps over 1234567890 dogs {return;}", 2, line * 15);
        }
        graphics.dispose();
        return of(image);
    }

    /** Soft shapes with a little noise, as in a photograph. */
    public static Pixels photograph(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(7);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int red = (int) (128 + 100 * Math.sin(x / 37.0 + y / 61.0)) + random.nextInt(9);
                int green = (int) (128 + 100 * Math.sin(x / 53.0 - y / 29.0)) + random.nextInt(9);
                int blue = (int) (128 + 100 * Math.cos(x / 71.0 + y / 43.0)) + random.nextInt(9);
                image.setRGB(x, y, red << 16 | green << 8 | blue);
            }
        }
        return of(image);
    }

    /** The same pixels in the form that grabbers give. */
    public static Pixels of(BufferedImage image) {
        Pixels pixels = Pixels.allocate(image.getWidth(), image.getHeight());
        pixels.bytes().asIntBuffer().put(((DataBufferInt) image.getRaster().getDataBuffer()).getData());
        return pixels;
    }

    /** Decodes with a decoder that is not FFmpeg's. */
    public static BufferedImage decode(ByteBuffer encoded) throws IOException {
        byte[] bytes = new byte[encoded.remaining()];
        encoded.duplicate().get(bytes);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
        if (image == null) {
            throw new IOException("ImageIO does not know what this is");
        }
        return image;
    }

    /** Peak signal to noise ratio over all three colours, dB; infinite if nothing differs. */
    public static double psnr(Pixels expected, int x0, int y0, BufferedImage found) {
        double squares = 0;
        for (int y = 0; y < found.getHeight(); y++) {
            for (int x = 0; x < found.getWidth(); x++) {
                int a = expected.rgb(x0 + x, y0 + y);
                int b = found.getRGB(x, y);
                for (int shift = 0; shift < 24; shift += 8) {
                    int difference = (a >> shift & 0xff) - (b >> shift & 0xff);
                    squares += difference * difference;
                }
            }
        }
        double mean = squares / (3.0 * found.getWidth() * found.getHeight());
        return mean == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(255 * 255 / mean);
    }
}
