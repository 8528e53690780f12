package io.quickdrop.agent.encode;

import io.quickdrop.agent.encode.LosslessEncoder.Method;
import io.quickdrop.agent.grab.Pixels;
import io.quickdrop.agent.tiles.TileContent;
import io.quickdrop.agent.tiles.TileGrid.Area;
import io.quickdrop.protocol.PictureCodec;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Chooses how to encode a tile, by what it holds, and encodes it. FFmpeg's encoders are opened once per tile size (four at most:
 * inner, right, lower, corner) and method. For one thread.
 *
 * <p>The choice rests on measurements, see {@code docs/evidence.md}: drawn tiles of few colours are smaller without loss than as
 * JPEG; other drawn tiles (smooth or coloured text) keep their full chroma; photographs don't need it.
 */
public final class TileEncoder implements AutoCloseable {
    /** Lossless pictures have this quality. */
    public static final int LOSSLESS = 100;

    /** Photographs repeat fewer of their pixels than this. */
    private static final double DRAWN_REPEATS = 0.25;
    /** With fewer colours a palette is exact and smaller than a JPEG. */
    private static final int FLAT_COLOURS = 64;

    private final TileContent content = new TileContent();
    private final Map<Size, JpegEncoder> sharp = new HashMap<>();
    private final Map<Size, JpegEncoder> soft = new HashMap<>();
    private final Map<Size, LosslessEncoder> palette = new HashMap<>();
    private final Map<Size, LosslessEncoder> colour = new HashMap<>();

    /**
     * An encoded tile.
     *
     * @param quality {@link #LOSSLESS} where every pixel is exact
     */
    public record Encoded(PictureCodec codec, int quality, ByteBuffer bytes) {
        /** Whether nothing is left to improve. */
        public boolean isExact() {
            return quality == LOSSLESS;
        }
    }

    private record Size(int width, int height) {}

    /**
     * Encodes a tile that is in motion: as small as its content lets it be at this quality.
     *
     * @param quality 1 to 100
     */
    public Encoded inMotion(Pixels picture, Area area, int quality) {
        content.read(picture, area);
        if (quality == LOSSLESS || content.colours() <= FLAT_COLOURS) {
            return lossless(area);
        }
        Size size = new Size(area.width(), area.height());
        JpegEncoder encoder = content.repeatShare() >= DRAWN_REPEATS
                ? sharp.computeIfAbsent(size, key -> new JpegEncoder(key.width, key.height, Chroma.FULL))
                : soft.computeIfAbsent(size, key -> new JpegEncoder(key.width, key.height, Chroma.QUARTER));
        return new Encoded(PictureCodec.JPEG, quality, encoder.encode(picture, area.x(), area.y(), quality));
    }

    /** Encodes a tile that rests: every pixel exact. */
    public Encoded atRest(Pixels picture, Area area) {
        content.read(picture, area);
        return lossless(area);
    }

    private Encoded lossless(Area area) {
        Size size = new Size(area.width(), area.height());
        Method method = content.hasPalette() ? Method.PNG_PALETTE : Method.WEBP_FAST;
        LosslessEncoder encoder = (content.hasPalette() ? palette : colour)
                .computeIfAbsent(size, key -> new LosslessEncoder(key.width, key.height, method));
        return new Encoded(method.codec(), LOSSLESS, encoder.encode(content));
    }

    @Override
    public void close() {
        sharp.values().forEach(JpegEncoder::close);
        soft.values().forEach(JpegEncoder::close);
        palette.values().forEach(LosslessEncoder::close);
        colour.values().forEach(LosslessEncoder::close);
    }
}
