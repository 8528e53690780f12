package io.quickdrop.server.observers;

import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.ObserverMessage;
import io.quickdrop.relay.driver.DesktopListener;
import java.util.function.UnaryOperator;

/** Tells dashboards what happens to desktops. */
public final class DesktopNews implements DesktopListener {
    private final ObserverDesk desk;
    private final UnaryOperator<DesktopClient> completed;

    /** @param completed adds what the relay doesn't know; called on the desk's own thread */
    public DesktopNews(ObserverDesk desk, UnaryOperator<DesktopClient> completed) {
        this.desk = desk;
        this.completed = completed;
    }

    @Override
    public void connected(DesktopClient desktop) {
        desk.tell(() -> new ObserverMessage.DesktopConnected(completed.apply(desktop)));
    }

    @Override
    public void changed(DesktopClient desktop) {
        desk.tell(() -> new ObserverMessage.DesktopStatus(completed.apply(desktop)));
    }

    @Override
    public void disconnected(String clientId, boolean removed) {
        desk.tell(() -> new ObserverMessage.DesktopDisconnected(clientId, removed));
    }
}
