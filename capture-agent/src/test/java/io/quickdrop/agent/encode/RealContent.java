package io.quickdrop.agent.encode;

import io.quickdrop.agent.grab.Grabber;
import io.quickdrop.agent.grab.Grabbers;
import io.quickdrop.agent.grab.Pixels;
import io.quickdrop.agent.screens.Screen;
import io.quickdrop.agent.testing.VirtualDisplay;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Pictures of real programs at work on a display of their own. */
final class RealContent {
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 720;
    private static final int FRAMES = 12;
    private static final long INTERVAL_MILLIS = 125;

    /** What goes on. */
    enum Workload {
        /** A terminal with hard-edged text, scrolling as fast as it can. */
        SCROLL,
        /** A terminal with smooth, coloured text, scrolling. */
        SMOOTH_SCROLL,
        /** Somebody types into a terminal. */
        TYPING,
        /** A video of 640 × 360 beside a terminal that rests. */
        VIDEO
    }

    private RealContent() {}

    /** Pictures one after the other, eight a second. */
    static List<Pixels> record(Workload workload) throws Exception {
        try (VirtualDisplay display = new VirtualDisplay(WIDTH, HEIGHT)) {
            String listing = "while :; do ls --color=always -l /usr/bin /usr/share /etc; sleep 0.05; done";
            switch (workload) {
                case SCROLL -> display.start("xterm", "-geometry", "210x54+0+0", "-e", "sh", "-c", listing);
                case SMOOTH_SCROLL ->
                    display.start(
                            "xterm",
                            "-fa",
                            "Monospace",
                            "-fs",
                            "10",
                            "-bg",
                            "white",
                            "-fg",
                            "black",
                            "-geometry",
                            "158x44+0+0",
                            "-e",
                            "sh",
                            "-c",
                            listing);
                case TYPING -> display.start("xterm", "-fa", "Monospace", "-fs", "10", "-geometry", "158x44+0+0");
                case VIDEO -> {
                    display.start("xterm", "-geometry", "210x54+0+0");
                    display.start(
                            "ffplay",
                            "-loglevel",
                            "quiet",
                            "-noborder",
                            "-left",
                            "300",
                            "-top",
                            "100",
                            "-f",
                            "lavfi",
                            "-i",
                            "mandelbrot=size=640x360:rate=15,noise=alls=8:allf=t");
                }
            }
            TimeUnit.SECONDS.sleep(3); // the programs draw their windows; this is no test
            List<Pixels> frames = new ArrayList<>();
            try (Grabber grabber =
                    new Grabbers(false, display.name()).open(new Screen(0, "bench", 0, 0, WIDTH, HEIGHT, true))) {
                for (int i = 0; i < FRAMES; i++) {
                    if (workload == Workload.TYPING) {
                        display.run("xdotool", "mousemove", "400", "300", "type", "quick " + i);
                    }
                    frames.add(copy(grabber.grab()));
                    TimeUnit.MILLISECONDS.sleep(INTERVAL_MILLIS);
                }
            }
            return frames;
        }
    }

    private static Pixels copy(Pixels grabbed) {
        Pixels copy = Pixels.allocate(grabbed.width(), grabbed.height());
        for (int y = 0; y < grabbed.height(); y++) {
            copy.bytes().put(copy.offset(0, y), grabbed.bytes(), grabbed.offset(0, y), 4 * grabbed.width());
        }
        return copy;
    }
}
