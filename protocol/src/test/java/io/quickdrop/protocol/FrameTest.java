package io.quickdrop.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameTest {
    private final Random random = new Random(7);

    @Test
    void aFrameOfTilesSurvivesTheWire() {
        for (int count = 1; count < 200; count++) {
            Frame frame = tiles(count);
            ByteBuffer message = frame.encode();
            assertThat(message.remaining()).isEqualTo(frame.wireBytes());
            assertThat(accepted(message)).isEqualTo(frame);
        }
    }

    @Test
    void everyFieldOfTheHeaderSurvivesAtItsBounds() {
        long u32 = 0xffff_ffffL;
        FrameHeader largest = new FrameHeader(
                PictureCodec.AV1, 0xfd, 255, u32, u32, u32, Long.MAX_VALUE, u32, 65_535, 65_535, 255, 255, 65_535, u32);
        ByteBuffer message = new Frame(largest, List.of(new Tile(0, 0, 65_535, 65_535, bytes(1)))).encode();
        assertThat(accepted(message).header()).isEqualTo(largest);
    }

    @Test
    void aWholePictureCoversTheScreen() {
        FrameHeader header = header(0, 0);
        Frame frame = new Frame(header, List.of(new Tile(0, 0, header.width(), header.height(), bytes(500))));
        assertThat(accepted(frame.encode())).isEqualTo(frame);
    }

    @Test
    void tilesAreViewsOfTheMessage() {
        ByteBuffer message = tiles(2).encode();
        Tile first = accepted(message).tiles().get(0);
        byte before = first.bytes().get(0);
        message.put(FrameHeader.BYTES + Tile.HEADER_BYTES, (byte) (before + 1));
        assertThat(first.bytes().get(0)).isEqualTo((byte) (before + 1));
    }

    @Test
    void noCutAndNoTrailingByteIsTakenForAFrame() {
        ByteBuffer message = tiles(5).encode();
        for (int length = 0; length < message.limit(); length++) {
            assertThat(reason(message.slice(0, length))).isEqualTo(ErrorReason.BAD_FRAME);
        }
        ByteBuffer longer = ByteBuffer.allocate(message.limit() + 1)
                .put(message.duplicate())
                .rewind();
        assertThat(reason(longer)).isEqualTo(ErrorReason.BAD_FRAME);
    }

    @Test
    void noGarbageThrows() {
        byte[] good = tiles(5).encode().array();
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = good.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            Decoded<Frame> decoded = Frame.decode(ByteBuffer.wrap(bad));
            if (decoded instanceof Decoded.Accepted<Frame> accepted) {
                Frame frame = accepted.value();
                assertThat(frame.tiles())
                        .allMatch(tile ->
                                tile.x() + tile.width() <= frame.header().width());
            }
        }
    }

    @Test
    void aTileOutsideItsScreenIsRefused() {
        FrameHeader header = header(FrameHeader.FLAG_TILES, 1);
        Frame frame = new Frame(header, List.of(new Tile(header.width() - 1, 0, 2, 1, bytes(3))));
        assertThat(reason(frame.encode())).isEqualTo(ErrorReason.BAD_FRAME);
    }

    private Frame tiles(int count) {
        List<Tile> tiles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tiles.add(new Tile(128 * (i % 15), 128 * (i / 15), 128, 128, bytes(1 + random.nextInt(2000))));
        }
        return new Frame(header(FrameHeader.FLAG_TILES | FrameHeader.FLAG_LAST_PART, count), tiles);
    }

    private static FrameHeader header(int flags, int tiles) {
        return new FrameHeader(PictureCodec.JPEG, flags, 1, 12, 5, 0, 200_000, 2_000, 1920, 2000, 0, 75, tiles, 7);
    }

    private ByteBuffer bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static Frame accepted(ByteBuffer message) {
        Decoded<Frame> decoded = Frame.decode(message);
        assertThat(decoded).isInstanceOf(Decoded.Accepted.class);
        return ((Decoded.Accepted<Frame>) decoded).value();
    }

    private static String reason(ByteBuffer message) {
        Decoded<Frame> decoded = Frame.decode(message);
        assertThat(decoded).isInstanceOf(Decoded.Rejected.class);
        return ((Decoded.Rejected<Frame>) decoded).reason();
    }
}
