package io.quickdrop.relay.driver.agent;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.Tile;
import io.quickdrop.relay.desktop.agent.AgentInput;
import io.quickdrop.relay.desktop.agent.AgentOutput.TakeScreenshot;
import io.quickdrop.relay.driver.Connection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has screenshots taken, keeps their files for a while, and sends them, a part whenever the socket has room, so that pictures
 * between them wait for one part at most. One that was cut off is sent again when it is asked for again, and not taken a second
 * time. Confined to the agent's thread, except for the replies it hands out.
 */
final class ScreenshotSender {
    /** A third of a second on a way of 2 Mbit/s. */
    private static final int PART_BYTES = 64 << 10;

    private static final long MOST_PENDING_BYTES = 64 << 10;
    /** Screenshots that are being taken or sent: no server asks for more at once. */
    private static final int MOST = Limits.MAX_SCREENSHOTS;
    /** Who is cut off comes back within seconds. */
    private static final Duration KEPT_FOR = Duration.ofMinutes(2);
    /** All files that are kept: two of the longest. */
    private static final long MOST_KEPT_BYTES = 2L * ScreenshotReply.MAX_BYTES;
    /** A screen that is not read by then is not read at all. */
    private static final Duration TAKEN_WITHIN = Duration.ofMinutes(1);

    private record Picture(int width, int height, ByteBuffer file) {}

    /** One screenshot, from its order on. */
    private static final class Shot {
        /** The latest one. */
        TakeScreenshot order;

        Instant until;

        @Nullable
        Picture picture;

        Shot(TakeScreenshot order, Instant until) {
            this.order = order;
            this.until = until;
        }
    }

    /** One file on its way. */
    private static final class Sending {
        final TakeScreenshot order;
        final Picture picture;
        final ByteBuffer rest;
        long parts;

        Sending(TakeScreenshot order, Picture picture) {
            this.order = order;
            this.picture = picture;
            this.rest = picture.file.duplicate();
        }
    }

    private final Consumer<Runnable> agentThread;
    private final Consumer<AgentInput> session;
    private final Map<String, Shot> shots = new LinkedHashMap<>();
    private final Deque<Sending> sendings = new ArrayDeque<>();
    private long epoch;

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

    /** The registration of this epoch begins. */
    void registered(long registration) {
        epoch = registration;
    }

    /** Has one taken, or the one that was taken sent again. */
    void take(TakeScreenshot order, Desktop desktop, Instant now) {
        Shot before = shots.get(order.commandId());
        if (order.again()) {
            if (before == null) {
                fail(order, "the screenshot is no longer kept; ask for a new one");
            } else {
                before.order = order;
                send(before);
            }
        } else if (taking() + sendings.size() >= MOST) {
            fail(order, "found " + MOST + " screenshots under way; allowed are no more");
        } else {
            Shot shot = new Shot(order, now.plus(TAKEN_WITHIN));
            shots.put(order.commandId(), shot);
            desktop.screenshot(order.screen(), new Reply(shot));
        }
    }

    /** The registration is gone: what was on its way is asked for again. */
    void forget() {
        sendings.clear();
        epoch = 0;
    }

    /** Lets go of what was kept long enough. */
    void expire(Instant now) {
        List<Shot> late = shots.values().stream()
                .filter(shot -> !now.isBefore(shot.until) && !isSending(shot))
                .toList();
        for (Shot shot : late) {
            shots.remove(shot.order.commandId());
            if (shot.picture == null) {
                fail(shot.order, "the screen could not be read within " + TAKEN_WITHIN.toSeconds() + " s");
            }
        }
    }

    /** Whether there is more to send. */
    boolean isWaiting() {
        return !sendings.isEmpty();
    }

    /** Sends what has room now. */
    void advance(Connection connection, long desktopHandle) {
        while (!sendings.isEmpty() && connection.pendingBytes() < MOST_PENDING_BYTES) {
            Sending sending = sendings.element();
            int length = Math.min(PART_BYTES, sending.rest.remaining());
            ByteBuffer bytes = sending.rest.slice(sending.rest.position(), length);
            sending.rest.position(sending.rest.position() + length);
            connection.sendBinary(part(sending, bytes, desktopHandle).pieces());
            if (!sending.rest.hasRemaining()) {
                sendings.remove();
                done(sending.order, sending.picture);
            }
        }
    }

    private static Frame part(Sending sending, ByteBuffer bytes, long desktopHandle) {
        Picture picture = sending.picture;
        FrameHeader header = new FrameHeader(
                PictureCodec.PNG,
                sending.rest.hasRemaining() ? 0 : FrameHeader.FLAG_LAST_PART,
                sending.order.screen(),
                sending.order.epoch(),
                ++sending.parts,
                sending.order.fence(),
                0,
                0,
                picture.width,
                picture.height,
                Rendition.SCREENSHOT,
                100,
                0,
                desktopHandle);
        return new Frame(header, List.of(new Tile(0, 0, picture.width, picture.height, bytes)));
    }

    private void taken(Shot shot, Picture picture, Instant now) {
        shot.picture = picture;
        shot.until = now.plus(KEPT_FOR);
        Iterator<Shot> oldest = shots.values().iterator();
        while (kept() > MOST_KEPT_BYTES && oldest.hasNext()) {
            Shot other = oldest.next();
            if (other != shot && other.picture != null && !isSending(other)) {
                oldest.remove();
            }
        }
        if (shot.order.epoch() == epoch) {
            send(shot);
        } else {
            done(shot.order, picture); // whoever asked is gone, and asks again
        }
    }

    /** Unless it is being taken, or is on its way to this registration already. */
    private void send(Shot shot) {
        Picture picture = shot.picture;
        if (picture != null && !isSending(shot)) {
            sendings.add(new Sending(shot.order, picture));
        }
    }

    private boolean isSending(Shot shot) {
        return sendings.stream().anyMatch(sending -> sending.order.commandId().equals(shot.order.commandId()));
    }

    private long taking() {
        return shots.values().stream().filter(shot -> shot.picture == null).count();
    }

    private long kept() {
        long sum = 0;
        for (Shot shot : shots.values()) {
            Picture picture = shot.picture;
            sum += picture == null ? 0 : picture.file.remaining();
        }
        return sum;
    }

    private void done(TakeScreenshot order, Picture picture) {
        JsonObject result = new JsonObject();
        result.addProperty("screen", order.screen());
        result.addProperty("width", picture.width);
        result.addProperty("height", picture.height);
        result.addProperty("bytes", picture.file.remaining());
        session.accept(new AgentInput.Done(order.epoch(), order.commandId(), result, null));
    }

    private void fail(TakeScreenshot order, String error) {
        session.accept(new AgentInput.Done(order.epoch(), order.commandId(), null, error));
    }

    /** What the desktop is given. */
    private final class Reply implements ScreenshotReply {
        private final Shot shot;
        private final AtomicBoolean used = new AtomicBoolean();

        Reply(Shot shot) {
            this.shot = shot;
        }

        @Override
        public void taken(int width, int height, ByteBuffer png) {
            if (!png.hasRemaining() || png.remaining() > MAX_BYTES) {
                failed("the screenshot has " + png.remaining() + " bytes; allowed are 1 to " + MAX_BYTES);
            } else {
                Picture picture = new Picture(width, height, png.duplicate());
                Instant began = shot.until.minus(TAKEN_WITHIN);
                once(() -> ScreenshotSender.this.taken(shot, picture, began));
            }
        }

        @Override
        public void failed(String error) {
            once(() -> {
                shots.remove(shot.order.commandId());
                fail(shot.order, error);
            });
        }

        private void once(Runnable task) {
            if (used.getAndSet(true)) {
                return;
            }
            agentThread.accept(() -> {
                if (shots.get(shot.order.commandId()) == shot) {
                    task.run();
                }
            });
        }
    }
}
