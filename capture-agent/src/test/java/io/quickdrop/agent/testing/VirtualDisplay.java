package io.quickdrop.agent.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** An X server of the test's own, which keeps the screen in memory. */
public final class VirtualDisplay implements AutoCloseable {
    private static final int XWD_COLOURS = 76;
    private static final int XWD_STRIDE = 48;
    private static final int XWD_COLOUR_BYTES = 12;

    private final Process server;
    private final Path memory;
    private final ByteBuffer pixels;
    private final int strideBytes;
    private final String name;
    private final List<Process> programs = new ArrayList<>();

    /** Starts a server with one screen; it chooses its number itself, so that tests can run side by side. */
    public VirtualDisplay(int width, int height) throws IOException {
        memory = Files.createTempDirectory("display");
        server = new ProcessBuilder(
                        "Xvfb",
                        "-displayfd",
                        "1",
                        "-screen",
                        "0",
                        width + "x" + height + "x24",
                        "-noreset",
                        "-nolisten",
                        "tcp",
                        "-fbdir",
                        memory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.US_ASCII));
        String number = out.readLine();
        if (number == null) {
            throw new IOException("Xvfb did not start");
        }
        name = ":" + number;
        Path screen = memory.resolve("Xvfb_screen0");
        long least = 4L * width * height; // the server tells its number a moment before it makes the file
        Awaitility.await().until(() -> Files.exists(screen) && Files.size(screen) > least);
        ByteBuffer file;
        try (FileChannel channel =
                FileChannel.open(memory.resolve("Xvfb_screen0"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            file = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
        }
        int start = file.getInt(0) + file.getInt(XWD_COLOURS) * XWD_COLOUR_BYTES;
        strideBytes = file.getInt(XWD_STRIDE);
        pixels = file.slice(start, file.capacity() - start).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Puts a colour, {@code 0xrrggbb}, straight into the server's memory of the screen. */
    public void draw(int x, int y, int rgb) {
        pixels.putInt(y * strideBytes + 4 * x, rgb);
    }

    /** The colour of a pixel in the server's memory. */
    public int rgb(int x, int y) {
        return pixels.getInt(y * strideBytes + 4 * x) & 0xffffff;
    }

    /** Gives the screen another resolution, as a person does in the settings; at most that of the start. */
    public void resize(int width, int height) throws IOException, InterruptedException {
        String mode = width + "x" + height;
        String columns = String.valueOf(width);
        String lines = String.valueOf(height);
        run("xrandr", "--newmode", mode, "10", columns, columns, columns, columns, lines, lines, lines, lines);
        run("xrandr", "--addmode", "screen", mode);
        run("xrandr", "--output", "screen", "--mode", mode);
    }

    /** What to put into DISPLAY. */
    public String name() {
        return name;
    }

    /** Runs a program on it to its end, and returns what it printed. */
    public String run(String... command) throws IOException, InterruptedException {
        Process process = builder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " failed: " + out);
        }
        return out;
    }

    /** Starts a program on it that is ended with the display. */
    public Process start(String... command) throws IOException {
        Process process = builder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        programs.add(process);
        return process;
    }

    /** A command that will see this display. */
    public ProcessBuilder builder(String... command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("DISPLAY", name);
        builder.environment().remove("WAYLAND_DISPLAY");
        builder.environment().remove("XDG_SESSION_TYPE");
        return builder;
    }

    @Override
    public void close() {
        Collections.reverse(programs);
        programs.forEach(Process::destroyForcibly);
        server.destroyForcibly();
        try {
            server.waitFor(10, TimeUnit.SECONDS);
            Files.deleteIfExists(memory.resolve("Xvfb_screen0"));
            Files.deleteIfExists(memory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
