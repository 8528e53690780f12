package io.quickdrop.bench.fanout;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.Tile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A desktop that sends frames of noise, of one size, when it is told to. */
final class PictureSource implements Load.Client {
    /** About what a 128-pixel tile of a desktop takes as JPEG. */
    private static final int TILE_BYTES = 4_000;

    private static final int GRID = 10;
    private static final int TILE_PIXELS = 128;

    private final boolean relay;
    private final String clientId;
    private final List<Tile> tiles;
    private final CompletableFuture<Load.Socket> registered = new CompletableFuture<>();
    private final CountDownLatch wanted = new CountDownLatch(1);
    private volatile long epoch;
    private volatile long handle;
    private long frameNumber;

    /** @param frameBytes of pictures in each frame; a multiple of 4,000 */
    PictureSource(boolean relay, String clientId, int frameBytes) {
        this.relay = relay;
        this.clientId = clientId;
        Random random = new Random(1);
        List<Tile> noise = new ArrayList<>();
        for (int i = 0; i < frameBytes / TILE_BYTES; i++) {
            byte[] bytes = new byte[TILE_BYTES];
            random.nextBytes(bytes);
            noise.add(new Tile(
                    TILE_PIXELS * (i % GRID),
                    TILE_PIXELS * (i / GRID),
                    TILE_PIXELS,
                    TILE_PIXELS,
                    ByteBuffer.wrap(bytes)));
        }
        this.tiles = List.copyOf(noise);
    }

    /** What a source says of itself. */
    static AgentMessage.ClientInfo info(String clientId) {
        int size = TILE_PIXELS * GRID;
        return new AgentMessage.ClientInfo(
                AgentMessage.ClientInfo.DESKTOP,
                clientId,
                "benchmark",
                "localhost",
                List.of(new DesktopClient.Monitor(0, "noise", 0, 0, size, size, true)),
                List.of("jpeg"),
                List.of());
    }

    /** Completes when frames may be sent. */
    CompletableFuture<Load.Socket> registered() {
        return registered;
    }

    /** Opens when somebody looks: what is sent before is shown to nobody. */
    CountDownLatch wanted() {
        return wanted;
    }

    int tiles() {
        return tiles.size();
    }

    /** Sends one more frame. */
    void sendFrame(Load.Socket socket) {
        frameNumber++;
        FrameHeader header = new FrameHeader(
                PictureCodec.JPEG,
                FrameHeader.FLAG_TILES | FrameHeader.FLAG_LAST_PART,
                0,
                epoch,
                frameNumber,
                0,
                System.nanoTime() / 1000,
                0,
                TILE_PIXELS * GRID,
                TILE_PIXELS * GRID,
                Rendition.TILES,
                75,
                tiles.size(),
                handle);
        socket.binary(new Frame(header, tiles).encode());
    }

    @Override
    public void opened(Load.Socket socket) {
        if (!relay) {
            wanted.countDown();
            registered.complete(socket);
        }
    }

    @Override
    public void text(Load.Socket socket, String text) {
        @Nullable
        Message message =
                TextCodec.decode(text) instanceof Decoded.Accepted<Message> accepted ? accepted.value() : null;
        if (message instanceof AgentMessage.Challenge) {
            socket.text(TextCodec.encode(new AgentMessage.Handshake(info(clientId), null, null, null)));
        } else if (message instanceof AgentMessage.HandshakeAck ack) {
            epoch = ack.epoch();
            handle = ack.desktopHandle() == null ? 0 : ack.desktopHandle();
            registered.complete(socket);
        } else if (message instanceof AgentMessage.StartCapture) {
            wanted.countDown();
        } else if (message instanceof AgentMessage.RegistrationFailed failed) {
            failed(failed.error() + ": " + failed.hint());
        }
    }

    @Override
    public void failed(String why) {
        registered.completeExceptionally(new IllegalStateException("the desktop's connection: " + why));
    }
}
