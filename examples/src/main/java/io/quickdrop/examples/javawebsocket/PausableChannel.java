package io.quickdrop.examples.javawebsocket;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.java_websocket.WebSocketAdapter;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.WebSocketServerFactory;
import org.java_websocket.drafts.Draft;

/**
 * A socket that can stop being read. Java-WebSocket has no call for that, and whenever it writes it asks its selector to
 * report readable bytes again; so here a read while paused yields nothing, and asks the selector not to report more.
 * Bytes then stay in the socket, and TCP slows the peer down.
 */
final class PausableChannel implements ByteChannel {
    /** Small: a picture that waits in the socket can't be replaced by a newer one any more. */
    private static final int SEND_BUFFER_BYTES = 64 << 10;

    private final SocketChannel socket;
    private final SelectionKey key;
    private boolean paused;

    PausableChannel(SocketChannel socket, SelectionKey key) {
        this.socket = socket;
        this.key = key;
    }

    synchronized void pause() {
        paused = true;
    }

    synchronized void resume() {
        paused = false;
        try {
            key.interestOpsOr(SelectionKey.OP_READ);
            key.selector().wakeup();
        } catch (CancelledKeyException ignored) {
            // closed meanwhile: there is nothing to read
        }
    }

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
        if (paused) {
            key.interestOpsAnd(~SelectionKey.OP_READ);
            return 0;
        }
        return socket.read(target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return socket.write(source);
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Puts this channel under every connection of a server. */
    static final class Factory implements WebSocketServerFactory {
        @Override
        public WebSocketImpl createWebSocket(WebSocketAdapter server, Draft draft) {
            return new WebSocketImpl(server, draft);
        }

        @Override
        public WebSocketImpl createWebSocket(WebSocketAdapter server, List<Draft> drafts) {
            return new WebSocketImpl(server, drafts);
        }

        @Override
        public ByteChannel wrapChannel(SocketChannel socket, SelectionKey key) throws IOException {
            socket.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES);
            return new PausableChannel(socket, key);
        }

        @Override
        public void close() {
            // holds nothing
        }
    }
}
