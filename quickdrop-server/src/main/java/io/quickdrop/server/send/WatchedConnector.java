package io.quickdrop.server.send;

import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.client.Connector;
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
        connector.connect(new ConnectionEvents() {
            @Override
            public void opened(Connection connection) {
                events.opened(connection);
            }

            @Override
            public void text(String text) {
                events.text(text);
            }

            @Override
            public void alive() {
                events.alive();
            }

            @Override
            public void closed(int code, String reason) {
                last = new Ending(code, reason);
                events.closed(code, reason);
            }
        });
    }
}
