package io.quickdrop.relay.desktop.pull;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.RelayAck;
import io.quickdrop.protocol.AgentMessage.RequestKeyframe;
import io.quickdrop.protocol.AgentMessage.StartCapture;
import io.quickdrop.protocol.AgentMessage.ViewerReport;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.ViewerMessage.StreamStopped;
import io.quickdrop.relay.desktop.StreamKey;
import io.quickdrop.relay.link.Backoff;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings one desktop of another instance here: to its room it is an agent, to the other instance a viewer.
 *
 * <p>What it guarantees, whatever the order of its inputs: at most one connection is used at a time, and every other one that
 * comes to be open is closed; no picture of an older registration is delivered behind one of a newer; a connection exists
 * only while somebody looks, and a little longer; where the other instance can't be reached the room is told, and it is tried
 * again for as long as somebody looks; nothing is kept of what was not asked for.
 *
 * <p>Pure; confined to one thread; {@code now} is monotonic (time that goes backwards is clamped).
 */
public final class PullLink {
    /** What there is of a connection. */
    private sealed interface Way {
        /** None, and none is tried. */
        record Closed() implements Way {}

        /** An attempt, given up at {@code by}. */
        record Dialing(long generation, Instant by) implements Way {}

        /** A connection. */
        record Open(long generation) implements Way {}

        /** The next attempt is made at {@code until}. */
        record Waiting(Instant until) implements Way {}
    }

    private final PullConfig config;
    private final Backoff retries;
    private final PulledStreams streams;
    private List<PullOutput> orders = new ArrayList<>();
    private Way way = new Way.Closed();
    private @Nullable String origin;
    private @Nullable ViewerReport report;
    private @Nullable String away;
    private @Nullable Instant unwantedSince;
    private long epoch;
    private long generations;
    private Instant now = Instant.MIN;

    /** @param clientId the desktop's */
    public PullLink(String clientId, PullConfig config) {
        this.config = config;
        this.retries = new Backoff(config.firstRetry(), config.longestRetry());
        this.streams = new PulledStreams(clientId, config, this::send);
    }

    /** Takes one fact and returns what follows from it, in order. */
    public List<PullOutput> handle(PullInput input, Instant at) {
        now = at.isAfter(now) ? at : now;
        if (input instanceof PullInput.IsAt is) {
            isAt(is);
        } else if (input instanceof PullInput.IsNowhere) {
            isNowhere();
        } else if (input instanceof PullInput.RoomSaid said) {
            roomSaid(said.message());
        } else if (input instanceof PullInput.Opened opened) {
            opened(opened.generation());
        } else if (input instanceof PullInput.Closed closed) {
            if (isPresent(closed.generation())) {
                lost(closed.random());
            }
        } else if (input instanceof PullInput.Said said) {
            if (isOpen(said.generation())) {
                said(said.message());
            }
        } else if (input instanceof PullInput.FrameCame came) {
            if (isOpen(came.generation())) {
                frame(came.frame());
            }
        } else if (!(input instanceof PullInput.Tick)) {
            throw new AssertionError("input without a case: " + input);
        }
        settle();
        List<PullOutput> taken = orders;
        orders = new ArrayList<>();
        return taken;
    }

    /** When to send a {@link PullInput.Tick} at the latest; an early one does nothing. Empty: never. */
    public Optional<Instant> deadline() {
        if (origin == null || way instanceof Way.Closed) {
            return Optional.empty();
        }
        Instant at = unwantedSince == null ? Instant.MAX : unwantedSince.plus(config.linger());
        if (way instanceof Way.Dialing dialing) {
            at = earlier(at, dialing.by());
        } else if (way instanceof Way.Waiting waiting) {
            at = earlier(at, waiting.until());
        } else {
            at = earlier(at, streams.dueAt());
        }
        return at.equals(Instant.MAX) ? Optional.empty() : Optional.of(at);
    }

    /** The instance that has the desktop, as far as is known here; empty for none. */
    public Optional<String> origin() {
        return Optional.ofNullable(origin);
    }

    /** The newest registration that is known here; 0 for none. */
    public long epoch() {
        return epoch;
    }

    // ---- where the desktop is

    private void isAt(PullInput.IsAt is) {
        boolean newer = is.epoch() > epoch;
        if (origin == null ? is.epoch() < epoch : !newer) {
            return; // told late
        }
        if (origin != null && !origin.equals(is.instanceId())) {
            disconnect("the desktop is connected to another instance");
            retries.reset();
        }
        origin = is.instanceId();
        came(is.epoch());
    }

    /** To the room another agent has come, which it tells at once what it wants. */
    private void came(long newest) {
        epoch = newest;
        away = null;
        orders.add(new PullOutput.Came(newest));
    }

    private void isNowhere() {
        if (origin == null) {
            return;
        }
        disconnect("the desktop is not connected there any more");
        origin = null;
        away = null;
        report = null;
        unwantedSince = null;
        retries.reset();
        streams.wish(List.of());
        orders.add(new PullOutput.Left());
    }

    // ---- what the room says

    private void roomSaid(AgentMessage message) {
        if (message instanceof StartCapture wish) {
            streams.wish(wish.screens());
        } else if (message instanceof AgentMessage.StopCapture) {
            streams.wish(List.of());
        } else if (message instanceof ViewerReport newest) {
            report = newest;
            send(newest);
        } else if (message instanceof RelayAck ack) {
            streams.taken(ack);
        } else if (message instanceof RequestKeyframe request
                && streams.isStarted(new StreamKey(request.screen(), request.rendition()))) {
            send(request);
        } // else what only agents understand: commands go through the store
    }

    private boolean isWanted() {
        ViewerReport newest = report;
        return streams.areWished() || (newest != null && newest.viewers() > 0);
    }

    // ---- the connection

    private void opened(long generation) {
        if (way instanceof Way.Dialing dialing && dialing.generation() == generation) {
            way = new Way.Open(generation);
            streams.begin();
            streams.settle(now); // the report is about what was asked for before it
            if (report != null) {
                send(report);
            }
        } else if (!isOpen(generation)) {
            orders.add(new PullOutput.Disconnect(generation, "too late"));
        }
    }

    private void connect() {
        if (origin != null) {
            generations++;
            way = new Way.Dialing(generations, now.plus(config.connectWithin()));
            orders.add(new PullOutput.Connect(generations, origin));
        }
    }

    private void lost(double random) {
        way = new Way.Waiting(now.plus(retries.next(random)));
        streams.end();
        goes(StreamStopped.ORIGIN_UNREACHABLE);
    }

    private void disconnect(String reason) {
        if (way instanceof Way.Dialing dialing) {
            orders.add(new PullOutput.Disconnect(dialing.generation(), reason));
        } else if (way instanceof Way.Open open) {
            orders.add(new PullOutput.Disconnect(open.generation(), reason));
        }
        way = new Way.Closed();
        streams.end();
    }

    private boolean isOpen(long generation) {
        return way instanceof Way.Open open && open.generation() == generation;
    }

    private boolean isPresent(long generation) {
        return isOpen(generation) || (way instanceof Way.Dialing dialing && dialing.generation() == generation);
    }

    private void send(Message message) {
        if (way instanceof Way.Open open) {
            orders.add(new PullOutput.Send(open.generation(), message));
        }
    }

    // ---- what the other instance says

    private void said(Message message) {
        PulledStreams.News news = streams.said(message, epoch, now);
        if (news instanceof PulledStreams.News.Served served) {
            retries.reset();
            if (served.epoch() > epoch) {
                came(served.epoch()); // the list of the store is on its way
            } else if (away != null) {
                away = null;
                orders.add(new PullOutput.Back());
            }
        } else if (news instanceof PulledStreams.News.NotServed not) {
            goes(not.reason());
        } else if (news instanceof PulledStreams.News.Stats told) {
            orders.add(new PullOutput.Tell(told.stats()));
        }
    }

    private void frame(Frame frame) {
        StreamKey key = new StreamKey(frame.header().screen(), frame.header().rendition());
        if (frame.header().epoch() == epoch && streams.isStarted(key)) {
            orders.add(new PullOutput.Deliver(frame));
        }
    }

    private void goes(String reason) {
        if (!reason.equals(away)) {
            away = reason;
            orders.add(new PullOutput.Away(reason));
        }
    }

    // ---- what time and all of it together bring

    private void settle() {
        if (origin == null) {
            return;
        }
        if (isWanted()) {
            unwantedSince = null;
        } else if (unwantedSince == null) {
            unwantedSince = now;
        }
        if (unwantedSince != null && !now.isBefore(unwantedSince.plus(config.linger()))) {
            rest();
        } else if (way instanceof Way.Dialing dialing && !now.isBefore(dialing.by())) {
            disconnect("no answer in time");
            lost(0.5);
        }
        boolean again = way instanceof Way.Waiting waiting && !now.isBefore(waiting.until());
        if (again || (way instanceof Way.Closed && streams.areWished())) {
            connect();
        }
        if (way instanceof Way.Open) {
            streams.settle(now);
        }
    }

    /** Nobody looks: who comes next finds a desktop of which nothing bad is known. */
    private void rest() {
        disconnect("nobody looks any more");
        retries.reset();
        if (away != null) {
            away = null;
            orders.add(new PullOutput.Back());
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
