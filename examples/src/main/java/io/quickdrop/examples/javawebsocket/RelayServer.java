package io.quickdrop.examples.javawebsocket;

import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.Subprotocol;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.InMemoryRecordingStore;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.RelayConfig;
import io.quickdrop.relay.driver.RelayListener;
import io.quickdrop.relay.driver.SessionView;
import io.quickdrop.relay.driver.desktop.DesktopConfig;
import io.quickdrop.relay.driver.desktop.DesktopGate;
import io.quickdrop.relay.driver.desktop.DesktopListener;
import io.quickdrop.relay.driver.desktop.DesktopRelay;
import io.quickdrop.relay.driver.desktop.InMemoryDesktopRegistry;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.relay.upload.SavedRecording;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.java_websocket.WebSocket;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshakeBuilder;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/**
 * A small relay on Java-WebSocket's own server: takes uploads, and shows desktops to those who watch. Every callback is one
 * call of the relay's {@link Peer}.
 */
public final class RelayServer extends WebSocketServer {
    private static final System.Logger LOG = System.getLogger(RelayServer.class.getName());

    private final Relay relay;
    private final DesktopRelay desktops;
    private final CountDownLatch started = new CountDownLatch(1);

    /**
     * Makes a server; {@link #start} starts it.
     *
     * @param address port 0 for any
     * @param relay where uploads go; close it before stopping the server, so that peers are told to come back
     * @param desktops where pictures go
     */
    public RelayServer(InetSocketAddress address, Relay relay, DesktopRelay desktops) {
        // Only our subprotocol, no compression, and frames of 1 MiB instead of the library's 2 GiB.
        super(
                address,
                List.of(new Draft_6455(List.of(), List.of(new Protocol(Subprotocol.V2)), Limits.MAX_BINARY_BYTES)));
        this.relay = relay;
        this.desktops = desktops;
        setConnectionLostTimeout(0); // the relay finds dead connections by itself
        setTcpNoDelay(true);
        setReuseAddr(true);
        setDaemon(true);
        setWebSocketFactory(new PausableChannel.Factory());
    }

    /** Serves until the process ends: {@code RelayServer [port]}, on this machine only, keeping everything in memory. */
    public static void main(String[] args) throws Exception {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
        ThreadWorkers workers = new ThreadWorkers();
        // A real app brings a store and a registry that survive a power cut; everything else stays as it is.
        InMemoryRecordingStore store = new InMemoryRecordingStore(Clock.systemUTC());
        Relay relay = new Relay(
                RelayConfig.defaults("java-websocket-example"), store, workers, Clock.systemUTC(), new RelayListener() {
                    @Override
                    public void recordingSaved(SessionView session, SavedRecording saved) {
                        System.out.println("saved " + saved.fileName() + ": " + saved.bytes() + " bytes, SHA-256 "
                                + saved.sha256());
                    }
                });
        // A real app lets only desktops in whose key it knows: that is its DesktopGate.
        DesktopRelay desktops = new DesktopRelay(
                DesktopConfig.defaults(),
                relay,
                new InMemoryDesktopRegistry(),
                DesktopGate.open(),
                Clock.systemUTC(),
                new DesktopListener() {
                    @Override
                    public void connected(DesktopClient desktop) {
                        System.out.println("desktop " + desktop.clientId() + " is " + desktop.state());
                    }
                });
        relay.restore();
        desktops.restore();
        RelayServer server =
                new RelayServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), relay, desktops);
        server.start();
        System.out.println("serving at ws://localhost:" + server.startedPort());
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

    /** Browsers tell which page asks. Ours would come from here; any other has no business with screens. */
    @Override
    public ServerHandshakeBuilder onWebsocketHandshakeReceivedAsServer(
            WebSocket socket, Draft draft, ClientHandshake request) throws InvalidDataException {
        String origin = request.getFieldValue("Origin");
        if (!origin.isEmpty() && !origin.equals("http://" + request.getFieldValue("Host"))) {
            throw new InvalidDataException(CloseFrame.REFUSE, "found origin " + origin + "; allowed is this server");
        }
        return super.onWebsocketHandshakeReceivedAsServer(socket, draft, request);
    }

    @Override
    public void onOpen(WebSocket socket, ClientHandshake handshake) {
        // A real app decides here who it is, for example by the Authorization header, and closes with 4401 if nobody.
        Connection connection = new SocketConnection((WebSocketImpl) socket);
        Peer peer = handshake.getFieldValue("Authorization").equals("Agent")
                ? desktops.agentConnected(connection, new PeerIdentity("an agent", false))
                : relay.connected(
                        connection,
                        new PeerIdentity("anybody", true),
                        Generation.V2,
                        desktops.viewer("somebody on this machine", true));
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
