package io.quickdrop.server.cluster;

import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.websocket.WebSocketConnector;
import java.net.URI;

/**
 * Opens WebSocket connections of protocol v2 to another instance, as an instance. The token is made anew for each, since it
 * is good for minutes. Safe on any thread.
 */
public final class InstanceConnector implements Connector {
    private final Member to;
    private final InstanceToken token;

    /** @param to as the store has it now: its address and pin */
    public InstanceConnector(Member to, InstanceToken token) {
        this.to = to;
        this.token = token;
    }

    @Override
    public void connect(ConnectionEvents events) {
        URI endpoint = URI.create("wss" + to.url().substring("https".length()) + "/ws");
        WebSocketConnector.forInstance(endpoint, PinnedTls.context(to.pin()), token.header(to.id()))
                .connect(events);
    }
}
