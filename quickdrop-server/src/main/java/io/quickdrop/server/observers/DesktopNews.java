package io.quickdrop.server.observers;

import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.ObserverMessage;
import io.quickdrop.relay.driver.desktop.DesktopListener;
import java.util.List;
import java.util.function.Supplier;

/** Tells dashboards what happens to desktops. */
public final class DesktopNews implements DesktopListener {
    private final ObserverDesk desk;
    private final Supplier<List<DesktopClient>> waiting;

    /** @param waiting those that wait for approval */
    public DesktopNews(ObserverDesk desk, Supplier<List<DesktopClient>> waiting) {
        this.desk = desk;
        this.waiting = waiting;
    }

    @Override
    public void connected(DesktopClient desktop) {
        desk.tell(() -> new ObserverMessage.DesktopConnected(desktop));
    }

    @Override
    public void changed(DesktopClient desktop) {
        desk.tell(() -> new ObserverMessage.DesktopStatus(desktop));
    }

    /** Two may claim one name, and the message names nothing else: those that still wait under it are told again. */
    @Override
    public void disconnected(String clientId, boolean removed) {
        desk.tell(() -> new ObserverMessage.DesktopDisconnected(clientId, removed));
        if (removed) {
            waiting.get().stream()
                    .filter(desktop -> desktop.clientId().equals(clientId))
                    .forEach(this::connected);
        }
    }
}
