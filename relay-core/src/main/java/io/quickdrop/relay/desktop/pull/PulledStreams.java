package io.quickdrop.relay.desktop.pull;

import io.quickdrop.protocol.AgentMessage.RelayAck;
import io.quickdrop.protocol.AgentMessage.ScreenWish;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.LinkMessage.Problem;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.ViewerMessage.PaintedAck;
import io.quickdrop.protocol.ViewerMessage.StartStream;
import io.quickdrop.protocol.ViewerMessage.StopStream;
import io.quickdrop.protocol.ViewerMessage.StreamStarted;
import io.quickdrop.protocol.ViewerMessage.StreamStats;
import io.quickdrop.protocol.ViewerMessage.StreamStopped;
import io.quickdrop.relay.desktop.StreamKey;
import io.quickdrop.relay.link.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one desktop that are asked for on the present connection, and what was taken of them. Pure; confined to one
 * thread.
 */
final class PulledStreams {
    /**
     * Between two acknowledgements: a peer may send 640 a second. The newest of a stream stands for all before it, so that
     * none is lost by waiting.
     */
    private static final Duration ACK_SPACING = Duration.ofMillis(2);

    /** What the other instance's word means. */
    sealed interface News {
        /** Pictures of this registration follow. */
        record Served(long epoch) implements News {}

        /** Nothing follows for now. */
        record NotServed(String reason) implements News {}

        /** How it does. */
        record Stats(StreamStats stats) implements News {}
    }

    private final String clientId;
    private final Consumer<Message> send;
    private final Backoff refusals;
    private final Set<StreamKey> wished = new LinkedHashSet<>();
    /** What the other instance was asked for on this connection. */
    private final Set<StreamKey> asked = new LinkedHashSet<>();
    /** What of it was begun. */
    private final Set<StreamKey> started = new HashSet<>();

    private final Map<StreamKey, RelayAck> taken = new LinkedHashMap<>();
    private @Nullable Instant askAgainAt;
    private Instant nextAck = Instant.MIN;

    PulledStreams(String clientId, PullConfig config, Consumer<Message> send) {
        this.clientId = clientId;
        this.send = send;
        this.refusals = new Backoff(config.firstRetry(), config.longestRetry());
    }

    /** What is wanted now, and nothing else. */
    void wish(List<ScreenWish> screens) {
        wished.clear();
        for (ScreenWish wish : screens) {
            wish.renditions().forEach(rendition -> wished.add(new StreamKey(wish.screen(), rendition)));
        }
    }

    boolean areWished() {
        return !wished.isEmpty();
    }

    /** Whether pictures of it are expected. */
    boolean isStarted(StreamKey key) {
        return started.contains(key);
    }

    /** The room has these pictures, and all before them. */
    void taken(RelayAck ack) {
        StreamKey key = new StreamKey(ack.screen(), ack.rendition());
        if (started.contains(key)) {
            taken.put(key, ack);
        }
    }

    /** A connection is open, on which nothing was asked for. */
    void begin() {
        end();
        refusals.reset();
    }

    /** There is no connection. */
    void end() {
        asked.clear();
        started.clear();
        taken.clear();
        askAgainAt = null;
    }

    /** The other instance said this; null if it means nothing here. */
    @Nullable
    News said(Message message, long epoch, Instant now) {
        if (message instanceof StreamStarted begun && begun.desktopClientId().equals(clientId)) {
            return started(begun, epoch);
        } else if (message instanceof StreamStopped stopped
                && stopped.desktopClientId().equals(clientId)) {
            return stopped(stopped, now);
        } else if (message instanceof StreamStats stats
                && stats.desktopClientId().equals(clientId)) {
            return new News.Stats(stats);
        } else if (message instanceof Problem problem) {
            return refused(problem.reason(), now);
        }
        return null;
    }

    private @Nullable News started(StreamStarted begun, long epoch) {
        StreamKey key = new StreamKey(begun.monitorId(), begun.rendition());
        if (begun.epoch() < epoch || !asked.contains(key)) {
            return null; // of a registration that is over, though its instance does not know yet; or stopped since
        }
        started.add(key);
        refusals.reset();
        if (started.containsAll(asked)) {
            askAgainAt = null;
        }
        return new News.Served(begun.epoch());
    }

    private @Nullable News stopped(StreamStopped stopped, Instant now) {
        StreamKey key = new StreamKey(stopped.monitorId(), stopped.rendition());
        if (stopped.reason().equals(StreamStopped.ASKED) || !started.remove(key)) {
            return null;
        }
        askAgain(now);
        return new News.NotServed(StreamStopped.DESKTOP_GONE);
    }

    private @Nullable News refused(String reason, Instant now) {
        if (started.containsAll(asked)) {
            return null; // about something else
        }
        askAgain(now);
        if (!started.isEmpty()) {
            return null; // one screen less
        }
        boolean gone = reason.equals(ErrorReason.DESKTOP_OFFLINE) || reason.equals(ErrorReason.DESKTOP_UNKNOWN);
        return new News.NotServed(gone ? StreamStopped.DESKTOP_GONE : StreamStopped.ORIGIN_UNREACHABLE);
    }

    private void askAgain(Instant now) {
        if (askAgainAt == null) {
            askAgainAt = now.plus(refusals.next(0.5));
        }
    }

    /** Asks for what is wanted and not asked for, stops what is not wanted, and acknowledges. */
    void settle(Instant now) {
        for (StreamKey key : List.copyOf(asked)) {
            if (!wished.contains(key)) {
                asked.remove(key);
                started.remove(key);
                taken.remove(key);
                send.accept(new StopStream(clientId, key.screen(), key.rendition()));
            }
        }
        boolean again = askAgainAt != null && !now.isBefore(askAgainAt);
        if (again) {
            askAgainAt = null;
        }
        for (StreamKey key : wished) {
            if (asked.add(key) || (again && !started.contains(key))) {
                send.accept(new StartStream(clientId, key.screen(), key.rendition()));
            }
        }
        if (!now.isBefore(nextAck) && !taken.isEmpty()) {
            nextAck = now.plus(ACK_SPACING.multipliedBy(taken.size()));
            new ArrayList<>(taken.values()).forEach(this::acknowledge);
            taken.clear();
        }
    }

    /** To the other instance, a picture that lies here is painted: whoever looks here has a window of his own. */
    private void acknowledge(RelayAck ack) {
        send.accept(new PaintedAck(
                clientId,
                ack.screen(),
                ack.rendition(),
                ack.epoch(),
                ack.frameNumber(),
                ack.frameNumber(),
                0,
                0,
                false));
    }

    /** When to {@link #settle} again at the latest; {@link Instant#MAX} for never. */
    Instant dueAt() {
        Instant at = askAgainAt == null ? Instant.MAX : askAgainAt;
        return !taken.isEmpty() && nextAck.isBefore(at) ? nextAck : at;
    }
}
