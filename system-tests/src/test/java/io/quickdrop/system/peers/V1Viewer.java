package io.quickdrop.system.peers;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.quickdrop.system.display.Picture;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.TestSocket;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A web viewer as section 5 of the protocol describes it: gets whole pictures as base64 in JSON, and acknowledges each.
 *
 * <p>Safe on any thread.
 */
public final class V1Viewer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Wire wire;
    private final AtomicLong frames = new AtomicLong();
    private volatile boolean silent;
    private volatile Optional<byte[]> newest = Optional.empty();

    /** Connects. */
    public V1Viewer(Door door, String name) {
        try {
            TestSocket socket = TestSocket.open(door, Upgrade.v1(), "/ws?client_type=web&client_id=" + name, 0);
            if (!socket.upgraded()) {
                throw new AssertionError(
                        "a v1 viewer was answered " + socket.answer().status());
            }
            wire = new Wire(socket, this::hear, bytes -> {}).start("v1-viewer-" + name, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        wire.await("connection_established", PATIENCE);
        wire.text("{\"type\":\"handshake\",\"clientInfo\":{\"clientType\":\"web\",\"clientId\":\"" + name + "\"}}");
    }

    /** Looks at a desktop. */
    public V1Viewer watch(String desktop) {
        wire.text("{\"type\":\"start_stream\",\"desktopClientId\":\"" + desktop + "\",\"monitorId\":0}");
        return this;
    }

    /** Acknowledges nothing from now on, or again. */
    public void fallSilent(boolean newSilent) {
        silent = newSilent;
    }

    /** Pictures so far. */
    public long frames() {
        return frames.get();
    }

    /** The newest picture. */
    public Optional<Picture> picture() {
        return newest.map(Picture::decode);
    }

    /** Whether the answer to a ping names this desktop. */
    public boolean findsByPing(String desktop) {
        wire.forget();
        wire.text("{\"type\":\"ping\",\"timestamp\":" + System.currentTimeMillis() + "}");
        for (JsonElement each : wire.await("pong", PATIENCE).getAsJsonArray("availableDesktopClients")) {
            if (each.toString().contains("\"" + desktop + "\"")) {
                return true;
            }
        }
        return false;
    }

    /** The first message of this type, so far or to come. */
    public JsonObject hear(String type) {
        return wire.await(type, PATIENCE);
    }

    /** Sends any message. */
    public void say(String message) {
        wire.text(message);
    }

    @Override
    public void close() {
        wire.close();
    }

    private void hear(JsonObject message) {
        if (!Wire.isType(message, "frame_data")) {
            return;
        }
        String picture = message.get("frameData").getAsString();
        newest = Optional.of(Base64.getDecoder().decode(picture.substring(picture.indexOf(',') + 1)));
        frames.incrementAndGet();
        if (!silent) {
            wire.text("{\"type\":\"frame_ack\",\"desktopClientId\":"
                    + message.get("desktopClientId") + ",\"frameNumber\":" + message.get("frameNumber")
                    + ",\"latency\":5,\"timestamp\":" + System.currentTimeMillis() + "}");
        }
    }
}
