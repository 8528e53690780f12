package io.quickdrop.relay.driver.agent;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.Tile;
import io.quickdrop.relay.desktop.agent.AgentInput;
import io.quickdrop.relay.desktop.agent.AgentOutput.TakeScreenshot;
import io.quickdrop.relay.driver.Connection;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Sends the files of screenshots, a part whenever the socket has room, so that pictures between them wait for one part at
 * most. Confined to the agent's thread, except for the replies it hands out.
 */
final class ScreenshotSender {
    /** A third of a second on a way of 2 Mbit/s. */
    private static final int PART_BYTES = 64 << 10;

    private static final long MOST_PENDING_BYTES = 64 << 10;
    /** Screenshots that are being taken or sent. */
    private static final int MOST = 4;

    /** One file on its way. */
    private static final class Sending {
        final TakeScreenshot order;
        final int width;
        final int height;
        final ByteBuffer file;
        final int bytes;
        long parts;

        Sending(TakeScreenshot order, int width, int height, ByteBuffer file) {
            this.order = order;
            this.width = width;
            this.height = height;
            this.file = file.duplicate();
            this.bytes = file.remaining();
        }
    }

    private final Consumer<Runnable> agentThread;
    private final Consumer<AgentInput> session;
    private final Deque<Sending> sendings = new ArrayDeque<>();
    private int waitedFor;
    private long generation;

    /**
     * Nothing is sent yet.
     *
     * @param agentThread runs tasks on the agent's thread
     * @param session told there how each screenshot ended
     */
    ScreenshotSender(Consumer<Runnable> agentThread, Consumer<AgentInput> session) {
        this.agentThread = agentThread;
        this.session = session;
    }

    /** Has one taken. */
    void take(TakeScreenshot order, Desktop desktop) {
        if (waitedFor + sendings.size() >= MOST) {
            fail(order, "found " + MOST + " screenshots under way; allowed are no more");
            return;
        }
        waitedFor++;
        desktop.screenshot(order.screen(), new Reply(order, generation));
    }

    /** The registration is gone, and with it whoever asked. */
    void forget() {
        sendings.clear();
        waitedFor = 0;
        generation++;
    }

    /** Whether there is more to send. */
    boolean isWaiting() {
        return !sendings.isEmpty();
    }

    /** Sends what has room now. */
    void advance(Connection connection, long desktopHandle) {
        while (!sendings.isEmpty() && connection.pendingBytes() < MOST_PENDING_BYTES) {
            Sending sending = sendings.element();
            int length = Math.min(PART_BYTES, sending.file.remaining());
            ByteBuffer bytes = sending.file.slice(sending.file.position(), length);
            sending.file.position(sending.file.position() + length);
            connection.sendBinary(part(sending, bytes, desktopHandle).pieces());
            if (!sending.file.hasRemaining()) {
                sendings.remove();
                done(sending);
            }
        }
    }

    private static Frame part(Sending sending, ByteBuffer bytes, long desktopHandle) {
        FrameHeader header = new FrameHeader(
                PictureCodec.PNG,
                sending.file.hasRemaining() ? 0 : FrameHeader.FLAG_LAST_PART,
                sending.order.screen(),
                sending.order.epoch(),
                ++sending.parts,
                sending.order.fence(),
                0,
                0,
                sending.width,
                sending.height,
                Rendition.SCREENSHOT,
                100,
                0,
                desktopHandle);
        return new Frame(header, List.of(new Tile(0, 0, sending.width, sending.height, bytes)));
    }

    private void done(Sending sending) {
        JsonObject result = new JsonObject();
        result.addProperty("screen", sending.order.screen());
        result.addProperty("width", sending.width);
        result.addProperty("height", sending.height);
        result.addProperty("bytes", sending.bytes);
        session.accept(new AgentInput.Done(sending.order.epoch(), sending.order.commandId(), result, null));
    }

    private void fail(TakeScreenshot order, String error) {
        session.accept(new AgentInput.Done(order.epoch(), order.commandId(), null, error));
    }

    /** What the desktop is given. */
    private final class Reply implements ScreenshotReply {
        private final TakeScreenshot order;
        private final long asked;
        private final AtomicBoolean used = new AtomicBoolean();

        Reply(TakeScreenshot order, long asked) {
            this.order = order;
            this.asked = asked;
        }

        @Override
        public void taken(int width, int height, ByteBuffer png) {
            if (!png.hasRemaining() || png.remaining() > MAX_BYTES) {
                failed("the screenshot has " + png.remaining() + " bytes; allowed are 1 to " + MAX_BYTES);
            } else {
                once(() -> sendings.add(new Sending(order, width, height, png)));
            }
        }

        @Override
        public void failed(String error) {
            once(() -> fail(order, error));
        }

        private void once(Runnable task) {
            if (used.getAndSet(true)) {
                return;
            }
            agentThread.accept(() -> {
                if (asked == generation) {
                    waitedFor--;
                    task.run();
                }
            });
        }
    }
}
