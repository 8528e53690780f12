package io.quickdrop.system.peers;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.system.display.Picture;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.TestSocket;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A desktop of v2 without a screen: makes tiles by itself at no cost, keeps to its window of 10 frames, and knows at every
 * moment what a viewer should see. One connection; a desktop that comes back is a new one with the same key.
 *
 * <p>Safe on any thread.
 */
public final class TestAgent implements AutoCloseable {
    /** Frames in flight, by the protocol. */
    public static final int WINDOW = 10;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String clientId;
    private final Wire wire;
    private final TestSocket socket;
    private final GeneratedScreen screen;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Object lock = new Object();
    /** By rendition of screen 0, what is wanted; guarded by the lock, as all below. */
    private List<Integer> wanted = List.of();

    private final Map<Integer, Long> sent = new HashMap<>();
    private final Map<Integer, Long> freed = new HashMap<>();
    private final AtomicLong skipped = new AtomicLong();
    private volatile boolean paused;
    private volatile boolean deaf;
    private volatile long epoch;
    private volatile long handle;
    private volatile int framesPerSecond;

    private TestAgent(Door door, String clientId, GeneratedScreen screen) {
        this.clientId = clientId;
        this.screen = screen;
        try {
            socket = TestSocket.open(door, Upgrade.agent());
            if (!socket.upgraded()) {
                throw new AssertionError("an agent was answered "
                        + socket.answer().status() + ": " + socket.answer().text());
            }
            wire = new Wire(socket, this::hear, bytes -> {}).start("agent-" + clientId, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects, proves its key, and returns without waiting for an answer. */
    public static TestAgent knock(
            Door door, AgentKeyPair key, String clientId, GeneratedScreen screen, @Nullable String code) {
        TestAgent agent = new TestAgent(door, clientId, screen);
        agent.handshake(key, code);
        return agent;
    }

    /** Connects and is registered; the key is enrolled, or the code is good. */
    public static TestAgent register(
            Door door, AgentKeyPair key, String clientId, GeneratedScreen screen, @Nullable String code) {
        return knock(door, key, clientId, screen, code).awaitRegistered();
    }

    /** Returns when the server has said so. */
    public TestAgent awaitRegistered() {
        JsonObject ack = wire.await("handshake_ack", PATIENCE);
        epoch = ack.get("epoch").getAsLong();
        handle = ack.get("desktopHandle").getAsLong();
        return this;
    }

    /** Sends a frame of every wanted rendition so often, while its window has room. */
    public TestAgent draw(int newFramesPerSecond) {
        framesPerSecond = newFramesPerSecond;
        Wire.daemon("drawing-" + clientId, this::drawOn);
        return this;
    }

    /** Draws nothing from now on; {@link #truth} is what all viewers must come to see. */
    public void pause() {
        synchronized (lock) {
            paused = true;
        }
    }

    /** Goes on. */
    public void resume() {
        paused = false;
    }

    /** Hears no acknowledgement from now on: each is lost on its way. */
    public void loseAcks(boolean lost) {
        deaf = lost;
    }

    /** What is on its screen. */
    public Picture truth() {
        synchronized (lock) {
            return screen.picture();
        }
    }

    /** Frames that were not made since the window was full. */
    public long skipped() {
        return skipped.get();
    }

    /** Frames of a rendition that were sent. */
    public long sent(int rendition) {
        synchronized (lock) {
            return sent.getOrDefault(rendition, 0L);
        }
    }

    /** Its registration. */
    public long epoch() {
        return epoch;
    }

    /** Whether the server wants a rendition of it now. */
    public boolean isWanted(int rendition) {
        synchronized (lock) {
            return wanted.contains(rendition);
        }
    }

    /** The first message of this type, so far or to come. */
    public JsonObject hear(String type) {
        return wire.await(type, PATIENCE);
    }

    /** How many messages of this type came. */
    public long heard(String type) {
        return wire.count(type);
    }

    /** Sends any message. */
    public void say(String message) {
        wire.text(message);
    }

    /** Sends one frame, whatever the window and the registration say. */
    public void sendFrame() {
        synchronized (lock) {
            send(Rendition.TILES);
        }
    }

    /** The server's close code. */
    public int awaitClose(Duration patience) {
        return wire.awaitClose(patience);
    }

    /** Whether the connection has ended. */
    public boolean isOver() {
        return wire.isOver();
    }

    @Override
    public void close() {
        over.countDown();
        wire.close();
    }

    private void handshake(AgentKeyPair key, @Nullable String code) {
        JsonObject challenge = wire.await("challenge", PATIENCE);
        JsonObject handshake = new JsonObject();
        handshake.addProperty("type", "handshake");
        handshake.add("clientInfo", info());
        handshake.addProperty("publicKey", key.publicKey());
        try {
            handshake.addProperty("signature", key.sign(challenge, clientId, socket.serverKey()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (code != null) {
            handshake.addProperty("enrolmentCode", code);
        }
        wire.text(handshake);
    }

    private JsonObject info() {
        JsonObject monitor = new JsonObject();
        monitor.addProperty("index", 0);
        monitor.addProperty("name", "generated");
        monitor.addProperty("x", 0);
        monitor.addProperty("y", 0);
        monitor.addProperty("width", screen.width());
        monitor.addProperty("height", screen.height());
        monitor.addProperty("isPrimary", true);
        JsonArray monitors = new JsonArray();
        monitors.add(monitor);
        JsonArray codecs = new JsonArray();
        codecs.add("png");
        codecs.add("jpeg");
        JsonObject info = new JsonObject();
        info.addProperty("clientType", "desktop");
        info.addProperty("clientId", clientId);
        info.addProperty("friendlyName", "Desk " + clientId);
        info.addProperty("hostname", "test");
        info.add("monitors", monitors);
        info.add("codecs", codecs);
        info.add("capabilities", new JsonArray());
        return info;
    }

    private void hear(JsonObject message) {
        synchronized (lock) {
            if (Wire.isType(message, "start_capture")) {
                List<Integer> now = new ArrayList<>();
                for (JsonElement each : message.getAsJsonArray("screens")) {
                    each.getAsJsonObject().getAsJsonArray("renditions").forEach(one -> now.add(one.getAsInt()));
                }
                if (now.contains(Rendition.TILES) && !wanted.contains(Rendition.TILES)) {
                    screen.touchAll();
                }
                wanted = now;
            } else if (Wire.isType(message, "stop_capture")) {
                wanted = List.of();
            } else if (Wire.isType(message, "request_keyframe")) {
                screen.touchAll();
            } else if (Wire.isType(message, "frame_ack") && !deaf) {
                freed.merge(
                        message.get("rendition").getAsInt(),
                        message.get("frameNumber").getAsLong(),
                        Math::max);
            }
        }
    }

    private void drawOn() {
        try {
            long frame = 0;
            while (!over.await(1_000_000 / framesPerSecond, TimeUnit.MICROSECONDS) && !wire.isOver()) {
                synchronized (lock) {
                    frame++;
                    if (paused) {
                        // What was drawn before must get out all the same.
                        sendIfThereIsRoom(Rendition.TILES);
                        continue;
                    }
                    screen.draw();
                    sendIfThereIsRoom(Rendition.TILES);
                    if (frame % (2L * framesPerSecond) == 1) {
                        sendIfThereIsRoom(Rendition.THUMBNAIL);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendIfThereIsRoom(int rendition) {
        if (!wanted.contains(rendition) || (rendition == Rendition.TILES && screen.isClean())) {
            return;
        }
        if (sent.getOrDefault(rendition, 0L) - freed.getOrDefault(rendition, 0L) >= WINDOW) {
            skipped.incrementAndGet();
            return;
        }
        send(rendition);
    }

    private void send(int rendition) {
        long number = sent.merge(rendition, 1L, Long::sum);
        boolean tiles = rendition == Rendition.TILES;
        GeneratedScreen.Batch batch = tiles ? screen.changed() : screen.thumbnail();
        FrameHeader header = new FrameHeader(
                PictureCodec.PNG,
                FrameHeader.FLAG_LAST_PART | (tiles ? FrameHeader.FLAG_TILES : FrameHeader.FLAG_KEY),
                0,
                epoch,
                number,
                0,
                System.nanoTime() / 1_000,
                100,
                batch.width(),
                batch.height(),
                rendition,
                100,
                tiles ? batch.tiles().size() : 0,
                handle);
        java.nio.ByteBuffer message = new Frame(header, batch.tiles()).encode();
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        wire.binary(bytes);
    }
}
