package io.quickdrop.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One message with pictures of a screen: the binary frame of kind 2.
 *
 * @param tiles the pictures; without {@link FrameHeader#FLAG_TILES} one that covers the whole screen (of a screenshot: a
 *     part of its file)
 */
public record Frame(FrameHeader header, List<Tile> tiles) {
    /** Longest message between instances, bytes: a whole picture of a desktop of v1, which comes as text of 8 MiB at most. */
    public static final int MAX_PULLED_BYTES = 8 << 20;

    public Frame {
        tiles = List.copyOf(tiles);
    }

    /** Reads a whole binary message of an agent; the tiles are views of it, not copies. */
    public static Decoded<Frame> decode(ByteBuffer message) {
        return decode(message, Limits.MAX_BINARY_BYTES);
    }

    /** As the other, of whom sends up to {@code maxBytes} in one message. */
    public static Decoded<Frame> decode(ByteBuffer message, int maxBytes) {
        int length = message.remaining();
        if (length <= FrameHeader.BYTES || length > maxBytes) {
            return bad("found " + length + " bytes; allowed are " + (FrameHeader.BYTES + 1) + " to " + maxBytes
                    + ", header included");
        }
        ByteBuffer view = message.slice();
        if (view.get(0) != FrameHeader.KIND) {
            return bad("found kind " + view.get(0) + "; allowed is " + FrameHeader.KIND);
        }
        Optional<PictureCodec> codec = PictureCodec.of(view.get(1) & 0xff);
        if (codec.isEmpty()) {
            return bad("found codec " + (view.get(1) & 0xff) + "; allowed are 1 to 3 and 16 to 19");
        }
        FrameHeader header = FrameHeader.read(codec.get(), view);
        if (header.width() == 0 || header.height() == 0 || header.captureMicros() < 0) {
            return bad("found " + header.width() + " × " + header.height() + " pixels, captured at "
                    + header.captureMicros() + " µs; allowed are at least 1 × 1, and 0 or later");
        }
        view.position(FrameHeader.BYTES);
        if (!header.has(FrameHeader.FLAG_TILES)) {
            Tile whole = new Tile(0, 0, header.width(), header.height(), view.slice());
            return new Decoded.Accepted<>(new Frame(header, List.of(whole)));
        }
        return tiles(header, view);
    }

    private static Decoded<Frame> tiles(FrameHeader header, ByteBuffer view) {
        if (!header.codec().isIndependent()) {
            return bad("found tiles of " + header.codec().wireName() + "; allowed are jpeg, webp and png");
        }
        if (header.tileCount() == 0) {
            return bad("found 0 tiles; allowed is at least 1");
        }
        List<Tile> tiles = new ArrayList<>(header.tileCount());
        for (int i = 0; i < header.tileCount(); i++) {
            if (view.remaining() < Tile.HEADER_BYTES) {
                return bad("found " + i + " tiles of " + header.tileCount());
            }
            int x = Short.toUnsignedInt(view.getShort());
            int y = Short.toUnsignedInt(view.getShort());
            int width = Short.toUnsignedInt(view.getShort());
            int height = Short.toUnsignedInt(view.getShort());
            int length = view.getInt();
            if (length <= 0 || length > view.remaining()) {
                return bad("found a tile of " + Integer.toUnsignedLong(length) + " bytes with " + view.remaining()
                        + " left in the message");
            }
            if (width == 0 || height == 0 || x + width > header.width() || y + height > header.height()) {
                return bad("found a tile of " + width + " × " + height + " at " + x + ", " + y + " on a screen of "
                        + header.width() + " × " + header.height());
            }
            tiles.add(new Tile(x, y, width, height, view.slice(view.position(), length)));
            view.position(view.position() + length);
        }
        if (view.hasRemaining()) {
            return bad("found " + view.remaining() + " bytes behind the last tile; allowed are none");
        }
        return new Decoded.Accepted<>(new Frame(header, tiles));
    }

    private static Decoded<Frame> bad(String detail) {
        return new Decoded.Rejected<>(ErrorReason.BAD_FRAME, detail);
    }

    /** Bytes on the wire. */
    public int wireBytes() {
        int bytes = FrameHeader.BYTES;
        for (Tile tile : tiles) {
            bytes += header.has(FrameHeader.FLAG_TILES)
                    ? tile.wireBytes()
                    : tile.bytes().remaining();
        }
        return bytes;
    }

    /** The message in pieces that share the pictures' bytes, in order, each ready to read. */
    public List<ByteBuffer> pieces() {
        List<ByteBuffer> pieces = new ArrayList<>(1 + 2 * tiles.size());
        pieces.add(header.encode());
        for (Tile tile : tiles) {
            if (header.has(FrameHeader.FLAG_TILES)) {
                pieces.add(tile.header());
            }
            pieces.add(tile.bytes().duplicate());
        }
        return pieces;
    }

    /** The message in one new buffer, ready to read. */
    public ByteBuffer encode() {
        ByteBuffer message = ByteBuffer.allocate(wireBytes());
        pieces().forEach(message::put);
        return message.flip();
    }
}
