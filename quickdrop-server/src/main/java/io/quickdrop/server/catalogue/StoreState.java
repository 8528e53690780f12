package io.quickdrop.server.catalogue;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether the store answers, as the store's own calls and its watch have found. Safe on any thread.
 */
public final class StoreState {
    private static final Logger LOG = System.getLogger(StoreState.class.getName());

    /**
     * What is known.
     *
     * @param up whether the store answers
     * @param since when it became so, by this process's clock
     * @param detail what failed, for people; {@code null} while it is up. Without secrets
     */
    public record Status(boolean up, Instant since, @Nullable String detail) {}

    private final InstantSource time;
    private final List<Consumer<Status>> listeners = new CopyOnWriteArrayList<>();
    private volatile Status status;

    StoreState(InstantSource time) {
        this.time = time;
        status = new Status(true, time.instant(), null);
    }

    /** As of now. */
    public Status status() {
        return status;
    }

    /**
     * Has the listener told of every change between up and down.
     *
     * @param listener called by whoever found out, one change after the other; must not block, and must not call the store
     */
    public Subscription listen(Consumer<Status> listener) {
        // An object each, so that the same listener may listen twice and stop once.
        Consumer<Status> own = told -> listener.accept(told);
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    /** The store answered. */
    void up() {
        if (!status.up()) {
            become(true, null);
        }
    }

    /** The store did not; {@code detail} without secrets. */
    void down(String detail) {
        if (status.up()) {
            become(false, detail);
        }
    }

    private synchronized void become(boolean up, @Nullable String detail) {
        if (status.up() == up) {
            return;
        }
        Status next = new Status(up, time.instant(), detail);
        status = next;
        LOG.log(up ? Level.INFO : Level.WARNING, up ? "the store answers again" : "the store is down: " + detail);
        for (Consumer<Status> listener : listeners) {
            try {
                listener.accept(next);
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "a listener failed on the store's state", e);
            }
        }
    }
}
