package io.quickdrop.media.picture;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/** A picture in 4:2:0, each plane without gaps. */
final class Planes {
    private static final int STEP = 7;
    private static final int TURNS = 4;

    private final int width;
    private final int height;
    private final byte[] y;
    private final byte[] u;
    private final byte[] v;

    private Planes(int width, int height, byte[] y, byte[] u, byte[] v) {
        this.width = width;
        this.height = height;
        this.y = y;
        this.u = u;
        this.v = v;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    static Planes of(AVFrame frame) {
        int width = frame.width();
        int height = frame.height();
        return new Planes(
                width,
                height,
                plane(frame, 0, width, height),
                plane(frame, 1, (width + 1) / 2, (height + 1) / 2),
                plane(frame, 2, (width + 1) / 2, (height + 1) / 2));
    }

    private static byte[] plane(AVFrame frame, int index, int width, int height) {
        byte[] bytes = new byte[width * height];
        BytePointer from = frame.data(index);
        long stride = frame.linesize(index);
        for (int row = 0; row < height; row++) {
            from.position(row * stride).get(bytes, row * width, width);
        }
        return bytes;
    }

    /** Mean brightness, 0 to 255. */
    int mean() {
        long sum = 0;
        for (int i = 0; i < y.length; i += STEP) {
            sum += y[i] & 0xFF;
        }
        return (int) (sum / ((y.length + STEP - 1) / STEP));
    }

    /** Difference of the darkest and the brightest place. */
    int spread() {
        int least = 255;
        int most = 0;
        for (int i = 0; i < y.length; i += STEP) {
            least = Math.min(least, y[i] & 0xFF);
            most = Math.max(most, y[i] & 0xFF);
        }
        return most - least;
    }

    /** The same, turned by quarters against the clock. */
    Planes turned(int quarters) {
        Planes turned = this;
        for (int i = 0; i < Math.floorMod(quarters, TURNS); i++) {
            turned = turned.turnedOnce();
        }
        return turned;
    }

    private Planes turnedOnce() {
        int half = (width + 1) / 2;
        int halfHeight = (height + 1) / 2;
        return new Planes(
                /* width= */ height,
                /* height= */ width,
                turn(y, width, height),
                turn(u, half, halfHeight),
                turn(v, half, halfHeight));
    }

    private static byte[] turn(byte[] plane, int width, int height) {
        byte[] turned = new byte[plane.length];
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                turned[(width - 1 - column) * height + row] = plane[row * width + column];
            }
        }
        return turned;
    }

    /** Writes the planes into a frame of the same size. */
    void into(AVFrame frame) {
        put(y, frame, 0, width, height);
        put(u, frame, 1, (width + 1) / 2, (height + 1) / 2);
        put(v, frame, 2, (width + 1) / 2, (height + 1) / 2);
    }

    private static void put(byte[] plane, AVFrame frame, int index, int width, int height) {
        BytePointer to = frame.data(index);
        long stride = frame.linesize(index);
        for (int row = 0; row < height; row++) {
            to.position(row * stride).put(plane, row * width, width);
        }
    }
}
