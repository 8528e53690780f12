package io.quickdrop.system.display;

import io.quickdrop.system.display.XConnection.Area;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A desktop without glass: Xvfb on a display of its own, in memory, with any number of monitors side by side.
 *
 * <p>Safe on any thread. Leaves no process behind, also when the tests' JVM is interrupted.
 */
public final class VirtualDisplay implements AutoCloseable {
    private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly), "no-display-left-behind"));
    }

    private final int width;
    private final int height;
    private final Process server;
    private final int number;
    private final XConnection eyes;
    private final List<Process> programs = new ArrayList<>();

    private VirtualDisplay(int width, int height, int monitors) throws IOException {
        this.width = width * monitors;
        this.height = height;
        // Xvfb finds a free number by itself, and tells it when it listens.
        server = new ProcessBuilder(
                        "Xvfb",
                        "-displayfd",
                        "1",
                        "-screen",
                        "0",
                        this.width + "x" + height + "x24",
                        "-nolisten",
                        "tcp",
                        "-noreset")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        keep(server);
        try {
            number = Integer.parseInt(firstLine(server));
            eyes = new XConnection(number);
            eyes.hidePointerAt(this.width - 1, height - 1);
            for (int i = 0; monitors > 1 && i < monitors; i++) {
                String place = width + "/300x" + height + "/200+" + i * width + "+0";
                run("xrandr", "--setmonitor", "V-" + (i + 1), place, i == 0 ? "screen" : "none");
            }
        } catch (IOException | RuntimeException | Error e) {
            server.destroyForcibly();
            throw e;
        }
    }

    /** One monitor of this size. */
    public static VirtualDisplay of(int width, int height) {
        return of(width, height, 1);
    }

    /** Some monitors of this size, side by side, the first at the left. */
    public static VirtualDisplay of(int width, int height, int monitors) {
        try {
            return new VirtualDisplay(width, height, monitors);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "no virtual display: the desktop tests need the packages 'xvfb' and 'x11-xserver-utils'", e);
        }
    }

    /** The value of {@code DISPLAY} for programs that shall draw on it, or look at it. */
    public String name() {
        return ":" + number;
    }

    /** Of all monitors together, pixels. */
    public int width() {
        return width;
    }

    /** Of all monitors together, pixels. */
    public int height() {
        return height;
    }

    /** What is on the glass of all monitors, without the mouse pointer. */
    public Picture picture() {
        return picture(0, 0, width, height);
    }

    /** What is on a part of the glass. */
    public synchronized Picture picture(int x, int y, int partWidth, int partHeight) {
        try {
            return Picture.ofBgrx(partWidth, partHeight, eyes.look(new Area(x, y, partWidth, partHeight)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a program that draws here; it ends with the display. */
    public Process start(String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("DISPLAY", name());
            builder.environment().put("SDL_AUDIODRIVER", "dummy");
            Process program = builder.start();
            keep(program);
            synchronized (programs) {
                programs.add(program);
            }
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException("the desktop tests need the program '" + command[0] + "'", e);
        }
    }

    /** Runs a program to its end. */
    public String run(String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("DISPLAY", name());
            Process program = builder.start();
            keep(program);
            String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (program.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException("the desktop tests need the program '" + command[0] + "'", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** A connection of its own, for a program of the tests. */
    XConnection connect() throws IOException {
        return new XConnection(number);
    }

    /** Ends the programs and the display. */
    @Override
    public void close() {
        eyes.close();
        synchronized (programs) {
            programs.forEach(Process::destroyForcibly);
        }
        server.destroy();
        try {
            if (!server.waitFor(5, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            server.destroyForcibly();
        }
    }

    private static void keep(Process process) {
        ALIVE.add(process);
        process.onExit().thenRun(() -> ALIVE.remove(process));
    }

    private static String firstLine(Process process) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        String line = reader.readLine();
        if (line == null) {
            throw new IOException("Xvfb ended before it listened");
        }
        return line.strip();
    }
}
