package io.quickdrop.websocket;

import io.quickdrop.protocol.Subprotocol;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.ConnectionContract;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.testing.FramePeer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

class ClientConnectionTest extends ConnectionContract {
    private final CompletableFuture<Connection> connection = new CompletableFuture<>();

    @Override
    protected Remote connect(Inbox local, Inbox remote) throws Exception {
        FramePeer peer;
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI endpoint = URI.create("ws://localhost:" + listening.getLocalPort() + "/ws");
            new ClientConnection(
                            endpoint, null, Map.of(), true, Duration.ofSeconds(10), 1 << 20, told(local), local::binary)
                    .begin();
            peer = FramePeer.server(listening.accept(), Subprotocol.V2, heardBy(remote));
        }
        return remote(peer);
    }

    @Override
    protected Connection connection() throws Exception {
        return connection.get(10, TimeUnit.SECONDS);
    }

    private ConnectionEvents told(Inbox inbox) {
        return new ConnectionEvents() {
            @Override
            public void opened(Connection opened) {
                connection.complete(opened);
            }

            @Override
            public void text(String text) {
                inbox.text(text);
            }

            @Override
            public void alive() {
                inbox.alive();
            }

            @Override
            public void closed(int code, String reason) {
                inbox.closed(code);
            }
        };
    }
}
