package io.quickdrop.system.peers;

import io.quickdrop.protocol.Tile;
import io.quickdrop.system.display.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Pictures of noise, the hardest there are, at no cost: every tile is one of a few that were encoded before. A frame takes
 * as many bytes as a test wants.
 *
 * <p>For one thread at a time.
 */
public final class GeneratedScreen {
    private static final int TILE = 64;
    /** Different tiles that are drawn in turn. */
    private static final int STOCK = 24;

    private final int columns;
    private final int rows;
    private final int changesPerFrame;
    private final Random random;
    private final List<ByteBuffer> files = new ArrayList<>();
    private final List<Picture> pictures = new ArrayList<>();
    private final int[] shown;
    private final BitSet dirty = new BitSet();
    private final ByteBuffer thumbnail;

    /** Pictures to send. */
    public record Batch(int width, int height, List<Tile> tiles) {}

    /**
     * Shows noise.
     *
     * @param columns tiles of 64 pixels
     * @param rows tiles of 64 pixels
     * @param changesPerFrame tiles that are drawn anew for each frame, some 12.5 kB each
     */
    public GeneratedScreen(int columns, int rows, int changesPerFrame, long seed) {
        this.columns = columns;
        this.rows = rows;
        this.changesPerFrame = changesPerFrame;
        this.random = new Random(seed);
        for (int i = 0; i < STOCK; i++) {
            Picture picture = noise();
            pictures.add(picture);
            files.add(png(picture));
        }
        thumbnail = files.get(0);
        shown = new int[columns * rows];
        touchAll();
    }

    int width() {
        return columns * TILE;
    }

    int height() {
        return rows * TILE;
    }

    void draw() {
        for (int i = 0; i < changesPerFrame; i++) {
            int place = random.nextInt(shown.length);
            shown[place] = random.nextInt(STOCK);
            dirty.set(place);
        }
    }

    /** Everything must be sent again. */
    void touchAll() {
        dirty.set(0, shown.length);
    }

    boolean isClean() {
        return dirty.isEmpty();
    }

    /** What has to be sent; it counts as sent afterwards. At most 60 tiles, to stay below the largest message. */
    Batch changed() {
        List<Tile> tiles = new ArrayList<>();
        for (int place = dirty.nextSetBit(0); place >= 0 && tiles.size() < 60; place = dirty.nextSetBit(place + 1)) {
            tiles.add(new Tile(place % columns * TILE, place / columns * TILE, TILE, TILE, files.get(shown[place])));
            dirty.clear(place);
        }
        return new Batch(width(), height(), tiles);
    }

    Batch thumbnail() {
        return new Batch(TILE, TILE, List.of(new Tile(0, 0, TILE, TILE, thumbnail)));
    }

    /** The whole screen as one picture, encoded now. */
    Batch whole() {
        return new Batch(width(), height(), List.of(new Tile(0, 0, width(), height(), png(picture()))));
    }

    Picture picture() {
        Picture picture = new Picture(width(), height());
        for (int place = 0; place < shown.length; place++) {
            picture.put(pictures.get(shown[place]), place % columns * TILE, place / columns * TILE);
        }
        return picture;
    }

    private Picture noise() {
        Picture picture = new Picture(TILE, TILE);
        for (int i = 0; i < picture.pixels().length; i++) {
            picture.pixels()[i] = random.nextInt(1 << 24);
        }
        return picture;
    }

    private static ByteBuffer png(Picture picture) {
        BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, picture.width(), picture.height(), picture.pixels(), 0, picture.width());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }
}
