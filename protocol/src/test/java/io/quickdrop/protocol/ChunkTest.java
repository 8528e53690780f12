package io.quickdrop.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkTest {
    @Test
    void aChunkSurvivesTheWire() {
        for (long seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            byte[] payload = new byte[1 + random.nextInt(300)];
            random.nextBytes(payload);
            Chunk chunk = Chunk.of(random.nextLong() >>> 1, ByteBuffer.wrap(payload));
            assertThat(Chunk.decode(chunk.encode())).as("seed %d", seed).isEqualTo(new Decoded.Accepted<>(chunk));
            assertThat(chunk.isIntact()).isTrue();
        }
    }

    /** The check value of CRC-32C for "123456789" is e3069283 (RFC 3720, and every catalogue of CRCs). */
    @Test
    void theHeaderIsSixteenBigEndianBytes() {
        ByteBuffer frame = Chunk.of(0x0102030405L, ascii("123456789")).encode();
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        assertThat(bytes)
                .startsWith(1, 0, 0, 0, 0xe3, 0x06, 0x92, 0x83, 0, 0, 0, 1, 2, 3, 4, 5)
                .hasSize(25);
    }

    @Test
    void aDamagedPayloadIsNoticed() {
        ByteBuffer frame = Chunk.of(0, ascii("abc")).encode();
        frame.put(17, (byte) 'x');
        assertThat(accepted(frame).isIntact()).isFalse();
    }

    @Test
    void aChunkThatMendsSaysSo() {
        Chunk mends = Chunk.repairOf(5, ascii("abc"));
        assertThat(accepted(mends.encode())).isEqualTo(mends);
        assertThat(mends.repair()).isTrue();
        assertThat(Chunk.of(5, ascii("abc")).repair()).isFalse();
    }

    @Test
    void otherFlagsAreIgnored() {
        ByteBuffer frame = Chunk.of(5, ascii("abc")).encode();
        frame.put(1, (byte) 0xfe).putShort(2, (short) 0x1234);
        assertThat(accepted(frame)).isEqualTo(Chunk.of(5, ascii("abc")));
    }

    @Test
    void theFrameMayLieAnywhereInAnyKindOfBuffer() {
        Chunk chunk = Chunk.of(77, ascii("hello"));
        ByteBuffer around = ByteBuffer.allocateDirect(100).order(ByteOrder.LITTLE_ENDIAN);
        around.position(13).put(chunk.encode()).flip().position(13);
        assertThat(accepted(around.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN)))
                .isEqualTo(chunk);
        assertThat(around.position()).as("the frame is only looked at").isEqualTo(13);
    }

    @Test
    void encodingLeavesThePayloadAlone() {
        ByteBuffer payload = ascii("abc");
        Chunk chunk = Chunk.of(0, payload);
        assertThat(chunk.encode()).isEqualTo(chunk.encode());
        assertThat(payload.position()).isZero();
        assertThat(chunk.end()).isEqualTo(3);
    }

    @Test
    void whatIsNoChunkIsABadChunk() {
        assertRejected(ByteBuffer.allocate(0));
        assertRejected(Chunk.of(0, ascii("a")).encode().slice(0, 16));
        assertRejected(Chunk.of(0, ascii("abc")).encode().put(0, (byte) 2));
        assertRejected(Chunk.of(0, ascii("abc")).encode().putLong(8, -1));
    }

    @Test
    void aFrameIsBounded() {
        ByteBuffer longest = ByteBuffer.allocate(Limits.MAX_BINARY_BYTES).put(0, Chunk.KIND);
        assertThat(accepted(longest).payload().remaining()).isEqualTo(Limits.MAX_BINARY_BYTES - Chunk.HEADER_BYTES);
        assertRejected(ByteBuffer.allocate(Limits.MAX_BINARY_BYTES + 1).put(0, Chunk.KIND));
    }

    @Test
    void randomFramesNeverThrow() {
        for (long seed = 0; seed < 30_000; seed++) {
            Random random = new Random(seed);
            byte[] frame = new byte[random.nextInt(40)];
            random.nextBytes(frame);
            if (frame.length > 0 && random.nextInt(4) > 0) {
                frame[0] = Chunk.KIND;
            }
            try {
                if (Chunk.decode(ByteBuffer.wrap(frame)) instanceof Decoded.Accepted<Chunk> accepted) {
                    accepted.value().isIntact();
                    accepted.value().end();
                }
            } catch (RuntimeException thrown) {
                throw new AssertionError("seed " + seed, thrown);
            }
        }
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    private static Chunk accepted(ByteBuffer frame) {
        Decoded<Chunk> decoded = Chunk.decode(frame);
        assertThat(decoded).isInstanceOf(Decoded.Accepted.class);
        return ((Decoded.Accepted<Chunk>) decoded).value();
    }

    private static void assertRejected(ByteBuffer frame) {
        Decoded<Chunk> decoded = Chunk.decode(frame);
        assertThat(decoded).isInstanceOf(Decoded.Rejected.class);
        assertThat(((Decoded.Rejected<Chunk>) decoded).reason()).isEqualTo(ErrorReason.BAD_CHUNK);
    }
}
