package io.quickdrop.relay.driver.agent;

import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.Tile;
import io.quickdrop.relay.desktop.StreamKey;
import java.util.ArrayList;
import java.util.List;

/**
 * A captured frame cut into messages: each holds tiles of one codec and quality, none is split, none is longer than {@link
 * Limits#MAX_BINARY_BYTES}.
 */
final class FrameParts {
    /** Tiles that {@code u16 tileCount} can count. */
    private static final int MOST_TILES = 65_535;

    private record Part(Capture.Batch batch, List<Tile> tiles, int bytes) {}

    private final StreamKey stream;
    private final Capture capture;
    private final boolean whole;
    private final List<Part> parts = new ArrayList<>();

    FrameParts(StreamKey stream, Capture capture, boolean whole) {
        this.stream = stream;
        this.capture = capture;
        this.whole = whole;
        capture.batches().forEach(this::cut);
    }

    /** Of all messages together. */
    long wireBytes() {
        return parts.stream().mapToLong(Part::bytes).sum();
    }

    /** The messages, in order; all share the frame's number. */
    List<Frame> numbered(long epoch, long frameNumber, long desktopHandle) {
        List<Frame> frames = new ArrayList<>(parts.size());
        for (Part part : parts) {
            boolean last = frames.size() == parts.size() - 1;
            FrameHeader header = new FrameHeader(
                    part.batch.codec(),
                    flags(last),
                    stream.screen(),
                    epoch,
                    frameNumber,
                    0,
                    capture.captureMicros(),
                    capture.encodeMicros(),
                    capture.width(),
                    capture.height(),
                    stream.rendition(),
                    part.batch.quality(),
                    isTiles() ? part.tiles.size() : 0,
                    desktopHandle);
            frames.add(new Frame(header, part.tiles));
        }
        return frames;
    }

    private void cut(Capture.Batch batch) {
        List<Tile> tiles = new ArrayList<>();
        int bytes = FrameHeader.BYTES;
        for (Tile tile : batch.tiles()) {
            int length = isTiles() ? tile.wireBytes() : tile.bytes().remaining();
            if (!tiles.isEmpty() && (bytes + length > Limits.MAX_BINARY_BYTES || tiles.size() == MOST_TILES)) {
                parts.add(new Part(batch, tiles, bytes));
                tiles = new ArrayList<>();
                bytes = FrameHeader.BYTES;
            }
            tiles.add(tile);
            bytes += length;
        }
        parts.add(new Part(batch, tiles, bytes));
    }

    private int flags(boolean last) {
        return (whole ? FrameHeader.FLAG_KEY : 0)
                | (isTiles() ? FrameHeader.FLAG_TILES : 0)
                | (last ? FrameHeader.FLAG_LAST_PART : 0)
                | (capture.hiddenCursor() ? FrameHeader.FLAG_HIDDEN_CURSOR : 0);
    }

    private boolean isTiles() {
        return stream.rendition() == Rendition.TILES;
    }
}
