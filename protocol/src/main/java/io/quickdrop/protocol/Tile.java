package io.quickdrop.protocol;

import java.nio.ByteBuffer;

/**
 * One encoded rectangle of a screen, in pixels of the frame that it belongs to.
 *
 * <p>On the wire, 12 bytes and the picture: {@code u16 x · u16 y · u16 w · u16 h · u32 length · bytes}. A tile replaces
 * every older tile that it overlaps; an agent keeps to one grid for as long as the screen keeps its size.
 *
 * @param bytes the encoded picture, ready to read; shared, never changed
 */
public record Tile(int x, int y, int width, int height, ByteBuffer bytes) {
    /** Length of a tile's own header, bytes. */
    public static final int HEADER_BYTES = 12;

    /** Bytes on the wire. */
    public int wireBytes() {
        return HEADER_BYTES + bytes.remaining();
    }

    /** Whether the two have a pixel in common. */
    public boolean overlaps(Tile other) {
        return x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height;
    }

    /** Whether both stand for the same pixels. */
    public boolean hasSameAreaAs(Tile other) {
        return x == other.x && y == other.y && width == other.width && height == other.height;
    }

    /** The tile's header as it goes on the wire, ready to read; the picture is sent behind it. */
    public ByteBuffer header() {
        return ByteBuffer.allocate(HEADER_BYTES)
                .putShort((short) x)
                .putShort((short) y)
                .putShort((short) width)
                .putShort((short) height)
                .putInt(bytes.remaining())
                .flip();
    }
}
