package io.quickdrop.system.display;

import io.quickdrop.system.display.XConnection.Area;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A number as black and white blocks that any codec leaves readable: two rows of 16 blocks, {@value #BLOCK} pixels each,
 * in a white frame. Of the 32 bits, 20 are the number and 12 a checksum of it, by which a picture that mixes two numbers
 * is told from a whole one. White is one.
 */
final class BlockCode {
    /** Side of a block: as a JPEG's own blocks are 8, or 16 with colours at half size. */
    static final int BLOCK = 16;

    private static final int COLUMNS = 16;
    private static final int ROWS = 2;
    private static final int NUMBER_BITS = 20;
    /** White around it all, so that a black picture is no number. */
    private static final int FRAME = BLOCK;

    static final int WIDTH = COLUMNS * BLOCK + 2 * FRAME;
    static final int HEIGHT = ROWS * BLOCK + 2 * FRAME;
    /** The next number that can't be shown. */
    static final int LIMIT = 1 << NUMBER_BITS;

    private BlockCode() {}

    /** The areas that are white for this number; all else is black. The frame is always white. */
    static List<Area> white(int number) {
        int bits = code(number);
        List<Area> areas = new ArrayList<>();
        for (int i = 0; i < COLUMNS * ROWS; i++) {
            if ((bits >> i & 1) == 1) {
                areas.add(block(i));
            }
        }
        return areas;
    }

    /** The areas that are black for this number. */
    static List<Area> black(int number) {
        int bits = code(number);
        List<Area> areas = new ArrayList<>();
        for (int i = 0; i < COLUMNS * ROWS; i++) {
            if ((bits >> i & 1) == 0) {
                areas.add(block(i));
            }
        }
        return areas;
    }

    /** The number shown at this place; empty where there is none, or two half ones. */
    static OptionalInt read(Picture picture, int left, int top) {
        if (left + WIDTH > picture.width() || top + HEIGHT > picture.height() || !hasFrame(picture, left, top)) {
            return OptionalInt.empty();
        }
        int bits = 0;
        for (int i = 0; i < COLUMNS * ROWS; i++) {
            Area block = block(i);
            // The middle of a block: its edges ring.
            int sum = 0;
            for (int y = BLOCK / 4; y < BLOCK * 3 / 4; y++) {
                for (int x = BLOCK / 4; x < BLOCK * 3 / 4; x++) {
                    sum += picture.luma(left + block.x() + x, top + block.y() + y);
                }
            }
            bits |= (sum > 128 * BLOCK * BLOCK / 4 ? 1 : 0) << i;
        }
        int number = bits & LIMIT - 1;
        return code(number) == bits ? OptionalInt.of(number) : OptionalInt.empty();
    }

    private static boolean hasFrame(Picture picture, int left, int top) {
        int middle = FRAME / 2;
        return picture.luma(left + middle, top + middle) > 128
                && picture.luma(left + WIDTH - middle, top + middle) > 128
                && picture.luma(left + middle, top + HEIGHT - middle) > 128
                && picture.luma(left + WIDTH - middle, top + HEIGHT - middle) > 128;
    }

    private static Area block(int i) {
        return new Area(FRAME + i % COLUMNS * BLOCK, FRAME + i / COLUMNS * BLOCK, BLOCK, BLOCK);
    }

    /** The number, and above it the checksum: the top 12 bits of a product with the golden ratio, which all 20 reach. */
    static int code(int number) {
        return number | ((number * 0x9e3779b1) >>> NUMBER_BITS) << NUMBER_BITS;
    }
}
