package io.quickdrop.relay.driver.agent;

import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Tile;
import java.util.List;

/**
 * One frame as it was captured and encoded.
 *
 * @param captureMicros when the screen was read, on {@link DesktopAgent#nowMicros}
 * @param encodeMicros how long reading, comparing and encoding took
 * @param width of the whole screen in this rendition, pixels
 * @param height of the whole screen in this rendition, pixels
 * @param hiddenCursor whether the mouse pointer was not visible
 * @param batches at least one; of every rendition but tiles exactly one with one tile, which covers the screen
 */
public record Capture(
        long captureMicros, long encodeMicros, int width, int height, boolean hiddenCursor, List<Batch> batches) {
    /** Largest encoded tile or picture, bytes: a message holds at least one, and none is split. */
    public static final int MAX_TILE_BYTES = Limits.MAX_BINARY_BYTES - FrameHeader.BYTES - Tile.HEADER_BYTES;

    private static final int MOST_PIXELS = 65_535;

    /** @throws IllegalArgumentException if a time is negative, a side does not fit the wire, or there is no batch */
    public Capture {
        if (captureMicros < 0
                || encodeMicros < 0
                || width < 1
                || height < 1
                || width > MOST_PIXELS
                || height > MOST_PIXELS
                || batches.isEmpty()) {
            throw new IllegalArgumentException("found " + batches.size() + " batches of " + width + " × " + height
                    + " pixels, captured at " + captureMicros + " µs in " + encodeMicros
                    + " µs; allowed are at least one, sides of 1 to " + MOST_PIXELS + ", and times from 0 on");
        }
        batches = List.copyOf(batches);
    }

    /** How many tiles there are in all batches. */
    int tiles() {
        return batches.stream().mapToInt(batch -> batch.tiles().size()).sum();
    }

    /**
     * Tiles that are encoded alike.
     *
     * @param quality 1 to 100; 100 is lossless
     * @param tiles at least one; their bytes are not changed afterwards
     */
    public record Batch(PictureCodec codec, int quality, List<Tile> tiles) {
        /** @throws IllegalArgumentException if there is no tile, one is longer than allowed, or the quality is none */
        public Batch {
            tiles = List.copyOf(tiles);
            int longest = tiles.stream()
                    .mapToInt(tile -> tile.bytes().remaining())
                    .max()
                    .orElse(0);
            if (longest < 1 || longest > MAX_TILE_BYTES || quality < 1 || quality > 100) {
                throw new IllegalArgumentException("found " + tiles.size() + " tiles, the longest of " + longest
                        + " bytes, at quality " + quality + "; allowed are at least one, 1 to " + MAX_TILE_BYTES
                        + " bytes, and 1 to 100");
            }
        }
    }
}
