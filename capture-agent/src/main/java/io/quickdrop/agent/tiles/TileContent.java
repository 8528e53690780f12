package io.quickdrop.agent.tiles;

import io.quickdrop.agent.grab.Pixels;
import io.quickdrop.agent.tiles.TileGrid.Area;
import java.util.Arrays;

/**
 * What one tile holds: its pixels, how many colours, while they are few, and how often a pixel repeats its left neighbour.
 * Reused for tile after tile by one thread.
 */
public final class TileContent {
    /** More colours than this are not counted. */
    public static final int MAX_COLOURS = 1024;

    private static final int SLOTS = 4096;
    private static final int HASH_SHIFT = 32 - 12;
    private static final int EMPTY = 0;

    private final int[] slots = new int[SLOTS];
    private int[] pixels = new int[0];
    private int width;
    private int height;
    private int colours;
    private int repeats;

    /** Reads a tile. */
    public void read(Pixels picture, Area area) {
        width = area.width();
        height = area.height();
        int count = width * height;
        if (pixels.length < count) {
            pixels = new int[count];
        }
        Arrays.fill(slots, EMPTY);
        colours = 0;
        repeats = 0;
        for (int row = 0; row < height; row++) {
            picture.bytes()
                    .slice(picture.offset(area.x(), area.y() + row), width * Pixels.PIXEL_BYTES)
                    .order(picture.bytes().order())
                    .asIntBuffer()
                    .get(pixels, row * width, width);
            scan(row * width, row * width + width);
        }
    }

    private void scan(int from, int to) {
        int previous = EMPTY;
        for (int i = from; i < to; i++) {
            int colour = pixels[i] | 0xff000000; // opaque, and never EMPTY
            pixels[i] = colour;
            if (colour == previous) {
                repeats++;
            } else {
                previous = colour;
                count(colour);
            }
        }
    }

    private void count(int colour) {
        if (colours > MAX_COLOURS) {
            return;
        }
        int slot = (colour * 0x9e3779b1) >>> HASH_SHIFT;
        while (slots[slot] != EMPTY) {
            if (slots[slot] == colour) {
                return;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        slots[slot] = colour;
        colours++;
    }

    /** Columns. */
    public int width() {
        return width;
    }

    /** Rows. */
    public int height() {
        return height;
    }

    /** Different colours; {@value #MAX_COLOURS} + 1 stands for any larger number. */
    public int colours() {
        return colours;
    }

    /** Share of the pixels that repeat their left neighbour, 0 to 1: high on drawn pictures, low on photographs. */
    public double repeatShare() {
        return (double) repeats / (width * height);
    }

    /** The pixels, {@code 0xffrrggbb}, row by row; only the first {@code width * height}. Not to be changed. */
    public int[] pixels() {
        return pixels;
    }
}
