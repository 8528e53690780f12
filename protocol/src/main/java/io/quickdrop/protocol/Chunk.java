package io.quickdrop.protocol;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A chunk of a recording: the binary frame of v2.
 *
 * <p>Header, 16 bytes, big-endian: {@code u8 kind=1 · u8 flags · u16 0 · u32 crc32c(payload) · u64 offset}; the payload
 * follows. Flag 1 says that the payload replaces what is there ({@link UploadMessage.Blocks}); other flags are 0 and ignored.
 *
 * @param offset place of the payload's first byte in the recording, bytes, not negative
 * @param crc32c CRC-32C (RFC 3720 appendix B.4) of the payload as the sender computed it
 * @param payload at least one byte; a view of the frame, not a copy
 * @param repair whether it mends: it replaces bytes that were sent before and turned out to differ
 */
public record Chunk(long offset, int crc32c, ByteBuffer payload, boolean repair) {
    /** Length of the header, bytes. */
    public static final int HEADER_BYTES = 16;
    /** First byte of every chunk. */
    public static final byte KIND = 1;
    /** Bit of the flags: it mends. */
    public static final int FLAG_REPAIR = 1;

    /** A chunk in the course of the recording. */
    public Chunk(long offset, int crc32c, ByteBuffer payload) {
        this(offset, crc32c, payload, false);
    }

    /** A chunk of {@code payload} with the checksum computed. The payload's position is left alone. */
    public static Chunk of(long offset, ByteBuffer payload) {
        return new Chunk(offset, checksum(payload), payload);
    }

    /** A chunk that mends, with the checksum computed. The payload's position is left alone. */
    public static Chunk repairOf(long offset, ByteBuffer payload) {
        return new Chunk(offset, checksum(payload), payload, true);
    }

    /** Reads a whole binary message. A damaged payload is not judged here: see {@link #isIntact}. */
    public static Decoded<Chunk> decode(ByteBuffer frame) {
        int length = frame.remaining();
        if (length <= HEADER_BYTES || length > Limits.MAX_BINARY_BYTES) {
            return bad("found " + length + " bytes; allowed are " + (HEADER_BYTES + 1) + " to "
                    + Limits.MAX_BINARY_BYTES + ", header included");
        }
        ByteBuffer view = frame.slice();
        byte kind = view.get(0);
        if (kind != KIND) {
            return bad("found kind " + kind + "; allowed is " + KIND);
        }
        long offset = view.getLong(8);
        if (offset < 0) {
            return bad("found offset " + Long.toUnsignedString(offset) + "; allowed are 0 to " + Long.MAX_VALUE);
        }
        boolean repair = (view.get(1) & FLAG_REPAIR) != 0;
        view.position(HEADER_BYTES);
        return new Decoded.Accepted<>(new Chunk(offset, view.getInt(4), view.slice(), repair));
    }

    private static Decoded<Chunk> bad(String detail) {
        return new Decoded.Rejected<>(ErrorReason.BAD_CHUNK, detail);
    }

    /** The header as it goes on the wire, 16 bytes ready to read; the payload is sent behind it. */
    public ByteBuffer header() {
        return ByteBuffer.allocate(HEADER_BYTES)
                .put(KIND)
                .put((byte) (repair ? FLAG_REPAIR : 0))
                .putShort((short) 0)
                .putInt(crc32c)
                .putLong(offset)
                .flip();
    }

    /** Header and payload in one new buffer, ready to read. */
    public ByteBuffer encode() {
        return ByteBuffer.allocate(HEADER_BYTES + payload.remaining())
                .put(header())
                .put(payload.duplicate())
                .flip();
    }

    /** Whether the payload is what the sender computed {@link #crc32c} of. */
    public boolean isIntact() {
        return checksum(payload) == crc32c;
    }

    /** First offset behind the payload, bytes. */
    public long end() {
        return offset + payload.remaining();
    }

    /** CRC-32C of what {@code payload} has left to read; its position is left alone. */
    public static int checksum(ByteBuffer payload) {
        CRC32C crc = new CRC32C();
        crc.update(payload.duplicate());
        return (int) crc.getValue();
    }
}
