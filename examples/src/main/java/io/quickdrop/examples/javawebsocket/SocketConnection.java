package io.quickdrop.examples.javawebsocket;

import io.quickdrop.relay.driver.Connection;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.exceptions.WebsocketNotConnectedException;
import org.java_websocket.framing.CloseFrame;

/** A connection of Java-WebSocket, at either end, as the relay and its clients want it. */
final class SocketConnection implements Connection {
    /** How long a peer has to read what is queued for it, the close frame included. */
    private static final int LINGER_SECONDS = 2;
    /**
     * The library's queue has no bound. Pictures are only sent into a window, and answers are short, so a peer for whom more
     * than this piles up does not read.
     */
    private static final long MOST_PENDING_BYTES = 8L << 20;

    private final WebSocketImpl socket;

    SocketConnection(WebSocketImpl socket) {
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

    /** The server's queue holds a buffer until the socket has taken all of it; the client's writer has one in its hands. */
    @Override
    public long pendingBytes() {
        return socket.isClosed()
                ? 0
                : socket.outQueue.stream().mapToLong(ByteBuffer::remaining).sum();
    }

    @Override
    public void pauseReading() {
        if (socket.getChannel() instanceof PausableChannel channel) {
            channel.pause();
        } // else a client, which is sent little
    }

    @Override
    public void resumeReading() {
        if (socket.getChannel() instanceof PausableChannel channel) {
            channel.resume();
        }
    }

    /** The library closes the socket once its queue is empty, which is never if the peer doesn't read: so not later. */
    @Override
    public void close(int code, String reason) {
        socket.close(code, reason);
        CompletableFuture.delayedExecutor(LINGER_SECONDS, TimeUnit.SECONDS).execute(this::abort);
    }

    private void ifOpen(Runnable sending) {
        if (pendingBytes() > MOST_PENDING_BYTES) {
            abort();
            return;
        }
        try {
            sending.run();
        } catch (WebsocketNotConnectedException ignored) {
            // closed meanwhile: the library's onClose tells
        }
    }

    private void abort() {
        socket.closeConnection(CloseFrame.ABNORMAL_CLOSE, "the peer doesn't read");
    }
}
