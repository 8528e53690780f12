package io.quickdrop.server.send;

import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.Subprotocol;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.InMemoryRecordingStore;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.RelayConfig;
import io.quickdrop.relay.driver.RelayListener;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.DefaultSSLWebSocketServerFactory;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/** A relay over a store in memory, behind Java-WebSocket's server on loopback. */
final class TestServer implements AutoCloseable {
    private final ThreadWorkers workers = new ThreadWorkers();
    private final Relay relay;
    private final Server server;

    /** @param token what clients must show; {@code null} for nothing */
    TestServer(InMemoryRecordingStore store, int port, @Nullable SSLContext tls, @Nullable String token)
            throws StorageException, InterruptedException {
        relay = new Relay(RelayConfig.defaults("test"), store, workers, Clock.systemUTC(), new RelayListener() {});
        relay.restore();
        server = new Server(port, tls, token);
        server.start();
        if (!server.started.await(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the test server does not start");
        }
    }

    static TestServer plain(InMemoryRecordingStore store) throws StorageException, InterruptedException {
        return new TestServer(store, 0, null, null);
    }

    int port() {
        return server.getPort();
    }

    /** The handshake of the last client. */
    ClientHandshake lastHandshake() {
        return java.util.Objects.requireNonNull(server.lastHandshake);
    }

    /** Ends every session as far as it came. */
    void keepPartial() {
        relay.sessions().forEach(session -> relay.keepPartial(session.id()));
    }

    @Override
    public void close() {
        relay.close();
        try {
            server.stop(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.close();
    }

    private final class Server extends WebSocketServer {
        private final @Nullable String token;
        private final CountDownLatch started = new CountDownLatch(1);
        private volatile @Nullable ClientHandshake lastHandshake;

        Server(int port, @Nullable SSLContext tls, @Nullable String token) {
            super(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    List.of(new Draft_6455(List.of(), List.of(new Protocol(Subprotocol.V2)), Limits.MAX_BINARY_BYTES)));
            this.token = token;
            setConnectionLostTimeout(0);
            setReuseAddr(true);
            setDaemon(true);
            if (tls != null) {
                setWebSocketFactory(new DefaultSSLWebSocketServerFactory(tls));
            }
        }

        @Override
        public void onStart() {
            started.countDown();
        }

        @Override
        public void onOpen(WebSocket socket, ClientHandshake handshake) {
            lastHandshake = handshake;
            if (token != null && !handshake.getFieldValue("Authorization").equals("Bearer " + token)) {
                socket.close(CloseCode.NOT_AUTHENTICATED.code(), "show a token");
                return;
            }
            socket.setAttachment(relay.connected(new Adapter(socket), new PeerIdentity("cli", true)));
        }

        @Override
        public void onMessage(WebSocket socket, String text) {
            @Nullable Peer peer = socket.getAttachment();
            if (peer != null) {
                peer.text(text);
            }
        }

        @Override
        public void onMessage(WebSocket socket, ByteBuffer message) {
            @Nullable Peer peer = socket.getAttachment();
            if (peer != null) {
                peer.binary(message, true);
            }
        }

        @Override
        public void onWebsocketPong(WebSocket socket, Framedata pong) {
            @Nullable Peer peer = socket.getAttachment();
            if (peer != null) {
                peer.alive();
            }
        }

        @Override
        public void onClose(WebSocket socket, int code, String reason, boolean remote) {
            @Nullable Peer peer = socket.getAttachment();
            if (peer != null) {
                peer.closed();
            }
        }

        @Override
        public void onError(@Nullable WebSocket socket, Exception error) {
            // tests break connections on purpose
        }
    }

    private record Adapter(WebSocket socket) implements Connection {
        @Override
        public void sendText(String text) {
            if (socket.isOpen()) {
                socket.send(text);
            }
        }

        @Override
        public void sendBinary(ByteBuffer payload) {
            if (socket.isOpen()) {
                socket.send(payload.duplicate());
            }
        }

        @Override
        public void sendPing() {
            if (socket.isOpen()) {
                socket.sendPing();
            }
        }

        @Override
        public long pendingBytes() {
            return 0;
        }

        @Override
        public void pauseReading() {
            // tests send less than would need it
        }

        @Override
        public void resumeReading() {
            // as above
        }

        @Override
        public void close(int code, String reason) {
            socket.close(code, reason);
        }
    }
}
