package io.quickdrop.system.peers;

import com.google.gson.JsonObject;
import io.quickdrop.system.display.CodedPicture;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.TestSocket;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A desktop as section 5 of the protocol describes it, and nothing more: whole pictures as base64 in JSON, a window of 10,
 * no key. Its pictures show their own number, so that whoever receives one knows which.
 *
 * <p>Safe on any thread.
 */
public final class V1Desktop implements AutoCloseable {
    private static final int WINDOW = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Which of the two messages it sends its pictures in. */
    public enum Dialect {
        /** {@code frame_data}. */
        FRAME_DATA,
        /** {@code dual_screen_frame}. */
        DUAL_SCREEN
    }

    private final String clientId;
    private final Dialect dialect;
    private final Wire wire;
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong freed = new AtomicLong();
    private volatile boolean capturing;
    private volatile boolean paused;

    /** Connects as a program outside browsers does, and is registered. */
    public V1Desktop(Door door, String clientId, Dialect dialect) {
        this.clientId = clientId;
        this.dialect = dialect;
        try {
            TestSocket socket = TestSocket.open(door, Upgrade.v1(), "/ws?client_type=desktop&client_id=" + clientId, 0);
            if (!socket.upgraded()) {
                throw new AssertionError(
                        "a v1 desktop was answered " + socket.answer().status());
            }
            wire = new Wire(socket, this::hear, bytes -> {}).start("v1-" + clientId, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        wire.await("connection_established", PATIENCE);
        wire.text("{\"type\":\"handshake\",\"clientInfo\":{\"clientType\":\"desktop\",\"clientId\":\"" + clientId
                + "\",\"friendlyName\":\"Old " + clientId + "\",\"hostname\":\"old\",\"monitors\":[{\"index\":0,"
                + "\"name\":\"old\",\"x\":0,\"y\":0,\"width\":" + CodedPicture.WIDTH + ",\"height\":"
                + CodedPicture.HEIGHT + ",\"isPrimary\":true}]}}");
        wire.await("handshake_ack", PATIENCE);
    }

    /** Sends a picture so often while it shall capture and its window has room. */
    public V1Desktop draw(int framesPerSecond) {
        Wire.daemon("drawing-v1-" + clientId, () -> {
            try {
                while (!over.await(1_000 / framesPerSecond, TimeUnit.MILLISECONDS) && !wire.isOver()) {
                    if (capturing && !paused && sent.get() - freed.get() < WINDOW) {
                        send(sent.incrementAndGet());
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return this;
    }

    /** Draws nothing more: {@link #sent} is the last number. */
    public void pause() {
        paused = true;
    }

    /** The number of the last picture. */
    public long sent() {
        return sent.get();
    }

    /** The last number that was acknowledged to it. */
    public long freed() {
        return freed.get();
    }

    /** Whether it was asked to capture. */
    public boolean isCapturing() {
        return capturing;
    }

    /** The first message of this type, so far or to come. */
    public JsonObject hear(String type) {
        return wire.await(type, PATIENCE);
    }

    /** Sends any message. */
    public void say(String message) {
        wire.text(message);
    }

    /** The server's close code. */
    public int awaitClose(Duration patience) {
        return wire.awaitClose(patience);
    }

    @Override
    public void close() {
        over.countDown();
        wire.close();
    }

    private void hear(JsonObject message) {
        if (Wire.isType(message, "start_capture")) {
            capturing = true;
        } else if (Wire.isType(message, "stop_capture")) {
            capturing = false;
        } else if (Wire.isType(message, "frame_ack")) {
            freed.accumulateAndGet(message.get("frameNumber").getAsLong(), Math::max);
        } else if (Wire.isType(message, "ping")) {
            wire.text("{\"type\":\"pong\"}");
        }
    }

    private void send(long number) {
        String picture = Base64.getEncoder().encodeToString(CodedPicture.jpeg((int) number));
        long now = System.currentTimeMillis();
        JsonObject frame = new JsonObject();
        if (dialect == Dialect.FRAME_DATA) {
            frame.addProperty("type", "frame_data");
            frame.addProperty("frameData", picture);
            frame.addProperty("frameNumber", number);
            frame.addProperty("monitorId", 0);
            frame.add("metadata", new JsonObject());
        } else {
            frame.addProperty("type", "dual_screen_frame");
            frame.addProperty("client_id", clientId);
            frame.addProperty("screen_id", 0);
            frame.addProperty("image_data", picture);
            frame.addProperty("frame_number", number);
            frame.addProperty("format", "jpeg");
        }
        frame.addProperty("timestamp", now);
        frame.addProperty("width", CodedPicture.WIDTH);
        frame.addProperty("height", CodedPicture.HEIGHT);
        wire.text(frame);
    }
}
