package io.quickdrop.protocol;

import java.nio.ByteBuffer;

/**
 * What stands before the pictures of a {@link Frame}: 40 bytes, big-endian, {@code u8 kind=2 · u8 codec · u8 flags ·
 * u8 screen · u32 epoch · u32 frameNumber · u32 refFrame · u64 captureMicros · u32 encodeMicros · u16 width · u16 height ·
 * u8 rendition · u8 quality · u16 tileCount · u32 desktopHandle}.
 *
 * @param codec how every picture in this message is encoded
 * @param flags see the constants here
 * @param screen index of the monitor, 0 to 255
 * @param epoch registration that the frame belongs to, as in {@code handshake_ack}
 * @param frameNumber from the agent: counts frames of this screen and rendition from 1; to a viewer: counts what that
 *     viewer was sent of them, so that its acknowledgements free its own window
 * @param refFrame to a viewer of tiles: the agent's newest {@code frameNumber} in this message; of a screenshot: the fence
 *     of its command; else the frame that this one builds on, 0 for none
 * @param captureMicros when the screen was read, on the agent's monotonic clock
 * @param encodeMicros how long reading, comparing and encoding took
 * @param width of the whole screen in this rendition, pixels
 * @param height of the whole screen in this rendition, pixels
 * @param rendition see {@link Rendition}
 * @param quality 1 to 100; 100 is lossless
 * @param tileCount tiles in this message; 0 without {@link #FLAG_TILES}
 * @param desktopHandle which desktop, as in {@code stream_started}
 */
public record FrameHeader(
        PictureCodec codec,
        int flags,
        int screen,
        long epoch,
        long frameNumber,
        long refFrame,
        long captureMicros,
        long encodeMicros,
        int width,
        int height,
        int rendition,
        int quality,
        int tileCount,
        long desktopHandle) {
    /** Length, bytes. */
    public static final int BYTES = 40;
    /** First byte of every frame. */
    public static final byte KIND = 2;
    /** The picture needs no earlier one, and covers the whole screen. */
    public static final int FLAG_KEY = 1;
    /** The payload is a row of {@link Tile}s; without it, one picture of the whole screen. */
    public static final int FLAG_TILES = 2;
    /** Last message of its frame: what was received of it may be shown now. */
    public static final int FLAG_LAST_PART = 4;
    /** The mouse pointer was not visible. */
    public static final int FLAG_HIDDEN_CURSOR = 8;

    /** Whether the flag is set. */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The header as it goes on the wire, {@value #BYTES} bytes ready to read. */
    public ByteBuffer encode() {
        return ByteBuffer.allocate(BYTES)
                .put(KIND)
                .put((byte) codec.code())
                .put((byte) flags)
                .put((byte) screen)
                .putInt((int) epoch)
                .putInt((int) frameNumber)
                .putInt((int) refFrame)
                .putLong(captureMicros)
                .putInt((int) encodeMicros)
                .putShort((short) width)
                .putShort((short) height)
                .put((byte) rendition)
                .put((byte) quality)
                .putShort((short) tileCount)
                .putInt((int) desktopHandle)
                .flip();
    }

    /** Reads {@value #BYTES} bytes from {@code view} at 0; the kind was judged before. */
    static FrameHeader read(PictureCodec codec, ByteBuffer view) {
        return new FrameHeader(
                codec,
                view.get(2) & 0xff,
                view.get(3) & 0xff,
                Integer.toUnsignedLong(view.getInt(4)),
                Integer.toUnsignedLong(view.getInt(8)),
                Integer.toUnsignedLong(view.getInt(12)),
                view.getLong(16),
                Integer.toUnsignedLong(view.getInt(24)),
                Short.toUnsignedInt(view.getShort(28)),
                Short.toUnsignedInt(view.getShort(30)),
                view.get(32) & 0xff,
                view.get(33) & 0xff,
                Short.toUnsignedInt(view.getShort(34)),
                Integer.toUnsignedLong(view.getInt(36)));
    }
}
