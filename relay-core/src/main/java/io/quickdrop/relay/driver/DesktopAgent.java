package io.quickdrop.relay.driver;

import io.quickdrop.relay.desktop.CapturePlan;
import io.quickdrop.relay.desktop.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Registers a desktop and sends its pictures, over as many connections as it takes: tells the {@link Desktop} what to
 * capture, says when there is room for one more frame, connects again with full jitter, and finds a dead connection by
 * itself.
 *
 * <p>A capture thread asks for a {@link #turn} once for each {@link Pace#interval} and each stream of the plan, and captures
 * only if it gets one: what can't be sent is skipped before it is encoded. Safe on any thread.
 */
public final class DesktopAgent implements AutoCloseable {
    private final Workers workers;
    private final Streams streams = new Streams();
    private final CompletableFuture<Void> outcome = new CompletableFuture<>();

    /** Begins to connect at once. */
    public DesktopAgent(Desktop desktop, Credentials credentials, Connector connector, Workers workers) {
        this.workers = workers;
    }

    /** The right to capture one frame of this stream now; empty if it is not wanted or there is no room for it. */
    public Optional<Turn> turn(int screen, int rendition) {
        return streams.turn(new CapturePlan.Stream(screen, rendition));
    }

    /** How fast and how well to capture now. */
    public Pace pace() {
        return streams.pace();
    }

    /** The clock of {@link Capture#captureMicros}: monotonic, microseconds. */
    public long nowMicros() {
        return Duration.between(Instant.EPOCH, workers.now()).toNanos() / 1000;
    }

    /** The screens can't be captured, for the reason given for people; null: they can again. */
    public void trouble(@Nullable String reason) {}

    /** Registers anew, since {@link Desktop#info} has changed: a monitor came or went. */
    public void registerAnew() {}

    /** Completes normally by {@link #close}, exceptionally with {@link RegistrationException} if it can't go on. */
    public CompletionStage<Void> outcome() {
        return outcome;
    }

    /** Leaves the server. */
    @Override
    public void close() {
        outcome.complete(null);
    }
}
