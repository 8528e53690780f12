package io.quickdrop.agent.grab;

import io.quickdrop.agent.screens.Screen;
import io.quickdrop.agent.screens.ScreenFinder;
import java.util.zip.CRC32;

/** Reads the display of its environment through Robot and prints a checksum: AWT has one display per process. */
final class RobotProbe {
    private RobotProbe() {}

    public static void main(String[] arguments) throws Exception {
        Screen screen = new ScreenFinder().find().get(0);
        try (Grabber grabber = new RobotGrabber(screen)) {
            Pixels pixels = grabber.grab();
            CRC32 sum = new CRC32();
            for (int y = 0; y < pixels.height(); y++) {
                for (int x = 0; x < pixels.width(); x++) {
                    int rgb = pixels.rgb(x, y);
                    sum.update(rgb >> 16);
                    sum.update(rgb >> 8);
                    sum.update(rgb);
                }
            }
            System.out.println(pixels.width() + " x " + pixels.height() + " " + sum.getValue());
        }
    }
}
