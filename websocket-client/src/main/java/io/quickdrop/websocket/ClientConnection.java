package io.quickdrop.websocket;

import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.exceptions.WebsocketNotConnectedException;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ServerHandshake;
import org.jspecify.annotations.Nullable;

/** One connection of {@link WebSocketConnector}, from the attempt to its end, over the Java-WebSocket client. */
final class ClientConnection implements Connection {
    /** How long the peer has to take the close frame, and what is queued before it. */
    private static final Duration LINGER = Duration.ofSeconds(2);
    /** RFC 6455 section 5.5: a control frame has 125 bytes, two of them are the code. */
    private static final int MAX_REASON_BYTES = 123;

    private final ConnectionEvents events;
    private final Consumer<ByteBuffer> binary;
    private final WireSocket socket;
    private final Client client;
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * Names the server; nothing is connected yet.
     *
     * @param headers of the upgrade request
     * @param checksHostName whether the certificate must name the host
     * @param maxBytes longest message that may come
     * @param binary takes binary messages
     */
    ClientConnection(
            URI endpoint,
            @Nullable SSLContext tls,
            Map<String, String> headers,
            boolean checksHostName,
            Duration timeout,
            int maxBytes,
            ConnectionEvents events,
            Consumer<ByteBuffer> binary) {
        this.events = events;
        this.binary = binary;
        this.socket = new WireSocket(withoutBrackets(endpoint.getHost()), tls, checksHostName);
        this.client = new Client(endpoint, headers, (int) timeout.toMillis(), maxBytes);
    }

    /** Begins to connect on a thread of its own. */
    void begin() {
        client.connect();
    }

    @Override
    public void sendText(String text) {
        try {
            client.send(text);
        } catch (WebsocketNotConnectedException ignored) {
            // closed: that is told by an event
        }
    }

    @Override
    public void sendBinary(ByteBuffer payload) {
        try {
            client.send(payload.duplicate());
        } catch (WebsocketNotConnectedException ignored) {
            // closed: that is told by an event
        }
    }

    @Override
    public void sendPing() {
        try {
            client.sendPing();
        } catch (WebsocketNotConnectedException ignored) {
            // closed: that is told by an event
        }
    }

    @Override
    public long pendingBytes() {
        return ended.get() ? 0 : socket.pendingBytes();
    }

    @Override
    public void pauseReading() {
        socket.pauseReading();
    }

    @Override
    public void resumeReading() {
        socket.resumeReading();
    }

    @Override
    public void close(int code, String reason) {
        client.close(code, cut(reason));
        // The library waits for the peer's answer for ever, and its writer for a peer that has stopped reading.
        CompletableFuture.delayedExecutor(LINGER.toMillis(), TimeUnit.MILLISECONDS)
                .execute(socket::abort);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java runtime has SHA-256", e);
        }
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** The longest beginning that fits into a close frame and ends between characters. */
    private static String cut(String reason) {
        String fitting = reason;
        while (fitting.getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
            fitting = fitting.substring(0, fitting.offsetByCodePoints(fitting.length(), -1));
        }
        return fitting;
    }

    /** Java-WebSocket's client, told to use our socket and to tell our events. */
    private final class Client extends WebSocketClient {
        private volatile boolean opened;
        private volatile @Nullable Exception failure;

        Client(URI endpoint, Map<String, String> headers, int timeoutMillis, int maxBytes) {
            super(endpoint, new MeteredDraft(socket::queued, maxBytes), headers, timeoutMillis);
            setSocketFactory(new OneSocket(socket));
            setDnsResolver(null); // the socket resolves, and tries every address
            setConnectionLostTimeout(0); // our own heartbeat does that
            setDaemon(true);
            setTcpNoDelay(true);
        }

        @Override
        public void onOpen(ServerHandshake handshake) {
            try {
                socket.established();
                socket.serverKey().ifPresent(key -> events.secured(sha256(key.getEncoded())));
            } catch (SocketException | SSLPeerUnverifiedException e) {
                failure = e; // it broke this instant: the reader is about to find out
            }
            opened = true;
            events.opened(ClientConnection.this);
        }

        @Override
        public void onMessage(String text) {
            events.text(text);
        }

        @Override
        public void onMessage(ByteBuffer message) {
            events.alive();
            binary.accept(message);
        }

        @Override
        public void onWebsocketPing(WebSocket connection, Framedata ping) {
            events.alive();
            try {
                super.onWebsocketPing(connection, ping);
            } catch (WebsocketNotConnectedException ignored) {
                // closing: nobody waits for the answer
            }
        }

        @Override
        public void onWebsocketPong(WebSocket connection, Framedata pong) {
            events.alive();
        }

        @Override
        public void onError(Exception error) {
            failure = error;
        }

        @Override
        public void onClose(int code, String reason, boolean remote) {
            if (ended.compareAndSet(false, true)) {
                Ending ending = Ending.of(opened, code, reason, failure);
                events.closed(ending.code(), ending.reason());
            }
            if (!opened) {
                socket.abort(); // the library has no writer yet that would close it
            }
        }
    }

    /** Java-WebSocket asks a factory for its socket, once. */
    private static final class OneSocket extends SocketFactory {
        private final Socket socket;

        OneSocket(Socket socket) {
            this.socket = socket;
        }

        @Override
        public Socket createSocket() {
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException("only an unconnected socket is made here");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            throw new UnsupportedOperationException("only an unconnected socket is made here");
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException("only an unconnected socket is made here");
        }

        @Override
        public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
            throw new UnsupportedOperationException("only an unconnected socket is made here");
        }
    }
}
