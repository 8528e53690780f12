package io.quickdrop.agent.grab;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A picture in memory: rows from top to bottom, four bytes a pixel in the order blue, green, red, unused.
 *
 * <p>Not safe for several threads; whoever grabs says how long the bytes stay as they are.
 *
 * @param strideBytes from the start of a row to that of the next, at least {@code 4 * width}
 * @param bytes direct, little-endian, position 0; the first row starts at 0
 */
public record Pixels(int width, int height, int strideBytes, ByteBuffer bytes) {
    /** Bytes of one pixel. */
    public static final int PIXEL_BYTES = 4;

    public Pixels {
        if (width < 1 || height < 1 || strideBytes < PIXEL_BYTES * width) {
            throw new IllegalArgumentException(
                    "found " + width + " × " + height + " pixels in rows of " + strideBytes + " bytes");
        }
        if (!bytes.isDirect() || bytes.order() != ByteOrder.LITTLE_ENDIAN) {
            throw new IllegalArgumentException("the bytes must lie outside the heap, little-endian");
        }
        long needed = (long) strideBytes * (height - 1) + (long) PIXEL_BYTES * width;
        if (bytes.capacity() < needed) {
            throw new IllegalArgumentException(
                    "found " + bytes.capacity() + " bytes; " + width + " × " + height + " pixels need " + needed);
        }
    }

    /** A black picture of its own, with rows one behind the other. */
    public static Pixels allocate(int width, int height) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(width * height * PIXEL_BYTES);
        return new Pixels(width, height, width * PIXEL_BYTES, bytes.order(ByteOrder.LITTLE_ENDIAN));
    }

    /** Where a pixel's four bytes begin. */
    public int offset(int x, int y) {
        return y * strideBytes + x * PIXEL_BYTES;
    }

    /** The colour of a pixel, {@code 0x00rrggbb}. */
    public int rgb(int x, int y) {
        return bytes.getInt(offset(x, y)) & 0xffffff;
    }

    /** Whether both have as many columns and rows. */
    public boolean hasSizeOf(Pixels other) {
        return width == other.width && height == other.height;
    }
}
