package io.quickdrop.relay.desktop;

import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Tile;
import io.quickdrop.relay.desktop.TileCache.Place;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Places that go to a viewer under one number, newest first.
 *
 * @param desktopHandle as in the viewer's {@code stream_started}
 */
record Batch(List<Place> places, StreamKey key, long epoch, long desktopHandle, long number) {
    Batch {
        places = List.copyOf(places);
    }

    /** The newest agent's frame in it. */
    Place newest() {
        Place newest = places.get(0);
        for (Place place : places) {
            if (place.version > newest.version) {
                newest = place;
            }
        }
        return newest;
    }

    /**
     * The messages that carry it, one codec each, at most {@code messageBytes} long where a message has more than one tile;
     * the last one is flagged.
     */
    List<Frame> messages(int messageBytes) {
        Map<PictureCodec, List<Place>> byCodec = new EnumMap<>(PictureCodec.class);
        for (Place place : places) {
            byCodec.computeIfAbsent(place.frame.codec(), codec -> new ArrayList<>())
                    .add(place);
        }
        List<List<Place>> parts = new ArrayList<>();
        for (List<Place> group : byCodec.values()) {
            cut(group, messageBytes, parts);
        }
        List<Frame> messages = new ArrayList<>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            messages.add(message(parts.get(i), i == parts.size() - 1));
        }
        return messages;
    }

    private static void cut(List<Place> group, int messageBytes, List<List<Place>> parts) {
        List<Place> part = new ArrayList<>();
        int bytes = FrameHeader.BYTES;
        for (Place place : group) {
            int more = place.tile.wireBytes();
            if (!part.isEmpty() && bytes + more > messageBytes) {
                parts.add(part);
                part = new ArrayList<>();
                bytes = FrameHeader.BYTES;
            }
            part.add(place);
            bytes += more;
        }
        parts.add(part);
    }

    private Frame message(List<Place> part, boolean last) {
        Place newest = part.get(0);
        int quality = 100;
        List<Tile> tiles = new ArrayList<>(part.size());
        for (Place place : part) {
            newest = place.version > newest.version ? place : newest;
            quality = Math.min(quality, place.frame.quality());
            tiles.add(place.tile);
        }
        FrameHeader from = newest.frame;
        Tile first = newest.tile;
        boolean whole = part.size() == 1 && first.width() == from.width() && first.height() == from.height();
        int flags = (whole ? FrameHeader.FLAG_KEY : FrameHeader.FLAG_TILES)
                | (last ? FrameHeader.FLAG_LAST_PART : 0)
                | (from.flags() & FrameHeader.FLAG_HIDDEN_CURSOR);
        FrameHeader header = new FrameHeader(
                from.codec(),
                flags,
                key.screen(),
                epoch,
                number,
                from.frameNumber(),
                from.captureMicros(),
                from.encodeMicros(),
                from.width(),
                from.height(),
                key.rendition(),
                quality,
                whole ? 0 : part.size(),
                desktopHandle);
        return new Frame(header, tiles);
    }
}
