package io.quickdrop.agent.stream;

import io.quickdrop.agent.grab.Pixels;
import io.quickdrop.agent.screens.Screen;
import java.awt.AWTError;
import java.awt.HeadlessException;
import java.awt.MouseInfo;
import java.awt.Point;
import java.awt.PointerInfo;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Draws the mouse pointer into pictures that come without it, as a plain arrow: X11 keeps the pointer apart from the screen, and
 * its shape is told only by an extension that FFmpeg's build here lacks.
 */
final class Pointer {
    /** {@code #} is black, {@code o} is white, the tip is the upper left corner. */
    private static final String[] ARROW = {
        "#",
        "##",
        "#o#",
        "#oo#",
        "#ooo#",
        "#oooo#",
        "#ooooo#",
        "#oooooo#",
        "#ooooooo#",
        "#oooooooo#",
        "#ooooo#####",
        "#oo#oo#",
        "#o# #oo#",
        "##  #oo#",
        "#    #oo#",
        "     #oo#",
        "      ##"
    };

    private static final int BLACK = 0x000000;
    private static final int WHITE = 0xffffff;

    private final Supplier<Optional<Point>> position;

    /** At the real pointer's place. */
    Pointer() {
        this(Pointer::real);
    }

    /** @param position on the virtual screen; empty if there is no pointer */
    Pointer(Supplier<Optional<Point>> position) {
        this.position = position;
    }

    /** Draws it, if it is on this screen; returns whether it is. */
    boolean draw(Pixels pixels, Screen screen) {
        Optional<Point> found = position.get();
        if (found.isEmpty()) {
            return false;
        }
        int x0 = found.get().x - screen.x();
        int y0 = found.get().y - screen.y();
        if (x0 < 0 || y0 < 0 || x0 >= pixels.width() || y0 >= pixels.height()) {
            return false;
        }
        for (int row = 0; row < ARROW.length && y0 + row < pixels.height(); row++) {
            for (int column = 0; column < ARROW[row].length() && x0 + column < pixels.width(); column++) {
                char dot = ARROW[row].charAt(column);
                if (dot != ' ') {
                    pixels.bytes().putInt(pixels.offset(x0 + column, y0 + row), dot == '#' ? BLACK : WHITE);
                }
            }
        }
        return true;
    }

    private static Optional<Point> real() {
        try {
            PointerInfo info = MouseInfo.getPointerInfo();
            return info == null ? Optional.empty() : Optional.of(info.getLocation());
        } catch (HeadlessException | AWTError e) {
            return Optional.empty(); // no mouse to ask for: the pictures come without it
        }
    }
}
