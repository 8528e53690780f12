package io.quickdrop.system.display;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What people do at their desktops, by real programs. Each can be frozen in its middle and goes on later.
 *
 * <p>For one thread.
 */
public final class DesktopPrograms {
    /** Ten lines a second, as a build prints them, all different. */
    private static final String SCROLL = "i=0; while :; do i=$((i+1));"
            + " echo \"[$i] compiling module-$((i*7919%997)) into target/classes: $((i*104729%65521)) bytes, ok\";"
            + " sleep 0.1; done";
    /** A page of text that stays. */
    private static final String PAGE =
            "seq -f 'line %g of a page that nobody touches: the quick brown fox' 1 24;" + " exec sleep 100000";

    private static final String SENTENCE = "The quick brown fox jumps over the lazy dog, and types on and on. ";

    private final VirtualDisplay display;

    /** Programs that draw on this display. */
    public DesktopPrograms(VirtualDisplay display) {
        this.display = display;
    }

    /** Something that runs until it is closed. */
    public interface Running extends AutoCloseable {
        /** Stands still at once, in the middle of whatever it does. */
        void freeze();

        /** Goes on. */
        void thaw();

        /** Ends, and takes its window away. */
        @Override
        void close();
    }

    /** A terminal in which text scrolls, 10 lines a second. */
    public Running scrollingText(int x, int y) {
        return terminal(x, y, SCROLL);
    }

    /** A terminal full of text that stays. */
    public Running textAtRest(int x, int y) {
        return terminal(x, y, PAGE);
    }

    /** A terminal in which somebody types, 8 keys a second. */
    public Running typing(int x, int y) {
        Terminal terminal = (Terminal) terminal(x, y, "exec cat");
        try (XConnection keyboard = display.connect()) {
            keyboard.focus(terminal.window);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Process fingers = display.start("xdotool", "type", "--delay", "125", SENTENCE.repeat(40));
        return new Running() {
            @Override
            public void freeze() {
                signal("STOP", fingers);
            }

            @Override
            public void thaw() {
                signal("CONT", fingers);
            }

            @Override
            public void close() {
                end(fingers);
                terminal.close();
            }
        };
    }

    /** A terminal full of text whose window is dragged in a circle, 20 steps a second. */
    public Running movingWindow(int x, int y, int radius) {
        return new Dragged((Terminal) terminal(x, y, PAGE), x, y, radius);
    }

    /** A video that plays, 480 × 270 at 15 frames a second: every pixel moves, and has a colour of its own. */
    public Running video(int x, int y) {
        String name = "video" + System.nanoTime();
        Process player = display.start(
                "ffplay",
                "-loglevel",
                "quiet",
                "-an",
                "-noborder",
                "-left",
                Integer.toString(x),
                "-top",
                Integer.toString(y),
                "-window_title",
                name,
                "-f",
                "lavfi",
                "mandelbrot=size=480x270:rate=15");
        display.run("xdotool", "search", "--sync", "--onlyvisible", "--name", name);
        return new Plain(player);
    }

    private Running terminal(int x, int y, String script) {
        String name = "terminal" + System.nanoTime();
        Process xterm =
                display.start("xterm", "-T", name, "-geometry", "90x26+" + x + "+" + y, "-e", "sh", "-c", script);
        String window = display.run("xdotool", "search", "--sync", "--onlyvisible", "--name", name);
        return new Terminal(xterm, Integer.parseInt(window.strip().split("\\s+", -1)[0]));
    }

    private static void signal(String name, Process process) {
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (status != 0 && process.isAlive()) {
                throw new AssertionError("kill -" + name + " failed with status " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static void end(Process process) {
        process.destroyForcibly();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                throw new AssertionError("a program does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static class Plain implements Running {
        final Process process;

        Plain(Process process) {
            this.process = process;
        }

        @Override
        public void freeze() {
            signal("STOP", process);
        }

        @Override
        public void thaw() {
            signal("CONT", process);
        }

        @Override
        public void close() {
            end(process);
        }
    }

    private static final class Terminal extends Plain {
        final int window;

        Terminal(Process process, int window) {
            super(process);
            this.window = window;
        }
    }

    /** A window that goes round and round. */
    private final class Dragged implements Running {
        private static final int STEP_MILLIS = 50;
        private static final int STEPS_AROUND = 60;

        private final Terminal terminal;
        private final int x;
        private final int y;
        private final int radius;
        private final CountDownLatch over = new CountDownLatch(1);
        private final Thread hand = new Thread(this::drag, "dragging-hand");
        private volatile boolean frozen;

        Dragged(Terminal terminal, int x, int y, int radius) {
            this.terminal = terminal;
            this.x = x;
            this.y = y;
            this.radius = radius;
            hand.setDaemon(true);
            hand.start();
        }

        private void drag() {
            try (XConnection connection = display.connect()) {
                for (int step = 0; !over.await(STEP_MILLIS, TimeUnit.MILLISECONDS); step += frozen ? 0 : 1) {
                    double angle = 2 * Math.PI * step / STEPS_AROUND;
                    connection.move(terminal.window, (int) (x + radius + radius * Math.cos(angle)), (int)
                            (y + radius + radius * Math.sin(angle)));
                }
            } catch (IOException gone) {
                // the display has ended
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void freeze() {
            frozen = true;
        }

        @Override
        public void thaw() {
            frozen = false;
        }

        @Override
        public void close() {
            over.countDown();
            terminal.close();
        }
    }
}
