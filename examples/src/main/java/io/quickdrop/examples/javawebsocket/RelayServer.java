package io.quickdrop.examples.javawebsocket;

import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.Subprotocol;
import io.quickdrop.relay.driver.InMemoryRecordingStore;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.RelayConfig;
import io.quickdrop.relay.driver.RelayListener;
import io.quickdrop.relay.driver.SessionView;
import io.quickdrop.relay.driver.ThreadWorkers;
import io.quickdrop.relay.upload.SavedRecording;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.java_websocket.WebSocket;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/** Takes uploads on Java-WebSocket's own server. Every callback is one call of the relay's {@link Peer}. */
public final class UploadServer extends WebSocketServer {
    private static final System.Logger LOG = System.getLogger(UploadServer.class.getName());

    private final Relay relay;
    private final CountDownLatch started = new CountDownLatch(1);

    /**
     * Makes a server; {@link #start} starts it.
     *
     * @param address port 0 for any
     * @param relay where uploads go; close it before stopping the server, so that peers are told to come back
     */
    public UploadServer(InetSocketAddress address, Relay relay) {
        // Only our subprotocol, no compression, and frames of 1 MiB instead of the library's 2 GiB.
        super(
                address,
                List.of(new Draft_6455(List.of(), List.of(new Protocol(Subprotocol.V2)), Limits.MAX_BINARY_BYTES)));
        this.relay = relay;
        setConnectionLostTimeout(0); // the relay finds dead connections by itself
        setTcpNoDelay(true);
        setReuseAddr(true);
        setDaemon(true);
        setWebSocketFactory(new PausableChannel.Factory());
    }

    /** Serves until the process ends: {@code UploadServer [port]}, on this machine only, keeping uploads in memory. */
    public static void main(String[] args) throws Exception {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
        ThreadWorkers workers = new ThreadWorkers();
        // A real app brings a store that survives a power cut; everything else stays as it is.
        InMemoryRecordingStore store = new InMemoryRecordingStore(Clock.systemUTC());
        Relay relay = new Relay(
                RelayConfig.defaults("java-websocket-example"), store, workers, Clock.systemUTC(), new RelayListener() {
                    @Override
                    public void recordingSaved(SessionView session, SavedRecording saved) {
                        System.out.println("saved " + saved.fileName() + ": " + saved.bytes() + " bytes, SHA-256 "
                                + saved.sha256());
                    }
                });
        relay.restore();
        UploadServer server = new UploadServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), relay);
        server.start();
        System.out.println("taking uploads at ws://localhost:" + server.startedPort());
        new CountDownLatch(1).await();
    }

    /** Waits until connections are accepted, and says where. */
    public int startedPort() throws InterruptedException {
        started.await();
        return getPort();
    }

    @Override
    public void onStart() {
        started.countDown();
    }

    @Override
    public void onOpen(WebSocket socket, ClientHandshake handshake) {
        // A real app decides here who it is, for example by the Authorization header, and closes with 4401 if nobody.
        PeerIdentity identity = new PeerIdentity("anybody", true);
        Peer peer = relay.connected(new ServerConnection((WebSocketImpl) socket), identity);
        socket.setAttachment(peer);
        if (socket.isClosed()) {
            peer.closed(); // onClose ran on another thread, too early to know the peer
        }
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
        peer(socket).text(text);
    }

    @Override
    public void onMessage(WebSocket socket, ByteBuffer message) {
        peer(socket).binary(message, true);
    }

    @Override
    public void onWebsocketPong(WebSocket socket, Framedata pong) {
        peer(socket).alive();
    }

    @Override
    public void onWebsocketPing(WebSocket socket, Framedata ping) {
        super.onWebsocketPing(socket, ping);
        peer(socket).alive();
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
        LOG.log(System.Logger.Level.WARNING, "a connection failed", error);
        started.countDown(); // also when the port was taken
    }

    private static Peer peer(WebSocket socket) {
        return socket.getAttachment();
    }
}
