package io.quickdrop.relay.desktop;

import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.Tile;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The newest encoded picture of every place of one screen. No two of its tiles overlap, since a tile replaces all that it
 * overlaps. Every tile has a version, higher than any before it, for as long as the cache lives.
 *
 * <p>Bounds: {@code maxTiles} tiles of {@code maxBytes} together. A tile that is small beside the message that it came in
 * gets a copy of its bytes, once: else one letter that stays on the screen would hold a message of 1 MiB. So what is kept in
 * memory is at most twice {@link #bytes}. What viewers are sent shares these bytes.
 *
 * <p>Pure; confined to one thread.
 */
final class TileCache {
    /** One place of the screen. */
    static final class Place {
        final Tile tile;
        /** Of the frame that it came with. */
        final FrameHeader frame;

        final long arrivedMicros;
        final long version;
        /** Stands for the place in a viewer's list; given anew when a place is gone. */
        final int slot;

        private @Nullable Place newer;
        private @Nullable Place older;

        private Place(Tile tile, FrameHeader frame, long arrivedMicros, long version, int slot) {
            this.tile = tile;
            this.frame = frame;
            this.arrivedMicros = arrivedMicros;
            this.version = version;
            this.slot = slot;
        }

        /** The one that came before it. */
        @Nullable
        Place older() {
            return older;
        }

        /** The one that came after it. */
        @Nullable
        Place newer() {
            return newer;
        }
    }

    private final int maxTiles;
    private final long maxBytes;
    private final Map<Long, Place> places = new HashMap<>();
    private final ArrayDeque<Integer> freeSlots = new ArrayDeque<>();
    private @Nullable Place newest;
    private @Nullable Place oldest;
    private int slots;
    private long lastVersion;
    private long bytes;
    private long coveredPixels;
    private int width;
    private int height;
    /** Size of the first tile in an empty cache: tiles of one grid can't overlap, so nothing is searched for them. */
    private int gridWidth;

    private int gridHeight;
    private int offGrid;

    TileCache(int maxTiles, long maxBytes) {
        this.maxTiles = maxTiles;
        this.maxBytes = maxBytes;
    }

    /**
     * Takes a frame's tiles. One of another screen size clears what was there.
     *
     * @return why some of it was refused; empty if all was taken
     */
    Optional<String> put(Frame frame, long nowMicros) {
        FrameHeader header = frame.header();
        if (header.width() != width || header.height() != height) {
            clear();
            width = header.width();
            height = header.height();
        }
        int refused = 0;
        for (Tile tile : frame.tiles()) {
            refused += put(tile, header, nowMicros) ? 0 : 1;
        }
        return refused == 0
                ? Optional.empty()
                : Optional.of("refused " + refused + " of " + frame.tiles().size() + " tiles: kept are " + places.size()
                        + " of " + bytes + " bytes; allowed are " + maxTiles + " of " + maxBytes + " bytes");
    }

    private boolean put(Tile tile, FrameHeader header, long nowMicros) {
        Place same = places.get(key(tile));
        if (same != null) {
            remove(same);
        } else if (places.isEmpty()) {
            gridWidth = tile.width();
            gridHeight = tile.height();
        } else if (offGrid > 0 || !isOnGrid(tile)) {
            removeOverlapped(tile);
        }
        int length = tile.bytes().remaining();
        if (places.size() >= maxTiles || bytes + length > maxBytes) {
            return false;
        }
        Integer free = freeSlots.pollLast();
        Place place = new Place(owning(tile), header, nowMicros, ++lastVersion, free != null ? free : slots++);
        places.put(key(tile), place);
        bytes += length;
        coveredPixels += area(tile);
        offGrid += isOnGrid(tile) ? 0 : 1;
        place.older = newest;
        if (newest != null) {
            newest.newer = place;
        } else {
            oldest = place;
        }
        newest = place;
        return true;
    }

    private boolean isOnGrid(Tile tile) {
        return tile.x() % gridWidth == 0
                && tile.y() % gridHeight == 0
                && tile.width() == Math.min(gridWidth, width - tile.x())
                && tile.height() == Math.min(gridHeight, height - tile.y());
    }

    private void removeOverlapped(Tile tile) {
        List<Place> overlapped = new ArrayList<>();
        for (Place place : places.values()) {
            if (place.tile.overlaps(tile)) {
                overlapped.add(place);
            }
        }
        overlapped.forEach(this::remove);
    }

    private void remove(Place place) {
        places.remove(key(place.tile));
        freeSlots.addLast(place.slot);
        bytes -= place.tile.bytes().remaining();
        coveredPixels -= area(place.tile);
        offGrid -= isOnGrid(place.tile) ? 0 : 1;
        if (place.newer != null) {
            place.newer.older = place.older;
        } else {
            newest = place.older;
        }
        if (place.older != null) {
            place.older.newer = place.newer;
        } else {
            oldest = place.newer;
        }
    }

    @SuppressWarnings("ByteBufferBackingArray") // only how much memory it holds is asked
    private static Tile owning(Tile tile) {
        ByteBuffer shared = tile.bytes();
        if (shared.hasArray() && shared.array().length <= 2 * shared.remaining()) {
            return tile;
        }
        ByteBuffer own = ByteBuffer.allocate(shared.remaining());
        own.put(shared.duplicate()).flip();
        return new Tile(tile.x(), tile.y(), tile.width(), tile.height(), own);
    }

    private static long key(Tile tile) {
        return (long) tile.x() << 48 | (long) tile.y() << 32 | (long) tile.width() << 16 | tile.height();
    }

    private static long area(Tile tile) {
        return (long) tile.width() * tile.height();
    }

    /** Forgets every tile; versions go on. */
    void clear() {
        places.clear();
        freeSlots.clear();
        newest = null;
        oldest = null;
        slots = 0;
        bytes = 0;
        coveredPixels = 0;
        offGrid = 0;
        width = 0;
        height = 0;
    }

    /** Whether there is a tile for every pixel. */
    boolean isWhole() {
        return width > 0 && coveredPixels == (long) width * height;
    }

    /** Pixels that there is a tile for. */
    long coveredPixels() {
        return coveredPixels;
    }

    @Nullable
    Place newest() {
        return newest;
    }

    @Nullable
    Place oldest() {
        return oldest;
    }

    /** Version of the newest tile that ever was. */
    long lastVersion() {
        return lastVersion;
    }

    /** Slots are below this. */
    int slots() {
        return slots;
    }

    int tiles() {
        return places.size();
    }

    /** Encoded bytes that are kept. */
    long bytes() {
        return bytes;
    }

    /** Width of the screen, pixels; 0 while nothing is known. */
    int width() {
        return width;
    }

    /** Height of the screen, pixels; 0 while nothing is known. */
    int height() {
        return height;
    }
}
