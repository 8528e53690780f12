package io.quickdrop.examples.javawebsocket;

import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.Subprotocol;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.protocol.UploadMessage.Saved;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.ConnectionEvents;
import io.quickdrop.relay.driver.Connector;
import io.quickdrop.relay.driver.ThreadWorkers;
import io.quickdrop.relay.driver.UploadClient;
import io.quickdrop.relay.upload.SenderConfig;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.WebsocketNotConnectedException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.protocols.Protocol;

/**
 * Sends bytes over the Java-WebSocket client, connecting again as often as it takes. Short on purpose: the connector of
 * {@code quickdrop send} shows what else a careful client does.
 */
public final class UploadingClient implements Connector {
    private final URI endpoint;

    /** @param endpoint {@code ws://…} or {@code wss://…} */
    public UploadingClient(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** Sends a file: {@code UploadingClient ws://localhost:8080 FILE}. */
    public static void main(String[] args) throws Exception {
        byte[] bytes = Files.readAllBytes(Path.of(args[1]));
        try (ThreadWorkers workers = new ThreadWorkers()) {
            SessionId id = new SessionId("example-" + UUID.randomUUID());
            Description description = new Description(
                    "application/octet-stream", "bin", "example", System.currentTimeMillis(), (long) bytes.length);
            UploadClient client = new UploadClient(
                    id,
                    description,
                    SenderConfig.defaults(),
                    (offset, length) ->
                            ByteBuffer.wrap(bytes, (int) offset, length).slice(),
                    new UploadingClient(URI.create(args[0])),
                    workers,
                    new UploadClient.Listener() {});
            client.produced(bytes.length);
            client.ended(null);
            Saved saved = client.outcome().toCompletableFuture().get();
            System.out.println("saved as " + saved.fileName() + ", SHA-256 " + saved.sha256());
        }
    }

    @Override
    public void connect(ConnectionEvents events) {
        new Link(endpoint, events).connect();
    }

    /** One connection: what the library tells goes to the upload, what the upload orders goes to the library. */
    private static final class Link extends WebSocketClient {
        private final ConnectionEvents events;

        Link(URI endpoint, ConnectionEvents events) {
            super(endpoint, new Draft_6455(List.of(), List.of(new Protocol(Subprotocol.V2)), Limits.MAX_BINARY_BYTES));
            this.events = events;
            setConnectionLostTimeout(0); // the upload client finds a dead connection by itself
            setTcpNoDelay(true);
            setDaemon(true);
        }

        @Override
        public void onOpen(ServerHandshake handshake) {
            events.opened(new Order((WebSocketImpl) getConnection()));
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

    private record Order(WebSocketImpl socket) implements Connection {
        @Override
        public void sendText(String text) {
            ifOpen(() -> socket.send(text));
        }

        @Override
        public void sendBinary(ByteBuffer payload) {
            ifOpen(() -> socket.send(payload.duplicate()));
        }

        @Override
        public void sendPing() {
            ifOpen(socket::sendPing);
        }

        /** Without the one frame that the library's writer has in its hands. */
        @Override
        public long pendingBytes() {
            return socket.outQueue.stream().mapToLong(ByteBuffer::remaining).sum();
        }

        @Override
        public void pauseReading() {
            // a client is sent little: a few hundred bytes for each MiB
        }

        @Override
        public void resumeReading() {
            // as above
        }

        @Override
        public void close(int code, String reason) {
            socket.close(code == CloseCode.NO_SIGN_OF_LIFE.code() ? CloseFrame.ABNORMAL_CLOSE : code, reason);
        }

        private static void ifOpen(Runnable sending) {
            try {
                sending.run();
            } catch (WebsocketNotConnectedException ignored) {
                // closed meanwhile: onClose tells
            }
        }
    }
}
