package io.quickdrop.server.send;

import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.relay.driver.client.ForwardedEvents;
import io.quickdrop.websocket.Ending;

/** Notes how connections end: what a person has to be told depends on it. Safe on any thread. */
final class WatchedConnector implements Connector {
    private final Connector connector;
    private volatile Ending last = new Ending(0, "");

    WatchedConnector(Connector connector) {
        this.connector = connector;
    }

    /** How the last connection ended; code 0 if none has. */
    Ending last() {
        return last;
    }

    @Override
    public void connect(ConnectionEvents events) {
        connector.connect(new ForwardedEvents(events) {
            @Override
            public void closed(int code, String reason) {
                last = new Ending(code, reason);
                super.closed(code, reason);
            }
        });
    }
}
