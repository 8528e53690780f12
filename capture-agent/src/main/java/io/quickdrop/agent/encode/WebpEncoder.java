package io.quickdrop.agent.encode;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGRA;

import io.quickdrop.agent.tiles.TileContent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Tiles of one size to lossless WebP: what comes out is, decoded, every pixel that went in. For one thread. */
public final class WebpEncoder implements AutoCloseable {
    private final int width;
    private final int height;
    private final PictureEncoder encoder;

    /**
     * For tiles of this size.
     *
     * @param effort libwebp's method, 0 to 6
     * @param thoroughness libwebp's quality, which for lossless pictures means how hard to search, 0 to 100
     */
    public WebpEncoder(int width, int height, int effort, int thoroughness) {
        this.width = width;
        this.height = height;
        Map<String, String> options = Map.of(
                "lossless", "1",
                "compression_level", String.valueOf(effort),
                "quality", String.valueOf(thoroughness));
        this.encoder = new PictureEncoder("libwebp", width, height, AV_PIX_FMT_BGRA, options, context -> {});
    }

    /** Encodes a tile of this encoder's size. */
    public ByteBuffer encode(TileContent tile) {
        if (tile.width() != width || tile.height() != height) {
            throw new IllegalArgumentException("found a tile of " + tile.width() + " × " + tile.height()
                    + "; this encoder is for " + width + " × " + height);
        }
        AVFrame target = encoder.writable();
        int stride = target.linesize(0);
        ByteBuffer plane =
                target.data(0).capacity((long) stride * height).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        for (int y = 0; y < height; y++) {
            plane.position(y * stride);
            plane.asIntBuffer().put(tile.pixels(), y * width, width);
        }
        return encoder.encode();
    }

    @Override
    public void close() {
        encoder.close();
    }
}
