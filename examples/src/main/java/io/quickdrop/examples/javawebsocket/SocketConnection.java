package io.quickdrop.examples.javawebsocket;

import io.quickdrop.relay.driver.Connection;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.exceptions.WebsocketNotConnectedException;
import org.java_websocket.framing.CloseFrame;

/** A connection of Java-WebSocket's server, as the relay wants it. */
final class ServerConnection implements Connection {
    /** How long a peer has to read what is queued for it, the close frame included. */
    private static final int LINGER_SECONDS = 2;

    private final WebSocketImpl socket;

    ServerConnection(WebSocketImpl socket) {
        this.socket = socket;
    }

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

    /** The library's queue holds a buffer until the socket has taken all of it. */
    @Override
    public long pendingBytes() {
        return socket.outQueue.stream().mapToLong(ByteBuffer::remaining).sum();
    }

    @Override
    public void pauseReading() {
        ((PausableChannel) socket.getChannel()).pause();
    }

    @Override
    public void resumeReading() {
        ((PausableChannel) socket.getChannel()).resume();
    }

    /** The library closes the socket once its queue is empty, which is never if the peer doesn't read: so not later. */
    @Override
    public void close(int code, String reason) {
        socket.close(code, reason);
        CompletableFuture.delayedExecutor(LINGER_SECONDS, TimeUnit.SECONDS)
                .execute(() -> socket.closeConnection(CloseFrame.ABNORMAL_CLOSE, "the peer doesn't read"));
    }

    private static void ifOpen(Runnable sending) {
        try {
            sending.run();
        } catch (WebsocketNotConnectedException ignored) {
            // closed meanwhile: the relay is told by the server's onClose
        }
    }
}
