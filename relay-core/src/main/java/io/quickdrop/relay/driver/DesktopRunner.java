package io.quickdrop.relay.driver;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.ViewerMessage;
import io.quickdrop.protocol.ViewerMessage.CommandStatus;
import io.quickdrop.relay.desktop.AgentId;
import io.quickdrop.relay.desktop.CommandInput;
import io.quickdrop.relay.desktop.DesktopRoom;
import io.quickdrop.relay.desktop.RoomInput;
import io.quickdrop.relay.desktop.RoomOutput;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The place of one desktop, connected or not: runs its {@link DesktopRoom} and its commands with one inbox, one timer and
 * one row of calls to the registry, so that a newer registration is always behind an older one.
 */
final class DesktopRunner {
    private static final System.Logger LOG = System.getLogger(DesktopRunner.class.getName());
    /** How often the registry is told that a connected desktop was seen. */
    private static final Duration SEEN_EVERY = Duration.ofMinutes(1);

    /** An agent whose registration is stored. */
    record Arrival(
            AgentId id,
            ClientInfo info,
            HandshakeAck ack,
            Generation generation,
            @Nullable String fingerprint,
            AgentVoice voice) {}

    /** Told what became of a registration. */
    interface Stored {
        void done(long epoch, @Nullable Exception failure);
    }

    private final DesktopRelay relay;
    private final String clientId;
    private final DesktopCard card;
    private final SerialInbox<Runnable> inbox;
    private final SerialInbox<Runnable> storage;
    private final DeadlineTimer timer;
    private final DesktopCommands commands;
    private final Watching watching = new Watching();
    private DesktopRoom room;
    private @Nullable Arrival present;
    private Instant seenNext = Instant.MAX;
    private volatile boolean removed;
    private int claims;

    DesktopRunner(DesktopRelay relay, String clientId, long handle) {
        this.relay = relay;
        this.clientId = clientId;
        this.card = new DesktopCard(clientId, handle);
        this.inbox = new SerialInbox<>(relay.workers().machines(), this::run);
        this.storage = new SerialInbox<>(relay.blocking(), Runnable::run);
        this.timer = new DeadlineTimer(relay.workers(), () -> inbox.add(this::tick));
        this.commands = new DesktopCommands(relay, clientId, (agent, command) -> toAgent(agent, command));
        this.room = newRoom();
    }

    private DesktopRoom newRoom() {
        return new DesktopRoom(clientId, relay.config().room(), viewer -> relay.viewer(viewer)
                .map(ViewerVoice::pendingBytes)
                .orElse(0L));
    }

    // ---- under the directory's lock for this desktop

    void claim() {
        claims++;
    }

    /** Whether nobody needs it any more. */
    boolean release() {
        claims--;
        return claims == 0;
    }

    // ---- safe on any thread

    String clientId() {
        return clientId;
    }

    long handle() {
        return card.handle();
    }

    DesktopCard card() {
        return card;
    }

    /** Has the registry store that the desktop registers. */
    void store(ClientInfo info, Generation generation, Instant wallTime, Stored then) {
        storage.add(() -> {
            if (removed) {
                then.done(
                        0,
                        new StorageException(
                                StorageException.Kind.FAILED, "desktop " + clientId + " is being removed"));
                return;
            }
            try {
                then.done(relay.registry().register(info, generation, wallTime), null);
            } catch (StorageException | RuntimeException failure) {
                then.done(0, failure);
            }
        });
    }

    /** @param serving runs when everything that comes behind the acknowledgement is this room's */
    void agentCame(Arrival arrival, Runnable serving) {
        inbox.add(() -> came(arrival, serving));
    }

    void agentGone(AgentId agent) {
        inbox.add(() -> {
            Arrival was = present;
            if (was != null && was.id().equals(agent)) {
                present = null;
                seenNext = Instant.MAX;
                room(new RoomInput.AgentGone(agent));
                commands.take(new CommandInput.AgentGone(agent));
                recordSeen(was);
                card.left(relay.wallTime(), room.view());
                relay.news().disconnected(clientId, false);
            }
        });
    }

    /** @param settled runs when the frame is no longer on its way */
    void frame(AgentId agent, Frame frame, Runnable settled) {
        inbox.add(() -> {
            try {
                if (isPresent(agent)) {
                    if (frame.header().rendition() == Rendition.SCREENSHOT) {
                        relay.screenshots().part(clientId, frame);
                    } else {
                        room(new RoomInput.FrameCame(agent, frame));
                    }
                }
            } finally {
                settled.run();
            }
        });
    }

    void fromAgent(AgentId agent, AgentMessage message) {
        inbox.add(() -> {
            Arrival from = present;
            if (from == null || !from.id().equals(agent)) {
                return;
            }
            if (message instanceof AgentMessage.AgentStatus status) {
                room(new RoomInput.StatusCame(agent, status));
            } else if (message instanceof AgentMessage.CommandResult result) {
                commands.result(agent, result);
            } else {
                from.voice()
                        .fault(LinkMessage.Problem.of(
                                ErrorReason.UNKNOWN_TYPE + TextCodec.typeOf(message),
                                "not allowed from a registered desktop"));
            }
        });
    }

    /** An agent of v1 asks for its commands; {@code then} runs when it was told them. */
    void polled(AgentId agent, Runnable then) {
        inbox.add(() -> {
            commands.take(new CommandInput.Polled(agent));
            then.run();
        });
    }

    void viewer(RoomInput input) {
        inbox.add(() -> {
            if (!removed) {
                watching.note(input, card.primaryScreen());
                room(input);
            }
        });
    }

    void command(CommandInput.Asked asked, Consumer<CommandStatus> told) {
        inbox.add(() -> commands.ask(asked, told));
    }

    /** The desktop is no longer enrolled: whoever looks is told, and nothing comes back. */
    void remove() {
        removed = true;
        inbox.add(() -> {
            timer.cancel();
            Arrival was = present;
            if (was != null) {
                was.voice().drop(CloseCode.FORBIDDEN, "this desktop was revoked");
                room(new RoomInput.AgentGone(was.id()));
                commands.take(new CommandInput.AgentGone(was.id()));
                present = null;
            }
            watching.each((viewer, stream) -> relay.viewer(viewer)
                    .ifPresent(voice -> voice.tell(new ViewerMessage.StreamStopped(
                            clientId, stream.screen(), stream.rendition(), "desktop_removed"))));
            relay.news().disconnected(clientId, true);
        });
        storage.add(() -> {
            try {
                relay.registry().remove(clientId);
            } catch (StorageException | RuntimeException failure) {
                LOG.log(System.Logger.Level.ERROR, "desktop " + clientId + " could not be removed", failure);
            }
        });
    }

    void shutDown() {
        inbox.add(() -> {
            removed = true;
            timer.cancel();
        });
    }

    // ---- on the inbox's thread

    private void run(Runnable task) {
        task.run();
        if (!removed) {
            timer.arm(deadline());
        }
    }

    private Optional<Instant> deadline() {
        return Stream.of(room.deadline(), commands.deadline(), Optional.of(seenNext))
                .flatMap(Optional::stream)
                .filter(time -> time.isBefore(Instant.MAX))
                .min(Instant::compareTo);
    }

    private void tick() {
        if (removed) {
            return;
        }
        room(new RoomInput.Tick());
        commands.take(new CommandInput.Tick());
        Arrival seen = present;
        if (seen != null && !relay.workers().now().isBefore(seenNext)) {
            seenNext = relay.workers().now().plus(SEEN_EVERY);
            recordSeen(seen);
        }
    }

    private void recordSeen(Arrival agent) {
        Instant wallTime = relay.wallTime();
        storage.add(() -> {
            try {
                relay.registry().seen(clientId, agent.ack().epoch(), wallTime);
            } catch (StorageException | RuntimeException failure) {
                LOG.log(System.Logger.Level.WARNING, "desktop " + clientId + ": last seen was not stored", failure);
            }
        });
    }

    private void came(Arrival arrival, Runnable serving) {
        Arrival before = present;
        if (removed) {
            arrival.voice().drop(CloseCode.FORBIDDEN, "this desktop was revoked");
            return;
        }
        if (before != null && before.ack().epoch() > arrival.ack().epoch()) {
            arrival.voice().drop(CloseCode.SUPERSEDED, "a newer connection of this desktop is registered");
            return;
        }
        present = arrival;
        seenNext = relay.workers().now().plus(SEEN_EVERY);
        if (before != null) {
            before.voice().drop(CloseCode.SUPERSEDED, "a newer connection of this desktop registered");
        }
        serving.run();
        arrival.voice().tell(arrival.ack());
        boolean whole = arrival.generation() == Generation.V1;
        card.came(arrival, relay.wallTime());
        room(new RoomInput.AgentCame(
                arrival.id(),
                arrival.info(),
                arrival.ack().epoch(),
                card.handle(),
                whole ? RoomInput.AgentKind.WHOLE_PICTURES : RoomInput.AgentKind.RENDITIONS));
        commands.take(new CommandInput.AgentCame(
                arrival.id(), whole ? CommandInput.Delivery.POLLED : CommandInput.Delivery.PUSHED));
        card.changed(room.view());
        relay.news().connected(card.client(relay.wallTime()));
    }

    private boolean isPresent(AgentId agent) {
        return present != null && present.id().equals(agent);
    }

    private void room(RoomInput input) {
        try {
            for (RoomOutput order : room.handle(input, relay.workers().now())) {
                carryOut(order);
            }
        } catch (RuntimeException | AssertionError bug) {
            LOG.log(System.Logger.Level.ERROR, "the room of desktop " + clientId + " is emptied by a bug", bug);
            startAnew();
        }
    }

    /** A room with a bug is replaced; its agent comes back by itself, and its viewers are taken along. */
    private void startAnew() {
        room = newRoom();
        Arrival was = present;
        if (was != null) {
            was.voice().drop(CloseCode.TRY_AGAIN_LATER, "internal error");
        }
        watching.each((viewer, stream) -> room.handle(
                new RoomInput.ViewerCame(viewer, stream.name(), stream.screen(), stream.rendition()),
                relay.workers().now()));
    }

    private void carryOut(RoomOutput order) {
        if (order instanceof RoomOutput.Picture picture) {
            relay.viewer(picture.viewer()).ifPresent(voice -> voice.show(picture.frame()));
        } else if (order instanceof RoomOutput.ToViewer to) {
            relay.viewer(to.viewer()).ifPresent(voice -> voice.tell(to.message()));
        } else if (order instanceof RoomOutput.ToAgent to) {
            toAgent(to.agent(), to.message());
        } else if (order instanceof RoomOutput.NoSuchStream none) {
            relay.viewer(none.viewer())
                    .ifPresent(voice -> voice.refuse(LinkMessage.Problem.of(none.reason(), none.detail())));
        } else if (order instanceof RoomOutput.FrameRefused refused) {
            Arrival to = present;
            if (to != null && to.id().equals(refused.agent())) {
                to.voice().fault(LinkMessage.Problem.of(refused.reason(), refused.detail()));
            }
        } else if (order instanceof RoomOutput.ViewChanged) {
            card.changed(room.view());
            relay.news().changed(clientId);
        } else {
            throw new AssertionError("order without a case: " + order);
        }
    }

    private void toAgent(AgentId agent, AgentMessage message) {
        Arrival to = present;
        if (to != null && to.id().equals(agent)) {
            to.voice().tell(message);
        }
    }
}
