package io.quickdrop.system.cluster;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.system.display.Picture;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.peers.TestViewer;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A person who keeps looking at one desktop, as the watch page does: a stream that stopped is asked for again when the list
 * says that the desktop is there, and when the server is gone, the page is opened at another one.
 *
 * <p>Safe on any thread.
 */
final class Onlooker implements AutoCloseable {
    private final String desktop;
    private final Supplier<Door> doors;
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<String> faults = new ArrayList<>();
    private volatile @Nullable TestViewer viewer;
    private volatile boolean online;
    private volatile boolean wanting;
    private volatile long newestNanos;
    private volatile long epoch;
    private final AtomicLong frames = new AtomicLong();

    /**
     * Begins to look.
     *
     * @param doors where to open the page, asked at the beginning and whenever the server is gone
     */
    Onlooker(String desktop, Supplier<Door> doors) {
        this.desktop = desktop;
        this.doors = doors;
        Thread thread = new Thread(this::look, "onlooker-" + desktop);
        thread.setDaemon(true);
        thread.start();
    }

    /** When the newest picture came, by {@link System#nanoTime}; 0 before. */
    long newestNanos() {
        return newestNanos;
    }

    /** The registration that the newest picture is of. */
    long epoch() {
        return epoch;
    }

    /** Pictures so far. */
    long frames() {
        return frames.get();
    }

    /** What must not be: pictures of a registration that another one had followed. */
    List<String> faults() {
        synchronized (faults) {
            return List.copyOf(faults);
        }
    }

    /** Whether what is on the glass is exactly this. */
    boolean sees(Picture truth) {
        TestViewer present = viewer;
        return present != null && !present.isOver() && present.glass().differences(truth) == 0;
    }

    /** The page's connection as it is now; fails if there is none. */
    TestViewer viewer() {
        TestViewer present = viewer;
        if (present == null) {
            throw new AssertionError("the page is open nowhere");
        }
        return present;
    }

    @Override
    public void close() {
        over.countDown();
        TestViewer present = viewer;
        if (present != null) {
            present.close();
        }
    }

    private void look() {
        try {
            while (!over.await(50, TimeUnit.MILLISECONDS)) {
                TestViewer present = viewer;
                if (present == null || present.isOver()) {
                    open();
                } else if (online && wanting) {
                    wanting = false;
                    present.say("{\"type\":\"start_stream\",\"desktopClientId\":\"" + desktop
                            + "\",\"monitorId\":0,\"rendition\":0}");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void open() {
        online = false;
        wanting = true;
        try {
            TestViewer opened =
                    new TestViewer.Setup().ears(this::hear).eyes(this::see).connect(doors.get());
            opened.look(desktop);
            viewer = opened;
            opened.say("{\"type\":\"get_desktop_clients\"}");
        } catch (UncheckedIOException | AssertionError notThere) {
            viewer = null; // tried again in a moment
        }
    }

    private void hear(JsonObject message) {
        switch (message.get("type").getAsString()) {
            case "desktop_clients_list" -> {
                boolean found = false;
                for (JsonElement each : message.getAsJsonArray("clients")) {
                    JsonObject client = each.getAsJsonObject();
                    found |= client.get("clientId").getAsString().equals(desktop)
                            && client.get("state").getAsString().equals("online");
                }
                online = found;
            }
            case "stream_stopped" -> wanting = true;
            case "error" -> {
                wanting = true;
                online = false; // the next list says when to ask again
            }
            default -> {}
        }
    }

    private void see(FrameHeader last, Picture glass, long bytes) {
        synchronized (faults) {
            if (last.epoch() < epoch) {
                faults.add("a picture of registration " + last.epoch() + " came after one of " + epoch);
            }
            epoch = Math.max(epoch, last.epoch());
        }
        frames.incrementAndGet();
        newestNanos = System.nanoTime();
    }
}
