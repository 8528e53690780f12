package io.quickdrop.agent.stream;

import io.quickdrop.agent.encode.Chroma;
import io.quickdrop.agent.encode.JpegEncoder;
import io.quickdrop.agent.grab.Pixels;
import io.quickdrop.agent.tiles.ChangeDetector;
import io.quickdrop.agent.tiles.TileGrid;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Tile;
import io.quickdrop.relay.driver.agent.Capture;
import io.quickdrop.relay.driver.agent.Capture.Batch;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** One screen as whole JPEG pictures, at full size or small; made only when something changed. For one thread. */
final class WholeStream implements AutoCloseable {
    /** A thumbnail is at most so wide, pixels: what a list of desktops has room for. */
    static final int THUMBNAIL_WIDTH = 320;

    /** FFmpeg makes no smaller JPEGs than with this quality. */
    private static final int COARSEST = 25;

    private final int width;
    private final int height;
    private final int outWidth;
    private final int outHeight;
    private final ChangeDetector detector;
    private final JpegEncoder encoder;

    /** Of a screen of this size, in pictures at most {@code maxWidth} wide. */
    WholeStream(int width, int height, int maxWidth, Chroma chroma) {
        this.width = width;
        this.height = height;
        this.outWidth = Math.min(width, maxWidth);
        this.outHeight = Math.max(1, (int) Math.round((double) height * outWidth / width));
        this.detector = new ChangeDetector(new TileGrid(width, height, TileStream.TILE_SIZE));
        this.encoder = new JpegEncoder(width, height, outWidth, outHeight, chroma);
    }

    /** Whether the pictures have the size that this stream is for. */
    boolean fits(Pixels pixels) {
        return pixels.width() == width && pixels.height() == height;
    }

    int outWidth() {
        return outWidth;
    }

    int outHeight() {
        return outHeight;
    }

    /** The server wants the next picture although nothing changed. */
    void startOver() {
        detector.forget();
    }

    /** The picture to send; empty if nothing changed. */
    Optional<Batch> next(Pixels pixels, int quality) {
        BitSet changed = detector.changed(pixels);
        if (changed.isEmpty()) {
            return Optional.empty();
        }
        changed.stream().forEach(tile -> detector.accept(pixels, tile));
        int lossy = Math.min(quality, 99); // 100 would promise exact pixels
        ByteBuffer jpeg = encoder.encode(pixels, 0, 0, lossy);
        while (jpeg.remaining() > Capture.MAX_TILE_BYTES && lossy > COARSEST) {
            lossy = Math.max(COARSEST, lossy * 2 / 3); // one message holds the whole picture
            jpeg = encoder.encode(pixels, 0, 0, lossy);
        }
        return Optional.of(new Batch(PictureCodec.JPEG, lossy, List.of(new Tile(0, 0, outWidth, outHeight, jpeg))));
    }

    @Override
    public void close() {
        encoder.close();
    }
}
