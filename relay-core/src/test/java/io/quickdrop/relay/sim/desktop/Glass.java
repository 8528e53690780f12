package io.quickdrop.relay.sim.desktop;

import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.Tile;
import java.util.Arrays;

/** What a viewer has on its canvas: the version of each cell. */
final class Glass {
    private long[] cells = {};
    private int width;
    private int height;
    private long shape;
    private long picture;

    void clear() {
        cells = new long[0];
        width = 0;
        height = 0;
        picture = 0;
    }

    void paint(Frame frame) {
        FrameHeader header = frame.header();
        if (header.width() != width || header.height() != height) {
            clear();
            width = header.width();
            height = header.height();
            cells = new long[Math.max(1, width / SimulatedScreen.CELL) * Math.max(1, height / SimulatedScreen.CELL)];
        }
        for (Tile tile : frame.tiles()) {
            long version = tile.bytes().getLong(0);
            shape = tile.bytes().getInt(8);
            if (header.has(FrameHeader.FLAG_TILES) || cells.length == 1) {
                int columns = Math.max(1, width / SimulatedScreen.CELL);
                cells[tile.y() / SimulatedScreen.CELL * columns + tile.x() / SimulatedScreen.CELL] = version;
            }
            if (header.has(FrameHeader.FLAG_KEY)) {
                picture = version;
            }
        }
    }

    boolean showsCells(SimulatedScreen screen) {
        return shape == screen.shape && width == screen.width() && Arrays.equals(cells, screen.versions());
    }

    boolean showsPicture(SimulatedScreen screen) {
        return shape == screen.shape && picture == screen.lastVersion();
    }

    @Override
    public String toString() {
        return width + " × " + height + " of shape " + shape + ", picture " + picture + ", " + Arrays.toString(cells);
    }
}
