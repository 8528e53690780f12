package io.quickdrop.examples.javawebsocket;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.DesktopClient.Monitor;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.Tile;
import io.quickdrop.relay.desktop.agent.AgentView;
import io.quickdrop.relay.desktop.agent.CapturePlan;
import io.quickdrop.relay.driver.agent.Credentials;
import io.quickdrop.relay.driver.agent.Desktop;
import io.quickdrop.relay.driver.agent.DesktopAgent;
import io.quickdrop.relay.driver.agent.ScreenshotReply;
import io.quickdrop.relay.driver.agent.Turn;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.relay.driver.threads.Workers;
import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Shares a desktop that is only a picture, over the Java-WebSocket client: all that an app does beside capturing and
 * encoding. One thread draws and sends when the agent gives it a turn.
 */
public final class SharingClient implements Desktop, Credentials, AutoCloseable {
    private final String clientId;
    private final KeyPair keys;
    private final PictureDesktop picture = new PictureDesktop();
    private final Queue<ScreenshotReply> screenshots = new ConcurrentLinkedQueue<>();
    private final DesktopAgent agent;
    private final Thread capturing = new Thread(this::captureAll, "capture");
    private volatile Color ground = Color.BLUE;
    private volatile boolean closed;
    private int round;

    /**
     * Begins to connect and, when somebody looks, to send.
     *
     * @param endpoint {@code ws://…} or {@code wss://…}
     */
    public SharingClient(URI endpoint, String clientId, Workers workers) throws GeneralSecurityException {
        this.clientId = clientId;
        this.keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair(); // a real app keeps its key
        this.agent =
                new DesktopAgent(this, this, new SocketConnector(endpoint, Map.of("Authorization", "Agent")), workers);
        capturing.setDaemon(true);
        capturing.start();
    }

    /** Shares until the process ends: {@code SharingClient ws://localhost:8080 NAME}. */
    public static void main(String[] args) throws Exception {
        try (ThreadWorkers workers = new ThreadWorkers();
                SharingClient client = new SharingClient(URI.create(args[0]), args[1], workers)) {
            client.agent.outcome().toCompletableFuture().get(); // ends with what to check if the server won't have us
        }
    }

    /** Paints the ground from now on. */
    public void paint(Color color) {
        ground = color;
    }

    @Override
    public ClientInfo info() {
        Monitor monitor = new Monitor(0, "picture", 0, 0, PictureDesktop.WIDTH, PictureDesktop.HEIGHT, true);
        return new ClientInfo(
                ClientInfo.DESKTOP,
                clientId,
                clientId,
                null,
                List.of(monitor),
                List.of("jpeg"),
                List.of("screenshot", "config", "start_capture", "stop_capture"));
    }

    @Override
    public void plan(CapturePlan plan) {
        // the capturing thread asks for its turns; a real agent opens its grabbers here, and closes them
    }

    @Override
    public void screenshot(int screen, ScreenshotReply reply) {
        screenshots.add(reply);
    }

    @Override
    public void watchers(List<String> names) {
        System.out.println(names.isEmpty() ? "nobody watches" : "watched by " + String.join(", ", names));
    }

    @Override
    public void status(AgentView view) {
        if (!view.detail().isEmpty()) {
            System.out.println(view.state() + ": " + view.detail());
        }
    }

    @Override
    public byte[] publicKey() {
        return keys.getPublic().getEncoded();
    }

    @Override
    public byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(keys.getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no Ed25519", e);
        }
    }

    @Override
    public Optional<String> enrolmentCode() {
        return Optional.empty();
    }

    @Override
    public void close() {
        closed = true;
        agent.close();
        LockSupport.unpark(capturing);
    }

    private void captureAll() {
        while (!closed) {
            try {
                capture();
            } catch (IOException e) {
                throw new UncheckedIOException("a picture in memory can't be encoded", e);
            }
            LockSupport.parkNanos(agent.pace().interval().toNanos());
        }
    }

    private void capture() throws IOException {
        long micros = agent.nowMicros();
        picture.draw(ground, micros);
        Optional<Turn> tiles = agent.turn(0, Rendition.TILES);
        if (tiles.isPresent()) {
            send(
                    tiles.get(),
                    PictureDesktop.WIDTH,
                    picture.changedTiles(tiles.get().whole()),
                    micros);
        }
        Optional<Turn> whole = agent.turn(0, Rendition.WHOLE);
        if (whole.isPresent()) {
            send(whole.get(), PictureDesktop.WIDTH, List.of(picture.whole()), micros);
        }
        boolean isTime = round++ % (2 * agent.pace().fps()) == 0; // every two seconds
        Optional<Turn> small = isTime ? agent.turn(0, Rendition.THUMBNAIL) : Optional.empty();
        if (small.isPresent()) {
            send(small.get(), PictureDesktop.WIDTH / 2, List.of(picture.small()), micros);
        }
        for (ScreenshotReply reply = screenshots.poll(); reply != null; reply = screenshots.poll()) {
            reply.taken(PictureDesktop.WIDTH, PictureDesktop.HEIGHT, picture.png());
        }
    }

    private void send(Turn turn, int width, List<Tile> tiles, long micros) {
        if (tiles.isEmpty()) {
            turn.nothingChanged();
            return;
        }
        int height = PictureDesktop.HEIGHT * width / PictureDesktop.WIDTH;
        turn.send(PictureDesktop.capture(micros, agent.nowMicros() - micros, width, height, tiles));
    }
}
