package io.quickdrop.system.display;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What was on a part of the screen in the last seconds, looked at again and again, each state once: a picture that
 * travelled is compared with the state that it was taken of.
 *
 * <p>One thread of its own; safe on any thread.
 */
public final class ScreenHistory implements AutoCloseable {
    /** Twice as often as any of {@link DesktopPrograms} draws. */
    private static final int PERIOD_MILLIS = 25;

    private static final int KEPT = 160;

    private final VirtualDisplay display;
    private final int x;
    private final int width;
    private final Deque<Picture> states = new ArrayDeque<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watch, "screen-history");

    /** A look at the past. */
    public record Match(double ssim, Picture truth) {}

    /** Of one monitor, which begins at this column and is as high as the display. */
    public ScreenHistory(VirtualDisplay display, int x, int width) {
        this.display = display;
        this.x = x;
        this.width = width;
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        try {
            do {
                Picture now = display.picture(x, 0, width, display.height());
                synchronized (states) {
                    if (states.isEmpty() || states.getLast().differences(now) > 0) {
                        states.addLast(now);
                    }
                    if (states.size() > KEPT) {
                        states.removeFirst();
                    }
                }
            } while (!over.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The state that this picture resembles most. */
    public Match best(Picture picture) {
        List<Picture> past;
        synchronized (states) {
            past = new ArrayList<>(states);
        }
        // A rough look at all of them, an exact one at the nearest: SSIM of a whole screen takes some 20 ms.
        past.sort(Comparator.comparingLong(state -> distance(state, picture)));
        Match best = new Match(-1, picture);
        for (Picture state : past.subList(0, Math.min(3, past.size()))) {
            double ssim = Ssim.of(picture, state);
            best = ssim > best.ssim ? new Match(ssim, state) : best;
        }
        return best;
    }

    /** How many different states are remembered. */
    public int states() {
        synchronized (states) {
            return states.size();
        }
    }

    private static long distance(Picture a, Picture b) {
        long sum = 0;
        for (int i = 0; i < a.pixels().length; i += 5) {
            sum += Math.abs((a.pixels()[i] >> 8 & 255) - (b.pixels()[i] >> 8 & 255));
        }
        return sum;
    }

    @Override
    public void close() {
        over.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
