package io.quickdrop.system.cluster;

import com.google.gson.JsonObject;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.RawHttp;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * People who give commands to one desktop, one after the other, at whichever instance, and ask again under the same key until
 * each was taken: nobody who asks so can lose one without noticing.
 *
 * <p>Safe on any thread.
 */
final class CommandStream implements AutoCloseable {
    private static final Duration NEVER_EXPIRES = Duration.ofHours(1);
    private static final long AGAIN_MILLIS = 200;
    /** The rest set the desktop's rate. */
    private static final int SCREENSHOT_ONE_IN = 6;

    private final String desktop;
    private final int monitors;
    private final Supplier<Door> doors;
    private final Random random;
    private final int count;
    private final long gapMillis;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Map<String, Integer> taken = new TreeMap<>();
    private final List<String> odd = new ArrayList<>();
    private final Thread thread;
    private final AtomicInteger refusals = new AtomicInteger();

    /**
     * Begins at once.
     *
     * @param monitors screenshots are asked of all of them in turn
     * @param doors where to ask next
     * @param count how many commands
     * @param gap between one that was taken and the next
     */
    CommandStream(String desktop, int monitors, Supplier<Door> doors, Random random, int count, Duration gap) {
        this.desktop = desktop;
        this.monitors = monitors;
        this.doors = doors;
        this.random = random;
        this.count = count;
        this.gapMillis = gap.toMillis();
        thread = new Thread(this::give, "commands-" + desktop);
        thread.setDaemon(true);
        thread.start();
    }

    /** Commands that were taken so far, and the monitor that each is about; -1 of one that is about none. */
    Map<String, Integer> taken() {
        synchronized (taken) {
            return Map.copyOf(taken);
        }
    }

    /** How many were taken so far. */
    int count() {
        synchronized (taken) {
            return taken.size();
        }
    }

    /** Answers that were none, or an error, and were followed by the same question. */
    int refusals() {
        return refusals.get();
    }

    /** Answers that should never be. */
    List<String> odd() {
        synchronized (taken) {
            return List.copyOf(odd);
        }
    }

    /** Whether all were taken. */
    boolean isDone() {
        return !thread.isAlive();
    }

    @Override
    public void close() {
        over.countDown();
    }

    private void give() {
        try {
            for (int n = 0; n < count && !over.await(gapMillis, TimeUnit.MILLISECONDS); n++) {
                boolean screenshot = random.nextInt(SCREENSHOT_ONE_IN) == 0;
                int monitor = screenshot ? n % monitors : -1;
                giveUntilTaken(screenshot ? "screenshot" : "config", monitor, "key-" + n);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void giveUntilTaken(String type, int monitor, String key) throws InterruptedException {
        JsonObject data = monitor < 0 ? new JsonObject() : Orders.screenshotOf(monitor);
        if (monitor < 0) {
            data.addProperty("fps", 1 + random.nextInt(30));
        }
        do {
            try {
                RawHttp.Answer answer = Orders.ask(doors.get(), desktop, type, data, key, NEVER_EXPIRES);
                if (answer.status() == 202 || answer.status() == 200) {
                    synchronized (taken) {
                        taken.put(Orders.id(answer), monitor);
                    }
                    return;
                }
                if (answer.status() != 503 && answer.status() != 429) {
                    synchronized (taken) {
                        odd.add(answer.status() + ": " + answer.text());
                    }
                }
            } catch (UncheckedIOException gone) {
                // a killed instance: asked again below, at another one
            }
            refusals.incrementAndGet();
        } while (!over.await(AGAIN_MILLIS, TimeUnit.MILLISECONDS));
    }
}
