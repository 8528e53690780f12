package io.quickdrop.agent.encode;

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
 * <p>The choice rests on measurements, see {@code docs/evidence.md}: drawn tiles (text, windows) are several times smaller as
 * lossless WebP than as JPEG, and exact at once; what is drawn with many colours is a JPEG with full chroma; photographs don't
 * need that.
 */
public final class TileEncoder implements AutoCloseable {
    /** Lossless pictures have this quality. */
    public static final int LOSSLESS = 100;

    /** Photographs repeat fewer of their pixels than this. */
    private static final double DRAWN_REPEATS = 0.25;
    /** Half of the pixels of text and windows and more repeat. */
    private static final double FLAT_REPEATS = 0.5;
    /** libwebp's method and quality for drawn tiles: the first step halves their bytes, more doubles the time for a few percent. */
    private static final int DRAWN_EFFORT = 3;

    private static final int DRAWN_THOROUGHNESS = 50;
    /** For photographs, which get no smaller by more. */
    private static final int PHOTO_EFFORT = 1;

    private static final int PHOTO_THOROUGHNESS = 25;

    private final TileContent content = new TileContent();
    private final Map<Size, JpegEncoder> sharp = new HashMap<>();
    private final Map<Size, JpegEncoder> soft = new HashMap<>();
    private final Map<Size, WebpEncoder> exactDrawn = new HashMap<>();
    private final Map<Size, WebpEncoder> exactPhoto = new HashMap<>();

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
        if (quality == LOSSLESS || isFlat()) {
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
        WebpEncoder encoder = isFlat()
                ? exactDrawn.computeIfAbsent(
                        size, key -> new WebpEncoder(key.width, key.height, DRAWN_EFFORT, DRAWN_THOROUGHNESS))
                : exactPhoto.computeIfAbsent(
                        size, key -> new WebpEncoder(key.width, key.height, PHOTO_EFFORT, PHOTO_THOROUGHNESS));
        return new Encoded(PictureCodec.WEBP, LOSSLESS, encoder.encode(content));
    }

    private boolean isFlat() {
        return content.colours() <= TileContent.MAX_COLOURS && content.repeatShare() >= FLAT_REPEATS;
    }

    @Override
    public void close() {
        sharp.values().forEach(JpegEncoder::close);
        soft.values().forEach(JpegEncoder::close);
        exactDrawn.values().forEach(WebpEncoder::close);
        exactPhoto.values().forEach(WebpEncoder::close);
    }
}
