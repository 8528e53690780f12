package io.quickdrop.agent.grab;

import io.quickdrop.agent.screens.Screen;
import java.awt.AWTException;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/**
 * Reads a monitor through {@link Robot}: several times as slow as FFmpeg's devices, but it needs nothing that a Java
 * runtime with windows does not have.
 */
final class RobotGrabber implements Grabber {
    private final Screen screen;
    private final Robot robot;
    private final Pixels pixels;

    RobotGrabber(Screen screen) throws GrabFailedException {
        this.screen = screen;
        this.pixels = Pixels.allocate(screen.width(), screen.height());
        try {
            this.robot = new Robot();
        } catch (AWTException | SecurityException e) {
            throw new GrabFailedException("This Java runtime may not read the screen: " + e.getMessage(), e);
        }
    }

    @Override
    public Pixels grab() {
        BufferedImage image =
                robot.createScreenCapture(new Rectangle(screen.x(), screen.y(), screen.width(), screen.height()));
        int[] colours = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        pixels.bytes().asIntBuffer().put(colours); // 0x00rrggbb, little-endian: blue first
        return pixels;
    }

    @Override
    public String name() {
        return "robot";
    }

    @Override
    public boolean showsPointer() {
        return false;
    }

    @Override
    public void close() {
        // nothing is held
    }
}
