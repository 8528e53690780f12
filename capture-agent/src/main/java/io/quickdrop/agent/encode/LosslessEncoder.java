package io.quickdrop.agent.encode;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGRA;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_PAL8;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;

import io.quickdrop.agent.tiles.TileContent;
import io.quickdrop.protocol.PictureCodec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/** Tiles of one size to PNG or lossless WebP: what comes out is, decoded, every pixel that went in. For one thread. */
public final class LosslessEncoder implements AutoCloseable {
    /** How to encode. */
    public enum Method {
        /** PNG with a palette: tiles of at most 256 colours only. */
        PNG_PALETTE(PictureCodec.PNG),
        /** PNG with three bytes a pixel. */
        PNG_COLOUR(PictureCodec.PNG),
        /** WebP, the fastest of its efforts. */
        WEBP_FAST(PictureCodec.WEBP),
        /** WebP, a middle effort. */
        WEBP_SMALL(PictureCodec.WEBP);

        private final PictureCodec codec;

        Method(PictureCodec codec) {
            this.codec = codec;
        }

        /** What its pictures are called on the wire. */
        public PictureCodec codec() {
            return codec;
        }
    }

    private final int width;
    private final int height;
    private final Method method;
    private final PictureEncoder encoder;
    private final byte[] row;

    /** For tiles of this size. */
    public LosslessEncoder(int width, int height, Method method) {
        this.width = width;
        this.height = height;
        this.method = method;
        this.row = new byte[width * 4];
        this.encoder = switch (method) {
            case PNG_PALETTE ->
                new PictureEncoder("png", width, height, AV_PIX_FMT_PAL8, Map.of("pred", "none"), compression(6));
            case PNG_COLOUR ->
                new PictureEncoder("png", width, height, AV_PIX_FMT_RGB24, Map.of("pred", "mixed"), compression(6));
            case WEBP_FAST -> new PictureEncoder("libwebp", width, height, AV_PIX_FMT_BGRA, webp(0, 0), context -> {});
            case WEBP_SMALL ->
                new PictureEncoder("libwebp", width, height, AV_PIX_FMT_BGRA, webp(3, 50), context -> {});
        };
    }

    private static java.util.function.Consumer<AVCodecContext> compression(int level) {
        return context -> context.compression_level(level);
    }

    private static Map<String, String> webp(int effort, int quality) {
        return Map.of("lossless", "1", "compression_level", String.valueOf(effort), "quality", String.valueOf(quality));
    }

    /** Encodes a tile of this encoder's size. */
    public ByteBuffer encode(TileContent tile) {
        if (tile.width() != width || tile.height() != height) {
            throw new IllegalArgumentException("found a tile of " + tile.width() + " × " + tile.height()
                    + "; this encoder is for " + width + " × " + height);
        }
        AVFrame target = encoder.writable();
        BytePointer plane = target.data(0);
        int stride = target.linesize(0);
        switch (method) {
            case PNG_PALETTE -> putIndices(tile, plane, stride, target.data(1));
            case PNG_COLOUR -> putColours(tile, plane, stride);
            case WEBP_FAST, WEBP_SMALL -> putWords(tile, plane, stride);
        }
        return encoder.encode();
    }

    private void putIndices(TileContent tile, BytePointer plane, int stride, BytePointer palette) {
        if (!tile.hasPalette()) {
            throw new IllegalArgumentException("a palette has no place for more than 256 colours");
        }
        for (int y = 0; y < height; y++) {
            plane.position((long) y * stride).put(tile.indices(), y * width, width);
        }
        // Unused places repeat the first colour, so that nothing of an older tile stays in.
        ByteBuffer colours =
                palette.capacity(4L * TileContent.MAX_COLOURS).asByteBuffer().order(ByteOrder.nativeOrder());
        for (int i = 0; i < TileContent.MAX_COLOURS; i++) {
            colours.putInt(tile.palette()[i < tile.colours() ? i : 0]);
        }
    }

    private void putColours(TileContent tile, BytePointer plane, int stride) {
        int[] pixels = tile.pixels();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int colour = pixels[y * width + x];
                row[3 * x] = (byte) (colour >> 16);
                row[3 * x + 1] = (byte) (colour >> 8);
                row[3 * x + 2] = (byte) colour;
            }
            plane.position((long) y * stride).put(row, 0, 3 * width);
        }
    }

    private void putWords(TileContent tile, BytePointer plane, int stride) {
        ByteBuffer target =
                plane.capacity((long) stride * height).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        for (int y = 0; y < height; y++) {
            target.position(y * stride);
            target.asIntBuffer().put(tile.pixels(), y * width, width);
        }
    }

    @Override
    public void close() {
        encoder.close();
    }
}
