package io.quickdrop.examples.javawebsocket;

import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Tile;
import io.quickdrop.relay.driver.agent.Capture;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;

/** A picture in the place of a screen: a coloured ground on which a box walks, cut into tiles. Used by one thread. */
final class PictureDesktop {
    static final int WIDTH = 640;
    static final int HEIGHT = 360;
    private static final int COLUMNS = 4;
    private static final int ROWS = 3;
    private static final int TILE_WIDTH = WIDTH / COLUMNS;
    private static final int TILE_HEIGHT = HEIGHT / ROWS;
    private static final int QUALITY = 75;

    private final BufferedImage screen = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    private int[] sent = new int[0];

    /** Draws the ground, and the box where it is at this time. */
    void draw(Color ground, long micros) {
        Graphics2D pen = screen.createGraphics();
        pen.setColor(ground);
        pen.fillRect(0, 0, WIDTH, HEIGHT);
        pen.setColor(Color.WHITE);
        pen.fillRect((int) (micros / 10_000 % (TILE_WIDTH - 20)), 10, 20, 20);
        pen.dispose();
    }

    /** The tiles that differ from what was taken last, or all of them. */
    List<Tile> changedTiles(boolean all) throws IOException {
        int[] pixels = screen.getRGB(0, 0, WIDTH, HEIGHT, null, 0, WIDTH);
        List<Tile> tiles = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                int x = column * TILE_WIDTH;
                int y = row * TILE_HEIGHT;
                if (all || sent.length == 0 || differs(pixels, x, y)) {
                    BufferedImage part = screen.getSubimage(x, y, TILE_WIDTH, TILE_HEIGHT);
                    tiles.add(new Tile(x, y, TILE_WIDTH, TILE_HEIGHT, encode(part, "jpeg")));
                }
            }
        }
        sent = pixels;
        return tiles;
    }

    /** The whole screen as one small JPEG. */
    Tile small() throws IOException {
        BufferedImage small = new BufferedImage(WIDTH / 2, HEIGHT / 2, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = small.createGraphics();
        pen.drawImage(screen, 0, 0, WIDTH / 2, HEIGHT / 2, null);
        pen.dispose();
        return new Tile(0, 0, WIDTH / 2, HEIGHT / 2, encode(small, "jpeg"));
    }

    /** The whole screen as one JPEG. */
    Tile whole() throws IOException {
        return new Tile(0, 0, WIDTH, HEIGHT, encode(screen, "jpeg"));
    }

    /** The whole screen as a file. */
    ByteBuffer png() throws IOException {
        return encode(screen, "png");
    }

    /** What is sent of these tiles. */
    static Capture capture(long captureMicros, long encodeMicros, int width, int height, List<Tile> tiles) {
        List<Capture.Batch> batches = List.of(new Capture.Batch(PictureCodec.JPEG, QUALITY, tiles));
        return new Capture(captureMicros, encodeMicros, width, height, false, batches);
    }

    private boolean differs(int[] pixels, int x, int y) {
        for (int row = y; row < y + TILE_HEIGHT; row++) {
            int from = row * WIDTH + x;
            if (!Arrays.equals(pixels, from, from + TILE_WIDTH, sent, from, from + TILE_WIDTH)) {
                return true;
            }
        }
        return false;
    }

    private static ByteBuffer encode(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, format, bytes);
        return ByteBuffer.wrap(bytes.toByteArray());
    }
}
