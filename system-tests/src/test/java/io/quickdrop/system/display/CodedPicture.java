package io.quickdrop.system.display;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.OptionalInt;
import javax.imageio.ImageIO;

/** Whole pictures that show a number in blocks, for desktops without a screen. */
public final class CodedPicture {
    /** Pixels. */
    public static final int WIDTH = 640;
    /** Pixels. */
    public static final int HEIGHT = 360;

    private static final int GREY = 0x406080;

    private CodedPicture() {}

    /** A picture that shows this number. */
    public static byte[] jpeg(int number) {
        Picture picture = new Picture(WIDTH, HEIGHT);
        Arrays.fill(picture.pixels(), GREY);
        picture.put(code(number), 0, 0);
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, WIDTH, HEIGHT, picture.pixels(), 0, WIDTH);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "jpeg", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The number that it shows. */
    public static OptionalInt number(Picture picture) {
        return BlockCode.read(picture, 0, 0);
    }

    private static Picture code(int number) {
        Picture code = new Picture(BlockCode.WIDTH, BlockCode.HEIGHT);
        Arrays.fill(code.pixels(), 0xffffff);
        BlockCode.black(number).forEach(area -> code.put(new Picture(area.width(), area.height()), area.x(), area.y()));
        return code;
    }
}
