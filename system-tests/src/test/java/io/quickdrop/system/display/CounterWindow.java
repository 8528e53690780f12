package io.quickdrop.system.display;

import io.quickdrop.system.display.XConnection.Area;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A window that counts up in blocks, and remembers when it drew each number: how old a picture of the screen is can be
 * read from the picture itself. A number is on the glass until the next one is, so ages are up to one period too high.
 */
public final class CounterWindow implements AutoCloseable {
    /** Width of the window, pixels. */
    public static final int WIDTH = BlockCode.WIDTH;
    /** Height of the window, pixels. */
    public static final int HEIGHT = BlockCode.HEIGHT;

    private static final int WHITE = 0xffffff;

    private final XConnection x;
    private final int left;
    private final int top;
    private final int window;
    private final List<Integer> brushes;
    private final AtomicLongArray drawnMicros = new AtomicLongArray(BlockCode.LIMIT);
    private final ScheduledExecutorService timer;
    private int next = 1;

    private CounterWindow(VirtualDisplay display, int left, int top) throws IOException {
        this.x = display.connect();
        this.left = left;
        this.top = top;
        window = x.window(new Area(left, top, WIDTH, HEIGHT), WHITE);
        brushes = List.of(x.brush(window, WHITE), x.brush(window, 0));
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "counter");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Counts there, from 1.
     *
     * @param periodMillis how long each number stays
     */
    public static CounterWindow on(VirtualDisplay display, int left, int top, long periodMillis) {
        try {
            CounterWindow counter = new CounterWindow(display, left, top);
            counter.timer.scheduleAtFixedRate(counter::draw, 0, periodMillis, TimeUnit.MILLISECONDS);
            return counter;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Left edge on the screen, pixels. */
    public int left() {
        return left;
    }

    /** Upper edge on the screen, pixels. */
    public int top() {
        return top;
    }

    /** When the number was on the glass, microseconds since 1970; empty if it never was. */
    public OptionalLong drawnMicros(int number) {
        long micros = drawnMicros.get(number);
        return micros == 0 ? OptionalLong.empty() : OptionalLong.of(micros);
    }

    /** The number in a picture of the whole screen; empty if it can't be read. */
    public OptionalInt read(Picture screen) {
        return BlockCode.read(screen, left, top);
    }

    /** Now, on the clock of {@link #drawnMicros}. */
    public static long nowMicros() {
        java.time.Instant now = java.time.Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    private void draw() {
        try {
            int number = next++ % BlockCode.LIMIT;
            // Before it is there: an age may be a little too high, never too low.
            drawnMicros.set(number, nowMicros());
            x.fill(window, brushes, List.of(BlockCode.white(number), BlockCode.black(number)));
        } catch (IOException gone) {
            timer.shutdown();
        }
    }

    /** Takes the window away. */
    @Override
    public void close() {
        timer.shutdownNow();
        x.close();
    }
}
