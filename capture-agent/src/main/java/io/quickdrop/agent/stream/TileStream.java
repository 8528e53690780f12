package io.quickdrop.agent.stream;

import io.quickdrop.agent.encode.TileEncoder;
import io.quickdrop.agent.encode.TileEncoder.Encoded;
import io.quickdrop.agent.grab.Pixels;
import io.quickdrop.agent.tiles.ChangeDetector;
import io.quickdrop.agent.tiles.TileGrid;
import io.quickdrop.agent.tiles.TileGrid.Area;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Tile;
import io.quickdrop.relay.driver.agent.Capture.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tiles of one screen: what changed, encoded for motion; and, of what has come to rest, a few tiles at a time without
 * loss, until every pixel is exact. For one thread; knows no clock.
 */
final class TileStream implements AutoCloseable {
    /** Edge of a tile, pixels. Measured, see docs/evidence.md: smaller ones cost headers, larger ones carry what did not change. */
    static final int TILE_SIZE = 128;
    /** A tile that has not changed for so long rests. Typing and scrolling have pauses shorter than this. */
    static final long REST_MICROS = 700_000;
    /** Most bytes of one lossless share: what it sends must not stand in the way of the next motion for long. */
    static final int REST_BYTES = 64 * 1024;
    /** As above while something moves elsewhere on the screen. */
    static final int REST_BYTES_IN_MOTION = 12 * 1024;
    /** More motion than this, and there is no lossless share at all. */
    static final int BUSY_BYTES = 24 * 1024;

    private static final long NEVER = Long.MIN_VALUE / 2;

    private final TileGrid grid;
    private final ChangeDetector detector;
    private final TileEncoder encoder = new TileEncoder();
    private final BitSet inexact;
    private final long[] changedMicros;
    private int nextToRefine;

    TileStream(int width, int height) {
        grid = new TileGrid(width, height, TILE_SIZE);
        detector = new ChangeDetector(grid);
        inexact = new BitSet(grid.count());
        changedMicros = new long[grid.count()];
        Arrays.fill(changedMicros, NEVER);
    }

    /** Whether the pictures fit this stream's grid. */
    boolean fits(Pixels pixels) {
        return pixels.width() == grid.width() && pixels.height() == grid.height();
    }

    /** Whether every tile that was sent is exact. */
    boolean isExact() {
        return inexact.isEmpty();
    }

    /** The server has nothing of this stream, or wants all of it again. */
    void startOver() {
        detector.forget();
    }

    /**
     * What to send of this picture; empty if the other side has every pixel of it, or will have to wait for the rest.
     *
     * @param quality of what moves, 1 to 100
     */
    List<Batch> next(Pixels pixels, int quality, long nowMicros) {
        Map<Kind, List<Tile>> batches = new LinkedHashMap<>();
        BitSet changed = detector.changed(pixels);
        int bytes = 0;
        for (int tile = changed.nextSetBit(0); tile >= 0; tile = changed.nextSetBit(tile + 1)) {
            Area area = grid.area(tile);
            Encoded encoded = encoder.inMotion(pixels, area, quality);
            add(batches, area, encoded);
            detector.accept(pixels, tile);
            inexact.set(tile, !encoded.isExact());
            changedMicros[tile] = nowMicros;
            bytes += encoded.bytes().remaining();
        }
        if (bytes <= BUSY_BYTES) {
            refine(pixels, nowMicros, bytes == 0 ? REST_BYTES : REST_BYTES_IN_MOTION, batches);
        }
        List<Batch> result = new ArrayList<>();
        batches.forEach((kind, tiles) -> result.add(new Batch(kind.codec, kind.quality, tiles)));
        return result;
    }

    /** Goes round the grid, so that a tile that blinks at the top does not keep those below it waiting. */
    private void refine(Pixels pixels, long nowMicros, int budgetBytes, Map<Kind, List<Tile>> batches) {
        int left = budgetBytes;
        for (int i = 0; i < grid.count() && left > 0; i++) {
            int tile = (nextToRefine + i) % grid.count();
            if (!inexact.get(tile) || nowMicros - changedMicros[tile] < REST_MICROS) {
                continue;
            }
            Area area = grid.area(tile);
            Encoded encoded = encoder.atRest(pixels, area);
            add(batches, area, encoded);
            inexact.clear(tile);
            left -= encoded.bytes().remaining();
            if (left <= 0) {
                nextToRefine = (tile + 1) % grid.count();
            }
        }
    }

    private static void add(Map<Kind, List<Tile>> batches, Area area, Encoded encoded) {
        batches.computeIfAbsent(new Kind(encoded.codec(), encoded.quality()), kind -> new ArrayList<>())
                .add(new Tile(area.x(), area.y(), area.width(), area.height(), encoded.bytes()));
    }

    private record Kind(PictureCodec codec, int quality) {}

    @Override
    public void close() {
        encoder.close();
    }
}
