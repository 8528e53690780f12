package io.quickdrop.relay.driver.agent;

import io.quickdrop.protocol.AgentMessage.Governing;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.relay.desktop.StreamKey;
import io.quickdrop.relay.desktop.agent.CapturePlan;
import io.quickdrop.relay.desktop.agent.Pace;
import io.quickdrop.relay.desktop.agent.PaceBounds;
import io.quickdrop.relay.desktop.agent.QualityController;
import io.quickdrop.relay.desktop.agent.SourceWindow;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.threads.Workers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pictures on their way to the server: who may capture, and what becomes of the frame. The agent's thread and the
 * capture threads meet here, under one lock; nothing of an embedder but its {@link Connection} runs under it.
 */
final class Streams {
    /** No frame begins while the connection holds back more: a transport's own queue may have no bound. */
    private static final long MOST_PENDING_BYTES = 256 << 10;

    /** What the server knows of the connection and the registration. */
    private record Registration(Connection connection, long epoch, long desktopHandle) {}

    /** How it goes. */
    record Figures(Pace pace, double fps, int kbps, long skipped, long roundTripMicros) {}

    private final Workers workers;
    private final SourceWindow window = new SourceWindow(SourceWindow.Bounds.defaults());
    private final QualityController controller;
    private final Set<StreamKey> painted = new HashSet<>();
    /** When a frame was due last, so that one who asks more often than that is not counted more often. */
    private final Map<StreamKey, Instant> dueAt = new HashMap<>();

    private CapturePlan plan = CapturePlan.NOTHING;
    private @Nullable Registration registration;

    Streams(Workers workers, PaceBounds pace) {
        this.workers = workers;
        this.controller = new QualityController(pace);
    }

    // ---- for the agent's thread

    synchronized void begin(Connection connection, long epoch, long desktopHandle) {
        registration = new Registration(connection, epoch, desktopHandle);
        window.begin(epoch);
        controller.begin(workers.now());
        painted.clear();
        dueAt.clear();
    }

    synchronized void end() {
        registration = null;
        plan = CapturePlan.NOTHING;
        window.end();
    }

    synchronized void plan(CapturePlan next) {
        plan = next;
        painted.retainAll(next.streams()); // a stream that comes back begins with the whole screen
        dueAt.keySet().retainAll(next.streams());
    }

    synchronized void repaint(StreamKey stream) {
        painted.remove(stream);
    }

    synchronized void asked(int fps, int quality, boolean first) {
        controller.asked(fps, quality, first);
    }

    synchronized void allowed(@Nullable Integer maxFps, @Nullable Integer maxQuality) {
        controller.allowed(maxFps, maxQuality);
    }

    synchronized void governed(@Nullable Governing by) {
        controller.governed(by, workers.now());
    }

    synchronized void acknowledged(StreamKey stream, long epoch, long frameNumber) {
        Instant now = workers.now();
        window.acknowledged(stream, epoch, frameNumber, now)
                .ifPresent(arrived -> controller.arrived(arrived, window.beyondLeast(arrived.roundTrip(), now)));
        step(now);
    }

    synchronized void roundTrip(Duration roundTrip) {
        window.roundTrip(roundTrip, workers.now());
    }

    synchronized Figures figures() {
        Instant now = workers.now();
        step(now);
        return new Figures(
                controller.pace(),
                window.framesPerSecond(now),
                (int) (window.bitsPerSecond(now) / 1000),
                window.skipped(),
                window.leastRoundTrip(now).toNanos() / 1000);
    }

    // ---- for the capture threads

    synchronized Pace pace() {
        return controller.pace();
    }

    synchronized Optional<Turn> turn(StreamKey stream) {
        Registration present = registration;
        if (present == null || !plan.streams().contains(stream)) {
            return Optional.empty();
        }
        Instant now = workers.now();
        step(now);
        boolean hasRoom = controller.hasBudget(now) && present.connection.pendingBytes() < MOST_PENDING_BYTES;
        OptionalLong ticket = hasRoom ? window.reserve(stream, now) : OptionalLong.empty();
        if (isDue(stream, now)) {
            controller.wanted(ticket.isPresent());
            if (ticket.isEmpty()) {
                window.skip();
            }
        }
        if (ticket.isEmpty()) {
            return Optional.empty();
        }
        boolean whole = !painted.contains(stream);
        return Optional.of(new Turn(this, stream, ticket.getAsLong(), whole, controller.pace(), plan.codec()));
    }

    synchronized boolean send(Turn turn, Capture capture) {
        StreamKey stream = turn.stream();
        if (stream.rendition() != Rendition.TILES && capture.tiles() != 1) {
            window.release(turn.ticket());
            throw new IllegalArgumentException(
                    "found " + capture.tiles() + " tiles for " + stream + "; allowed is one, of the whole screen");
        }
        Registration present = registration;
        if (present == null || !plan.streams().contains(stream)) {
            window.release(turn.ticket());
            return false;
        }
        Instant now = workers.now();
        FrameParts parts = new FrameParts(stream, capture, turn.whole());
        OptionalLong number = window.sent(turn.ticket(), stream, parts.wireBytes(), now);
        if (number.isEmpty()) {
            return false; // it was captured for a registration that is gone
        }
        List<Frame> frames = parts.numbered(present.epoch, number.getAsLong(), present.desktopHandle);
        frames.forEach(frame -> present.connection.sendBinary(frame.pieces()));
        controller.sent(parts.wireBytes(), now);
        if (turn.whole()) {
            painted.add(stream);
        }
        return true;
    }

    synchronized void release(Turn turn) {
        window.release(turn.ticket());
    }

    private boolean isDue(StreamKey stream, Instant now) {
        Instant last = dueAt.get(stream);
        Duration nearlyOne = controller.pace().interval().multipliedBy(3).dividedBy(4);
        if (last != null && now.isBefore(last.plus(nearlyOne))) {
            return false;
        }
        dueAt.put(stream, now);
        return true;
    }

    private void step(Instant now) {
        controller.step(window.queueing(now), window.framesInFlight(), now);
    }
}
