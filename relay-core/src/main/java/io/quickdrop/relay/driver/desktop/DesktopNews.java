package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.ViewerMessage.DesktopClientsList;
import io.quickdrop.relay.driver.threads.DeadlineTimer;
import io.quickdrop.relay.driver.threads.SerialInbox;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells the listener and those who asked for the list what happens to desktops: at once where one comes or goes, and
 * coalesced where something about it changed. Safe on any thread.
 */
final class DesktopNews {
    private static final System.Logger LOG = System.getLogger(DesktopNews.class.getName());

    private final DesktopRelay relay;
    private final DesktopListener listener;
    private final SerialInbox<Runnable> inbox;
    private final DeadlineTimer timer;
    private final Set<ViewerVoice> subscribers = new LinkedHashSet<>();
    /** Desktops that changed, and when the listener is to be told. */
    private final Map<String, Instant> due = new HashMap<>();

    private final Map<String, Instant> toldAt = new HashMap<>();
    private @Nullable Instant listDue;
    private Instant listedAt = Instant.MIN;

    DesktopNews(DesktopRelay relay, DesktopListener listener) {
        this.relay = relay;
        this.listener = listener;
        this.inbox = new SerialInbox<>(relay.workers().machines(), this::run);
        this.timer = new DeadlineTimer(relay.workers(), () -> inbox.add(this::flush));
    }

    /** A desktop registered, or asks to be enrolled. */
    void connected(DesktopClient desktop) {
        inbox.add(() -> {
            due.remove(desktop.clientId());
            if (desktop.state().equals(DesktopClient.ONLINE)) {
                toldAt.put(desktop.clientId(), now());
            }
            listener.connected(desktop);
            listSoon();
        });
    }

    void disconnected(String clientId, boolean removed) {
        inbox.add(() -> {
            due.remove(clientId);
            toldAt.remove(clientId);
            listener.disconnected(clientId, removed);
            listSoon();
        });
    }

    /** Something about a registered desktop changed. */
    void changed(String clientId) {
        inbox.add(() -> {
            Instant told = toldAt.get(clientId);
            if (told != null) { // else nobody was told yet that it is there
                due.putIfAbsent(clientId, told.plus(relay.config().statusEvery()));
            }
            listSoon();
        });
    }

    /** Sends the list, and from now on a new one when it changed. */
    void subscribe(ViewerVoice viewer) {
        inbox.add(() -> {
            subscribers.add(viewer);
            viewer.tell(new DesktopClientsList(relay.list()));
        });
    }

    void unsubscribe(ViewerVoice viewer) {
        inbox.add(() -> subscribers.remove(viewer));
    }

    void shutDown() {
        inbox.add(() -> {
            subscribers.clear();
            due.clear();
            timer.cancel();
        });
    }

    private void listSoon() {
        if (listDue == null && !subscribers.isEmpty()) {
            listDue = listedAt.equals(Instant.MIN)
                    ? now()
                    : listedAt.plus(relay.config().listEvery());
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
            flushDue();
        } catch (RuntimeException thrown) {
            LOG.log(System.Logger.Level.ERROR, "the desktop listener threw", thrown);
        }
        Optional<Instant> next = due.values().stream().min(Instant::compareTo);
        Instant list = listDue;
        timer.arm(list == null || next.filter(time -> time.isBefore(list)).isPresent() ? next : Optional.of(list));
    }

    /** The timer's task: everything that is due is told behind every task. */
    private void flush() {}

    private void flushDue() {
        Instant now = now();
        Instant list = listDue;
        if (list != null && !now.isBefore(list)) {
            listDue = null;
            listedAt = now;
            DesktopClientsList message = new DesktopClientsList(relay.list());
            subscribers.forEach(viewer -> viewer.tell(message));
        }
        for (String clientId : Set.copyOf(due.keySet())) {
            Instant at = due.get(clientId);
            if (at != null && !now.isBefore(at)) {
                due.remove(clientId);
                toldAt.put(clientId, now);
                relay.directory().find(clientId).ifPresent(listener::changed);
            }
        }
    }

    private Instant now() {
        return relay.workers().now();
    }
}
