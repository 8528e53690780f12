package io.quickdrop.relay.driver.desktop;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.threads.DeadlineTimer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells the registry, all at once and at even times, which desktops are connected here, and drops those that are another
 * registration's by now. While the registry can't be reached nobody is dropped: who is whose is decided when it answers.
 * Safe on any thread.
 */
final class DesktopHeartbeats {
    private static final System.Logger LOG = System.getLogger(DesktopHeartbeats.class.getName());

    private final DesktopRelay relay;
    private final DeadlineTimer timer;
    private final AtomicBoolean underWay = new AtomicBoolean();
    /** Who left while the registry could not be told. */
    private final Map<String, Long> unsaid = new ConcurrentHashMap<>();

    private boolean stopped;

    DesktopHeartbeats(DesktopRelay relay) {
        this.relay = relay;
        this.timer = new DeadlineTimer(relay.workers(), this::beat);
    }

    /** There is somebody to tell of. */
    synchronized void wanted() {
        if (!stopped) {
            timer.arm(Optional.of(relay.workers().now().plus(relay.config().seenEvery())));
        }
    }

    /** That it left is told with the next heartbeat. */
    void leftLater(String clientId, long epoch) {
        unsaid.merge(clientId, epoch, Math::max);
        wanted();
    }

    synchronized void stop() {
        stopped = true;
        timer.cancel();
    }

    private void beat() {
        Map<String, Long> present = relay.served();
        if (present.isEmpty() && unsaid.isEmpty()) {
            return;
        }
        wanted();
        if (underWay.compareAndSet(false, true)) { // one that hangs is not joined by others
            relay.blocking().execute(() -> {
                try {
                    tell(present);
                } catch (StorageException | RuntimeException failure) {
                    LOG.log(System.Logger.Level.WARNING, "which desktops are connected was not stored", failure);
                } finally {
                    underWay.set(false);
                }
            });
        }
    }

    private void tell(Map<String, Long> present) throws StorageException {
        for (Map.Entry<String, Long> gone : Map.copyOf(unsaid).entrySet()) {
            relay.registry().left(gone.getKey(), gone.getValue());
            unsaid.remove(gone.getKey(), gone.getValue());
        }
        if (present.isEmpty()) {
            return;
        }
        for (String fenced : relay.registry().seen(present)) {
            Long epoch = present.get(fenced);
            if (epoch != null) {
                relay.fenced(fenced, epoch);
            }
        }
    }
}
