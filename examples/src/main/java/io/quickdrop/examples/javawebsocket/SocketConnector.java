package io.quickdrop.examples.javawebsocket;

import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.Subprotocol;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.client.Connector;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.protocols.Protocol;

/**
 * Connects over the Java-WebSocket client: what the library tells goes to the events, what is ordered goes to the library.
 * Short on purpose: the connector of {@code quickdrop send} and of the agent shows what else a careful client does.
 */
final class SocketConnector implements Connector {
    private final URI endpoint;
    private final Map<String, String> headers;

    /**
     * Names the server; nothing is connected yet.
     *
     * @param endpoint {@code ws://…} or {@code wss://…}
     * @param headers of the upgrade request
     */
    SocketConnector(URI endpoint, Map<String, String> headers) {
        this.endpoint = endpoint;
        this.headers = Map.copyOf(headers);
    }

    @Override
    public void connect(ConnectionEvents events) {
        new Link(events).connect();
    }

    private final class Link extends WebSocketClient {
        private final ConnectionEvents events;

        Link(ConnectionEvents events) {
            super(
                    endpoint,
                    new Draft_6455(List.of(), List.of(new Protocol(Subprotocol.V2)), Limits.MAX_BINARY_BYTES),
                    headers);
            this.events = events;
            setConnectionLostTimeout(0); // the relay's clients find a dead connection by themselves
            setTcpNoDelay(true);
            setDaemon(true);
        }

        @Override
        public void onOpen(ServerHandshake handshake) {
            events.opened(new SocketConnection((WebSocketImpl) getConnection()));
        }

        @Override
        public void onMessage(String text) {
            events.text(text);
        }

        @Override
        public void onClose(int code, String reason, boolean remote) {
            events.closed(code < 0 ? CloseFrame.ABNORMAL_CLOSE : code, reason);
        }

        @Override
        public void onError(Exception error) {
            // onClose follows, or this was only a warning
        }
    }
}
