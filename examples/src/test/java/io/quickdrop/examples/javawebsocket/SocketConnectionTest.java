package io.quickdrop.examples.javawebsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.Subprotocol;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.ConnectionContract;
import io.quickdrop.relay.testing.FramePeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocket;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SocketConnectionTest extends ConnectionContract {
    private final CompletableFuture<Connection> connection = new CompletableFuture<>();
    private @Nullable Server server;
    private @Nullable FramePeer frames;

    @Override
    protected Remote connect(Inbox local, Inbox remote) throws Exception {
        Server fresh = new Server(local);
        server = fresh;
        fresh.start();
        fresh.started.await();
        FramePeer peer = FramePeer.client(fresh.getPort(), Subprotocol.V2, heardBy(remote));
        frames = peer;
        return remote(peer);
    }

    private FramePeer peer() {
        if (frames == null) {
            throw new AssertionError("not connected");
        }
        return frames;
    }

    @Override
    protected Connection connection() throws Exception {
        return connection.get(10, TimeUnit.SECONDS);
    }

    @Override
    protected void stopTransport() throws Exception {
        if (server != null) {
            server.stop(1000);
        }
    }

    @Test
    void aPeerThatDoesNotReadIsDroppedBeforeTheLibrarysQueueGrows() throws Exception {
        peer().stopReading();
        Connection toPeer = connection();
        long most = 0;
        for (int i = 0; i < 1000; i++) {
            toPeer.sendBinary(ByteBuffer.allocate(64 << 10));
            most = Math.max(most, toPeer.pendingBytes());
        }
        assertThat(most).isLessThan((8 << 20) + (128 << 10));
        await().atMost(Duration.ofSeconds(10)).until(() -> toPeer.pendingBytes() == 0);
    }

    /** Tells an inbox what {@link RelayServer} tells a relay. */
    private final class Server extends WebSocketServer {
        private final Inbox inbox;
        private final CountDownLatch started = new CountDownLatch(1);

        Server(Inbox inbox) {
            super(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    List.of(new Draft_6455(List.of(), List.of(new Protocol(Subprotocol.V2)), Limits.MAX_BINARY_BYTES)));
            this.inbox = inbox;
            setConnectionLostTimeout(0);
            setDaemon(true);
            setWebSocketFactory(new PausableChannel.Factory());
        }

        @Override
        public void onStart() {
            started.countDown();
        }

        @Override
        public void onOpen(WebSocket socket, ClientHandshake handshake) {
            connection.complete(new SocketConnection((WebSocketImpl) socket));
        }

        @Override
        public void onMessage(WebSocket socket, String text) {
            inbox.text(text);
        }

        @Override
        public void onMessage(WebSocket socket, ByteBuffer message) {
            inbox.binary(message);
        }

        @Override
        public void onWebsocketPong(WebSocket socket, Framedata pong) {
            inbox.alive();
        }

        @Override
        public void onClose(WebSocket socket, int code, String reason, boolean remote) {
            inbox.closed(code);
        }

        @Override
        public void onError(@Nullable WebSocket socket, Exception error) {
            // the contract breaks connections on purpose
        }
    }
}
