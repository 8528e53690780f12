package io.quickdrop.relay.driver.pull;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.ViewerMessage.StreamStats;
import io.quickdrop.protocol.ViewerMessage.StreamStopped;
import io.quickdrop.relay.desktop.pull.PullConfig;
import io.quickdrop.relay.desktop.pull.PullInput;
import io.quickdrop.relay.desktop.pull.PullLink;
import io.quickdrop.relay.desktop.pull.PullOutput;
import io.quickdrop.relay.driver.client.ClientLink;
import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.relay.driver.threads.SerialInbox;
import io.quickdrop.relay.driver.threads.Workers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Runs the {@link PullLink} of one desktop: makes its connections, and takes what comes to the desktop's room. Confined to the
 * room's thread.
 */
public final class DesktopPull {
    private static final System.Logger LOG = System.getLogger(DesktopPull.class.getName());
    /** An instance is near; one that freezes is found out sooner than a phone that walks through a door. */
    private static final Duration BEAT = Duration.ofSeconds(2);

    private static final int SILENT_BEATS = 4;

    /** The room of the desktop here. Called on its thread. */
    public interface Room {
        /** The desktop has this registration now, elsewhere. */
        void came(long epoch);

        /** The desktop is connected to no other instance any more. */
        void left();

        /**
         * Nothing comes for now.
         *
         * @param reason as in {@link StreamStopped}
         * @param url where else it can be looked at; null for nowhere
         */
        void away(String reason, @Nullable String url);

        /** Pictures come again, from the beginning. */
        void back();

        /** Pictures. */
        void pictures(Frame frame);

        /** How the other instance does with them. */
        void stats(StreamStats stats);
    }

    private final String clientId;
    private final PullConfig config;
    private final Workers workers;
    private final SerialInbox<Runnable> inbox;
    private final Neighbours neighbours;
    private final Room room;
    private final PullLink machine;
    /** What is to be handled behind what is being handled: the room answers while it is told something. */
    private final Queue<PullInput> waiting = new ArrayDeque<>();

    private boolean handling;
    private @Nullable Line line;

    /** @param inbox runs tasks on the room's thread */
    public DesktopPull(
            String clientId,
            PullConfig config,
            Workers workers,
            SerialInbox<Runnable> inbox,
            Neighbours neighbours,
            Room room) {
        this.clientId = clientId;
        this.config = config;
        this.workers = workers;
        this.inbox = inbox;
        this.neighbours = neighbours;
        this.room = room;
        this.machine = new PullLink(clientId, config);
    }

    /** The store says where the desktop is. */
    public void isAt(String instanceId, long epoch) {
        take(new PullInput.IsAt(instanceId, epoch));
    }

    /** The desktop is at no other instance. */
    public void isNowhere() {
        take(new PullInput.IsNowhere());
    }

    /** The room tells its agent something. */
    public void said(AgentMessage message) {
        take(new PullInput.RoomSaid(message));
    }

    /** Whether the desktop is known to be at another instance. */
    public boolean isElsewhere() {
        return machine.origin().isPresent();
    }

    /** The newest registration elsewhere that is known; 0 for none. */
    public long epoch() {
        return machine.epoch();
    }

    /** Does what is due. */
    public void tick() {
        Line open = line;
        if (open != null) {
            open.link.tick(workers.now());
        }
        take(new PullInput.Tick());
    }

    /** When to {@link #tick}. */
    public Optional<Instant> deadline() {
        Optional<Instant> own = machine.deadline();
        Line open = line;
        if (open == null) {
            return own;
        }
        Instant link = open.link.deadline();
        return own.isPresent() && own.get().isBefore(link) ? own : Optional.of(link);
    }

    private void take(PullInput input) {
        waiting.add(input);
        if (handling) {
            return;
        }
        handling = true;
        try {
            for (PullInput next = waiting.poll(); next != null; next = waiting.poll()) {
                for (PullOutput order : machine.handle(next, workers.now())) {
                    carryOut(order);
                }
            }
        } finally {
            handling = false;
        }
    }

    private void carryOut(PullOutput order) {
        if (order instanceof PullOutput.Deliver deliver) {
            room.pictures(deliver.frame());
        } else if (order instanceof PullOutput.Send send) {
            Line open = line;
            if (open != null && open.generation == send.generation()) {
                open.link.send(send.message());
            }
        } else if (order instanceof PullOutput.Connect connect) {
            connect(connect);
        } else if (order instanceof PullOutput.Disconnect disconnect) {
            disconnect(disconnect);
        } else if (order instanceof PullOutput.Came came) {
            room.came(came.epoch());
        } else if (order instanceof PullOutput.Left) {
            room.left();
        } else if (order instanceof PullOutput.Away away) {
            room.away(away.reason(), url(away.reason()));
        } else if (order instanceof PullOutput.Back) {
            room.back();
        } else if (order instanceof PullOutput.Tell tell) {
            room.stats(tell.stats());
        } else {
            throw new AssertionError("order without a case: " + order);
        }
    }

    private @Nullable String url(String reason) {
        return reason.equals(StreamStopped.ORIGIN_UNREACHABLE)
                ? machine.origin()
                        .flatMap(neighbours::offer)
                        .map(Elsewhere::url)
                        .orElse(null)
                : null;
    }

    private void connect(PullOutput.Connect connect) {
        Line fresh = new Line(connect.generation());
        line = fresh;
        Optional<Connector> way = neighbours.way(connect.instanceId());
        if (way.isPresent()) {
            way.get().connect(fresh.link);
        } else {
            fresh.lost(CloseCode.TRY_AGAIN_LATER.code(), "instance " + connect.instanceId() + " is not known");
        }
    }

    private void disconnect(PullOutput.Disconnect disconnect) {
        Line open = line;
        if (open != null && open.generation == disconnect.generation()) {
            line = null;
            open.link.abandon(CloseCode.NORMAL, disconnect.reason()); // and if it opens later, it is closed then
        }
    }

    /** One attempt to connect, and the connection that it becomes. */
    private final class Line implements ClientLink.Owner {
        private final long generation;
        private final ClientLink link;

        Line(long generation) {
            this.generation = generation;
            this.link =
                    new ClientLink(workers, inbox, this, config.connectWithin().multipliedBy(2));
            link.beat(BEAT, SILENT_BEATS);
        }

        @Override
        public void opened() {
            take(new PullInput.Opened(generation));
        }

        @Override
        public void said(Message message) {
            take(new PullInput.Said(generation, message));
        }

        @Override
        public void sent(ByteBuffer message) {
            Decoded<Frame> decoded = Frame.decode(message, Frame.MAX_PULLED_BYTES);
            if (decoded instanceof Decoded.Accepted<Frame> accepted) {
                take(new PullInput.FrameCame(generation, accepted.value()));
            } else if (decoded instanceof Decoded.Rejected<Frame> rejected) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        () -> "desktop " + clientId + " is not pulled: its instance sent what is no frame: "
                                + rejected.detail());
                link.abandon(CloseCode.POLICY, rejected.detail());
                lost(CloseCode.POLICY.code(), rejected.detail());
            }
        }

        @Override
        public void drained(long pendingBytes) {}

        @Override
        public void lost(int code, String reason) {
            if (line == this) {
                line = null;
                LOG.log(
                        System.Logger.Level.INFO,
                        () -> "desktop " + clientId + ": the way to its instance is gone: " + code + " " + reason);
            }
            take(new PullInput.Closed(generation, workers.random()));
        }
    }
}
