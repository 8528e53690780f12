package io.quickdrop.relay.desktop.agent;

import io.quickdrop.protocol.AgentMessage.Governing;
import io.quickdrop.relay.desktop.StreamKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** An agent that captures as its pace says, and a way to the server of which the width can be changed; simulated time. */
final class SimulatedUplink {
    private static final StreamKey STREAM = new StreamKey(0, 0);
    private static final Duration TICK = Duration.ofMillis(5);

    private record Frame(long number, double arrivesAtMillis, double capturedAtMillis) {}

    final SourceWindow window = new SourceWindow(SourceWindow.Bounds.defaults());
    final QualityController controller = new QualityController(PaceBounds.defaults());
    /** Bytes of a frame at quality 75; less at lower ones. */
    int frameBytes = 60_000;

    double megabitsPerSecond = 100;
    double oneWayMillis = 10;

    @Nullable
    Governing governing;

    Instant now = Instant.EPOCH;
    int sent;
    double worstAgeMillis;
    long arrivedBytes;
    private final Queue<Frame> onTheWay = new ArrayDeque<>();
    private double freeAtMillis;
    private double dueAtMillis;
    private double reportAtMillis;

    SimulatedUplink() {
        window.begin(1);
        controller.begin(now);
    }

    /** Lets so much time pass. */
    void run(double seconds) {
        Instant end = now.plusNanos((long) (seconds * 1e9));
        while (now.isBefore(end)) {
            now = now.plus(TICK);
            arrive();
            if (millis() >= reportAtMillis) {
                reportAtMillis = millis() + 500;
                controller.governed(governing, now);
            }
            if (millis() >= dueAtMillis) {
                dueAtMillis =
                        Math.max(dueAtMillis + controller.pace().interval().toMillis(), millis());
                capture();
            }
            controller.step(window.queueing(now), window.framesInFlight(), now);
        }
    }

    /** Forgets what was measured. */
    void measureAnew() {
        sent = 0;
        worstAgeMillis = 0;
        arrivedBytes = 0;
    }

    private void capture() {
        OptionalLong ticket = controller.hasBudget(now) ? window.reserve(STREAM, now) : OptionalLong.empty();
        controller.wanted(ticket.isPresent());
        if (ticket.isEmpty()) {
            window.skip();
            return;
        }
        long bytes = (long) frameBytes * controller.pace().quality() / 75L;
        long number = window.sent(ticket.getAsLong(), STREAM, bytes, now).orElseThrow();
        controller.sent(bytes, now);
        freeAtMillis = Math.max(freeAtMillis, millis()) + bytes * 8 / megabitsPerSecond / 1000;
        onTheWay.add(new Frame(number, freeAtMillis + oneWayMillis, millis()));
        arrivedBytes += bytes;
        sent++;
    }

    /** The server acknowledges at once; the acknowledgement takes the way back. */
    private void arrive() {
        while (!onTheWay.isEmpty() && onTheWay.peek().arrivesAtMillis() + oneWayMillis <= millis()) {
            Frame frame = onTheWay.remove();
            worstAgeMillis = Math.max(worstAgeMillis, frame.arrivesAtMillis() - frame.capturedAtMillis());
            window.acknowledged(STREAM, 1, frame.number(), now)
                    .ifPresent(arrived -> controller.arrived(arrived, window.beyondLeast(arrived.roundTrip(), now)));
        }
    }

    private double millis() {
        return Duration.between(Instant.EPOCH, now).toNanos() / 1e6;
    }
}
