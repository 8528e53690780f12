package io.quickdrop.system.peers;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.Tile;
import io.quickdrop.system.display.Picture;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.TestSocket;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A viewer of v2 without a browser: puts tiles together into a picture, says what it has "painted", and can be as slow,
 * deaf or forgetful as a test wants.
 *
 * <p>Safe on any thread; {@link Eyes} are called on its reading thread.
 */
public final class TestViewer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** A narrow link has no deep buffers in front of its receiver. */
    private static final int NARROW_BUFFER_BYTES = 16 * 1024;
    /** What an acknowledgement says before anything was painted. */
    private static final FrameHeader NOTHING =
            new FrameHeader(PictureCodec.JPEG, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0, 0);

    /** Sees each picture when it is whole. */
    public interface Eyes {
        /**
         * A batch has arrived and is on the glass.
         *
         * @param last header of its last part
         * @param bytes of all its parts
         */
        void painted(FrameHeader last, Picture glass, long bytes);
    }

    /** What kind of viewer. */
    public static final class Setup {
        private long bytesPerSecond = Long.MAX_VALUE;
        private int left;
        private int top;
        private int right = Integer.MAX_VALUE;
        private int bottom = Integer.MAX_VALUE;
        private Eyes eyes = (last, glass, bytes) -> {};
        private Consumer<JsonObject> ears = message -> {};
        private Predicate<Long> loses = number -> false;

        /** Reads no faster. */
        public Setup reading(long newBytesPerSecond) {
            bytesPerSecond = newBytesPerSecond;
            return this;
        }

        /** Acknowledges without looking, to leave the processor to others. */
        public Setup blind() {
            return lookingAt(0, 0, 0, 0);
        }

        /** Decodes only what touches this part of the screen. */
        public Setup lookingAt(int x, int y, int width, int height) {
            left = x;
            top = y;
            right = x + width;
            bottom = y + height;
            return this;
        }

        private boolean looksAt(Tile tile) {
            return tile.x() < right
                    && tile.x() + tile.width() > left
                    && tile.y() < bottom
                    && tile.y() + tile.height() > top;
        }

        /** Sees everything. */
        public Setup eyes(Eyes newEyes) {
            eyes = newEyes;
            return this;
        }

        /** Hears every message. */
        public Setup ears(Consumer<JsonObject> newEars) {
            ears = newEars;
            return this;
        }

        /** Whose acknowledgement of which frame numbers gets lost. */
        public Setup losing(Predicate<Long> newLoses) {
            loses = newLoses;
            return this;
        }

        /** Connects, and is known to the server. */
        public TestViewer connect(Door door) {
            return new TestViewer(this, door);
        }
    }

    private final Setup setup;
    private final Wire wire;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong frames = new AtomicLong();
    private final Object glassLock = new Object();
    private Picture glass = new Picture(1, 1);
    private volatile String desktop = "";
    private final List<Frame> parts = new ArrayList<>();
    private long receivedNanos;
    private volatile FrameHeader acknowledged = NOTHING;
    private volatile boolean frozen;
    private volatile boolean hidden;

    private TestViewer(Setup setup, Door door) {
        this.setup = setup;
        boolean isNarrow = setup.bytesPerSecond != Long.MAX_VALUE;
        try {
            TestSocket socket = TestSocket.open(door, Upgrade.v2(door), "/ws", isNarrow ? NARROW_BUFFER_BYTES : 0);
            if (!socket.upgraded()) {
                throw new AssertionError(
                        "a viewer was answered " + socket.answer().status());
            }
            socket.pace(setup.bytesPerSecond);
            wire = new Wire(socket, setup.ears, this::picture).start("viewer", true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        JsonObject info = new JsonObject();
        info.addProperty("clientType", "web");
        info.addProperty("clientId", "viewer-" + Integer.toHexString(System.identityHashCode(this)));
        JsonArray codecs = new JsonArray();
        codecs.add("jpeg");
        codecs.add("png");
        codecs.add("webp");
        info.add("codecs", codecs);
        JsonObject handshake = new JsonObject();
        handshake.addProperty("type", "handshake");
        handshake.add("clientInfo", info);
        wire.text(handshake);
        wire.await("handshake_ack", PATIENCE);
    }

    /** One that does all right. */
    public static TestViewer of(Door door) {
        return new Setup().connect(door);
    }

    /** Whose pictures its acknowledgements are about, for one that asks by {@link #say}. */
    public void look(String clientId) {
        desktop = clientId;
    }

    /** Whether the newest answer to {@code start_stream} is a refusal. */
    public boolean wasRefused() {
        return wire.newest("error").isPresent();
    }

    /** Looks at the tiles of a screen; returns when the server says that it has begun. */
    public TestViewer watch(String clientId, int monitor) {
        return watch(clientId, monitor, Rendition.TILES);
    }

    /** Looks at a screen; returns when the server says that it has begun. */
    public TestViewer watch(String clientId, int monitor, int rendition) {
        desktop = clientId;
        wire.text("{\"type\":\"start_stream\",\"desktopClientId\":\"" + clientId + "\",\"monitorId\":" + monitor
                + ",\"rendition\":" + rendition + "}");
        wire.await("stream_started", PATIENCE);
        return this;
    }

    /** Sends any message. */
    public void say(String message) {
        wire.text(message);
    }

    /** The first message of this type, so far or to come. */
    public JsonObject hear(String type) {
        return wire.await(type, PATIENCE);
    }

    /** The first message for which this holds, so far or to come. */
    public JsonObject hear(String what, Predicate<JsonObject> fact) {
        return wire.await(what, fact, PATIENCE);
    }

    /** The newest message of this type so far. */
    public Optional<JsonObject> newest(String type) {
        return wire.newest(type);
    }

    /** What was heard before no longer counts. */
    public void forget() {
        wire.forget();
    }

    /** A copy of what is on its glass. */
    public Picture glass() {
        synchronized (glassLock) {
            return glass.copy();
        }
    }

    /** Bytes of pictures so far. */
    public long bytes() {
        return bytes.get();
    }

    /** Pictures so far, a batch counted once. */
    public long frames() {
        return frames.get();
    }

    /** Reads nothing from the next message on, says nothing but pings: a tab that hangs, while its machine lives. */
    public void freeze() {
        frozen = true;
    }

    /** Goes on. */
    public void thaw() {
        synchronized (glassLock) {
            frozen = false;
            glassLock.notifyAll();
        }
    }

    /** The page hides or shows. */
    public void hide(boolean newHidden) {
        hidden = newHidden;
        ack(null);
    }

    /** Whether the server, or the network, has ended it. */
    public boolean isOver() {
        return wire.isOver();
    }

    /** The server's close code. */
    public int awaitClose(Duration patience) {
        return wire.awaitClose(patience);
    }

    @Override
    public void close() {
        thaw();
        wire.close();
    }

    private void picture(byte[] message) {
        waitWhileFrozen();
        if (parts.isEmpty()) {
            receivedNanos = System.nanoTime();
        }
        bytes.addAndGet(message.length);
        Decoded<Frame> decoded = Frame.decode(ByteBuffer.wrap(message));
        if (!(decoded instanceof Decoded.Accepted<Frame> accepted)) {
            throw new AssertionError("the server sent a picture that is none: " + decoded);
        }
        Frame frame = accepted.value();
        if (frame.header().rendition() == Rendition.SCREENSHOT) {
            return;
        }
        parts.add(frame);
        if (!frame.header().has(FrameHeader.FLAG_LAST_PART)) {
            return;
        }
        frames.incrementAndGet();
        long size = parts.stream().mapToLong(Frame::wireBytes).sum();
        synchronized (glassLock) {
            parts.forEach(this::paint);
        }
        parts.clear();
        setup.eyes.painted(frame.header(), glass, size);
        if (!setup.loses.test(frame.header().frameNumber())) {
            ack(frame.header());
        }
    }

    private void paint(Frame frame) {
        FrameHeader header = frame.header();
        if (glass.width() != header.width() || glass.height() != header.height()) {
            glass = new Picture(header.width(), header.height());
        }
        for (Tile tile : frame.tiles()) {
            if (!setup.looksAt(tile)) {
                continue;
            }
            byte[] file = new byte[tile.bytes().remaining()];
            tile.bytes().duplicate().get(file);
            glass.put(Picture.decode(file), tile.x(), tile.y());
        }
    }

    private void ack(@Nullable FrameHeader painted) {
        if (painted != null) {
            acknowledged = painted;
        }
        FrameHeader header = acknowledged;
        wire.text("{\"type\":\"frame_ack\",\"desktopClientId\":\"" + desktop + "\",\"monitorId\":" + header.screen()
                + ",\"rendition\":" + header.rendition() + ",\"epoch\":" + header.epoch() + ",\"frameNumber\":"
                + header.frameNumber() + ",\"receivedNumber\":" + header.frameNumber() + ",\"paintMicros\":"
                + (painted == null ? 0 : (System.nanoTime() - receivedNanos) / 1_000)
                + ",\"decoderQueue\":0,\"hidden\":" + hidden + "}");
    }

    private void waitWhileFrozen() {
        synchronized (glassLock) {
            while (frozen) {
                try {
                    glassLock.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }
}
