package io.quickdrop.relay.driver;

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

    public Capture {
        batches = List.copyOf(batches);
    }

    /**
     * Tiles that are encoded alike.
     *
     * @param quality 1 to 100; 100 is lossless
     * @param tiles at least one; their bytes are not changed afterwards
     */
    public record Batch(PictureCodec codec, int quality, List<Tile> tiles) {
        public Batch {
            tiles = List.copyOf(tiles);
        }
    }
}
