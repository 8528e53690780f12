package io.quickdrop.agent.tiles;

/**
 * A screen cut into squares, numbered row by row; those at the right and lower edges may be smaller.
 *
 * @param tileSize edge of a whole tile, pixels
 */
public record TileGrid(int width, int height, int tileSize) {
    public TileGrid {
        if (width < 1 || height < 1 || tileSize < 1) {
            throw new IllegalArgumentException("found " + width + " × " + height + " pixels in tiles of " + tileSize);
        }
    }

    /** One square of the grid, in pixels of the screen. */
    public record Area(int x, int y, int width, int height) {}

    /** Tiles in a row. */
    public int columns() {
        return (width + tileSize - 1) / tileSize;
    }

    /** Tiles in a column. */
    public int rows() {
        return (height + tileSize - 1) / tileSize;
    }

    /** All tiles. */
    public int count() {
        return columns() * rows();
    }

    /** Where a tile lies. */
    public Area area(int tile) {
        int x = tile % columns() * tileSize;
        int y = tile / columns() * tileSize;
        return new Area(x, y, Math.min(tileSize, width - x), Math.min(tileSize, height - y));
    }
}
