package io.quickdrop.relay.sim.desktop;

import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Tile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One monitor: a grid of cells, each with a version that grows when something is drawn there. */
final class SimulatedScreen {
    static final int CELL = 64;

    /** What a person does with it. */
    enum Habit {
        TYPING,
        SCROLLING,
        FILM,
        MIXED
    }

    final int index;
    int columns;
    int rows;
    /** Grows with the size: what was drawn on a screen of another size is another picture. */
    int shape;

    private final SplittableRandom random;
    private final Habit habit;
    private final int cellBytes;
    private long[] versions = {};
    private long lastVersion;

    SimulatedScreen(int index, SplittableRandom random) {
        this.index = index;
        this.random = random;
        this.habit = Habit.values()[random.nextInt(Habit.values().length)];
        this.cellBytes = 60 << random.nextInt(6);
        resize();
    }

    void resize() {
        columns = 2 + random.nextInt(6);
        rows = 1 + random.nextInt(5);
        shape++;
        versions = new long[columns * rows];
        for (int cell = 0; cell < versions.length; cell++) {
            versions[cell] = ++lastVersion;
        }
    }

    /** Something happens on it. */
    void draw() {
        switch (habit) {
            case TYPING -> change(random.nextInt(versions.length));
            case SCROLLING -> {
                for (int cell = 0; cell < versions.length; cell++) {
                    change(cell);
                }
            }
            case FILM -> film();
            case MIXED -> {
                film();
                if (random.nextInt(10) == 0) {
                    change(random.nextInt(versions.length));
                }
            }
        }
    }

    private void film() {
        for (int cell = 0; cell < (versions.length + 1) / 2; cell++) {
            change(cell);
        }
    }

    private void change(int cell) {
        versions[cell] = ++lastVersion;
    }

    long[] versions() {
        return versions;
    }

    long lastVersion() {
        return lastVersion;
    }

    int cells() {
        return versions.length;
    }

    int width() {
        return columns * CELL;
    }

    int height() {
        return rows * CELL;
    }

    /** Bytes of a whole picture of it, about. */
    long wholeBytes(int quality) {
        return (long) cells() * (cellBytes(quality) + Tile.HEADER_BYTES) + FrameHeader.BYTES;
    }

    int cellBytes(int quality) {
        return Math.max(16, cellBytes * quality / 75);
    }

    /** These cells as a frame. */
    Frame tiles(List<Integer> cells, Numbers numbers, boolean last) {
        List<Tile> tiles = new ArrayList<>();
        for (int cell : cells) {
            int bytes = cellBytes(numbers.quality);
            ByteBuffer content =
                    ByteBuffer.allocate(bytes).putLong(0, versions[cell]).putInt(8, shape);
            tiles.add(new Tile(cell % columns * CELL, cell / columns * CELL, CELL, CELL, content));
        }
        int flags = FrameHeader.FLAG_TILES | (last ? FrameHeader.FLAG_LAST_PART : 0);
        return new Frame(header(numbers, flags, tiles.size(), width(), height()), tiles);
    }

    /** The whole as one picture. */
    Frame picture(Numbers numbers, int width, int height, int bytes) {
        ByteBuffer content =
                ByteBuffer.allocate(Math.max(16, bytes)).putLong(0, lastVersion).putInt(8, shape);
        int flags = FrameHeader.FLAG_KEY | FrameHeader.FLAG_LAST_PART;
        return new Frame(header(numbers, flags, 0, width, height), List.of(new Tile(0, 0, width, height, content)));
    }

    private FrameHeader header(Numbers numbers, int flags, int tiles, int width, int height) {
        return new FrameHeader(
                PictureCodec.JPEG,
                flags,
                index,
                numbers.epoch,
                numbers.frameNumber,
                0,
                numbers.captureMicros,
                3_000,
                width,
                height,
                numbers.rendition,
                numbers.quality,
                tiles,
                1);
    }

    /** The figures of a header. */
    record Numbers(long epoch, long frameNumber, long captureMicros, int rendition, int quality) {}
}
