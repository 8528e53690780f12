package io.quickdrop.server.cluster;

import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.server.access.DeviceName;
import io.quickdrop.websocket.PinnedTrust;
import io.quickdrop.websocket.ServerPin;
import io.quickdrop.websocket.WebSocketConnector;
import java.net.URI;
import java.util.Map;

/**
 * Opens WebSocket connections of protocol v2 to another instance, as an instance. The token is made anew for each, since it
 * is good for minutes. Safe on any thread.
 */
public final class InstanceConnector implements Connector {
    private final Member to;
    private final InstanceToken token;
    private final Map<String, String> headers;

    /** @param to as the store has it now: its address and pin */
    public InstanceConnector(Member to, InstanceToken token) {
        this(to, token, Map.of());
    }

    private InstanceConnector(Member to, InstanceToken token, Map<String, String> headers) {
        this.to = to;
        this.token = token;
        this.headers = headers;
    }

    /** In the name of a device that has shown its key here: the other one treats it as if the device had come itself. */
    public InstanceConnector inNameOf(String device) {
        return new InstanceConnector(to, token, Map.of(DeviceName.HEADER, device));
    }

    @Override
    public void connect(ConnectionEvents events) {
        URI endpoint = URI.create("wss" + to.url().substring("https".length()) + "/ws");
        WebSocketConnector.forInstance(
                        endpoint, new PinnedTrust(new ServerPin(to.pin())).context(), token.header(to.id()), headers)
                .connect(events);
    }
}
