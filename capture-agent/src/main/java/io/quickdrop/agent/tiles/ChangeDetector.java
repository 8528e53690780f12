package io.quickdrop.agent.tiles;

import io.quickdrop.agent.grab.Pixels;
import io.quickdrop.agent.tiles.TileGrid.Area;
import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * Knows the picture that the other side has, and which tiles of a new one differ from it. For one thread.
 *
 * <p>Compares with {@link ByteBuffer#mismatch}, which the JVM turns into vector instructions: a row that is the same costs one
 * call, however many tiles it crosses.
 */
public final class ChangeDetector {
    private static final int UNUSED_BYTE = 3;

    private final TileGrid grid;
    private final Pixels known;
    private final BitSet seen;

    /** Knows nothing yet: the first picture differs everywhere. */
    public ChangeDetector(TileGrid grid) {
        this.grid = grid;
        this.known = Pixels.allocate(grid.width(), grid.height());
        this.seen = new BitSet(grid.count());
    }

    /**
     * The tiles in which {@code now} differs from what was {@link #accept accepted}.
     *
     * @param now of the grid's size
     */
    public BitSet changed(Pixels now) {
        if (!now.hasSizeOf(known)) {
            throw new IllegalArgumentException("found a picture of " + now.width() + " × " + now.height()
                    + "; the grid is made for " + grid.width() + " × " + grid.height());
        }
        BitSet changed = new BitSet(grid.count());
        changed.set(0, grid.count());
        changed.andNot(seen);
        int columns = grid.columns();
        for (int row = 0; row < grid.rows(); row++) {
            int first = row * columns;
            int top = row * grid.tileSize();
            int bottom = Math.min(top + grid.tileSize(), grid.height());
            for (int y = top; y < bottom && changed.nextClearBit(first) < first + columns; y++) {
                compareRow(now, y, first, changed);
            }
        }
        return changed;
    }

    /** Compares the tiles that are not known to differ yet, in runs as long as they go. */
    private void compareRow(Pixels now, int y, int first, BitSet changed) {
        int end = first + grid.columns();
        int tile = changed.nextClearBit(first);
        while (tile < end) {
            int next = changed.nextSetBit(tile);
            int runEnd = next < 0 || next > end ? end : next;
            int fromX = (tile - first) * grid.tileSize();
            int toX = Math.min((runEnd - first) * grid.tileSize(), grid.width());
            int x = firstDifference(now, y, fromX, toX);
            if (x < 0) {
                tile = changed.nextClearBit(runEnd);
            } else {
                int different = first + x / grid.tileSize();
                changed.set(different);
                tile = changed.nextClearBit(different);
            }
        }
    }

    /** The first column that differs; the unused byte of a pixel may hold anything. */
    private int firstDifference(Pixels now, int y, int fromX, int toX) {
        int from = fromX * Pixels.PIXEL_BYTES;
        int to = toX * Pixels.PIXEL_BYTES;
        int nowRow = now.offset(0, y);
        int knownRow = known.offset(0, y);
        while (from < to) {
            int length = to - from;
            int at = now.bytes()
                    .slice(nowRow + from, length)
                    .mismatch(known.bytes().slice(knownRow + from, length));
            if (at < 0) {
                return -1;
            }
            if ((from + at) % Pixels.PIXEL_BYTES != UNUSED_BYTE) {
                return (from + at) / Pixels.PIXEL_BYTES;
            }
            from += at + 1;
        }
        return -1;
    }

    /** From now on the other side has this tile as it is in {@code now}. */
    public void accept(Pixels now, int tile) {
        Area area = grid.area(tile);
        int length = area.width() * Pixels.PIXEL_BYTES;
        for (int y = area.y(); y < area.y() + area.height(); y++) {
            known.bytes().put(known.offset(area.x(), y), now.bytes(), now.offset(area.x(), y), length);
        }
        seen.set(tile);
    }

    /** The picture that the other side has; tiles that were never accepted are black. */
    public Pixels known() {
        return known;
    }

    /** The other side may have lost everything: the next picture differs everywhere. */
    public void forget() {
        seen.clear();
    }
}
