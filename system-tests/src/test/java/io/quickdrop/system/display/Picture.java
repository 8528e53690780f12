package io.quickdrop.system.display;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;

/**
 * Pixels, {@code 0xRRGGBB} each, row by row. A new one is black. Writing to it is for one thread.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by differences() alone
public record Picture(int width, int height, int[] pixels) {
    private static final int COLOURS = 0xffffff;

    /** A black one. */
    public Picture(int width, int height) {
        this(width, height, new int[width * height]);
    }

    /** From what an X server with 24 bits says. */
    static Picture ofBgrx(int width, int height, ByteBuffer bytes) {
        int[] pixels = new int[width * height];
        bytes.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(pixels);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] &= COLOURS;
        }
        return new Picture(width, height, pixels);
    }

    /** A decoded PNG, JPEG or lossless WebP. */
    public static Picture decode(byte[] file) {
        if (WebpPicture.isOne(file)) {
            return WebpPicture.decode(file);
        }
        try {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
            if (image == null) {
                throw new AssertionError("found " + file.length + " bytes that are no picture");
            }
            return of(image);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Picture of(BufferedImage image) {
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] &= COLOURS;
        }
        return new Picture(image.getWidth(), image.getHeight(), pixels);
    }

    /** The colour there. */
    public int at(int x, int y) {
        return pixels[y * width + x];
    }

    /** Brightness there, 0 to 255 (ITU-R BT.601). */
    public int luma(int x, int y) {
        int pixel = pixels[y * width + x];
        return (299 * (pixel >> 16 & 255) + 587 * (pixel >> 8 & 255) + 114 * (pixel & 255) + 500) / 1000;
    }

    /** Puts a part into its place. */
    public void put(Picture part, int x, int y) {
        for (int row = 0; row < part.height; row++) {
            System.arraycopy(part.pixels, row * part.width, pixels, (y + row) * width + x, part.width);
        }
    }

    /** A copy of a part. */
    public Picture part(int x, int y, int partWidth, int partHeight) {
        int[] part = new int[partWidth * partHeight];
        for (int row = 0; row < partHeight; row++) {
            System.arraycopy(pixels, (y + row) * width + x, part, row * partWidth, partWidth);
        }
        return new Picture(partWidth, partHeight, part);
    }

    /** A copy that stays as it is. */
    public Picture copy() {
        return new Picture(width, height, pixels.clone());
    }

    /** How many pixels are not exactly the same; all of them where the sizes differ. */
    public int differences(Picture other) {
        if (width != other.width || height != other.height) {
            return Math.max(pixels.length, other.pixels.length);
        }
        if (Arrays.equals(pixels, other.pixels)) {
            return 0;
        }
        int count = 0;
        for (int i = 0; i < pixels.length; i++) {
            count += pixels[i] == other.pixels[i] ? 0 : 1;
        }
        return count;
    }

    /** Where they differ, for people. */
    public String difference(Picture other) {
        int count = differences(other);
        String sizes = width + "×" + height + " and " + other.width + "×" + other.height;
        if (count == 0 || width != other.width || height != other.height) {
            return count + " pixels differ, " + sizes;
        }
        int left = width;
        int top = height;
        int right = 0;
        int bottom = 0;
        for (int i = 0; i < pixels.length; i++) {
            if (pixels[i] != other.pixels[i]) {
                left = Math.min(left, i % width);
                right = Math.max(right, i % width);
                top = Math.min(top, i / width);
                bottom = Math.max(bottom, i / width);
            }
        }
        return count + " pixels differ, from " + left + ", " + top + " to " + right + ", " + bottom + "; " + sizes;
    }

    /** Writes it as a PNG, for people to look at. */
    public void save(Path file) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, width, height, pixels, 0, width);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            ImageIO.write(image, "png", file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
