package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.ViewerMessage;
import io.quickdrop.relay.desktop.AgentId;
import io.quickdrop.relay.desktop.DesktopRoom;
import io.quickdrop.relay.desktop.RoomInput;
import io.quickdrop.relay.desktop.RoomOutput;
import io.quickdrop.relay.desktop.command.CommandInput;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.pull.RemoteDesktop;
import io.quickdrop.relay.driver.threads.DeadlineTimer;
import io.quickdrop.relay.driver.threads.SerialInbox;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The place of one desktop, connected or not: runs its {@link DesktopRoom} and its commands with one inbox, one timer and
 * one row of calls to the registry, so that a newer registration is always behind an older one.
 */
final class DesktopRunner {
    private static final System.Logger LOG = System.getLogger(DesktopRunner.class.getName());

    private final DesktopRelay relay;
    private final String clientId;
    private final DesktopCard card;
    private final SerialInbox<Runnable> inbox;
    private final DesktopRecord record;
    private final DeadlineTimer timer;
    private final DesktopCommands commands;
    private final RoomOrders orders;
    private final Watching watching = new Watching();
    private final DesktopOrigin origin;
    private DesktopRoom room;
    private volatile @Nullable AgentArrival present;
    private volatile boolean removed;
    private int claims;
    /** Whether the room was made anew, and viewers are still to be brought in. */
    private boolean anew;

    DesktopRunner(DesktopRelay relay, String clientId, long handle) {
        this.relay = relay;
        this.clientId = clientId;
        this.card = new DesktopCard(clientId, handle);
        this.inbox = new SerialInbox<>(relay.workers().machines(), this::run);
        this.record = new DesktopRecord(relay, clientId);
        this.timer = new DeadlineTimer(relay.workers(), () -> inbox.add(this::tick));
        this.orders = new RoomOrders(relay, this::voice, this::changed);
        this.commands = new DesktopCommands(relay, clientId, orders::toAgent, this::commandFact);
        this.room = newRoom();
        this.origin = new DesktopOrigin(relay, card, clientId, inbox, watching, this::fromOrigin);
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

    /** What the registry keeps of it. */
    DesktopRecord record() {
        return record;
    }

    /** Of the registration that is served here now. */
    OptionalLong epochHere() {
        AgentArrival now = present;
        return now == null ? OptionalLong.empty() : OptionalLong.of(now.ack().epoch());
    }

    /** The registry says that this registration, or an older one, is not this instance's any more. */
    void fenced(long epoch, String why) {
        inbox.add(() -> {
            AgentArrival was = present;
            if (was != null && was.ack().epoch() <= epoch) {
                was.voice().drop(CloseCode.SUPERSEDED, why);
                gone(was); // without waiting for the close: nothing more of it is served
            }
        });
    }

    /**
     * What the store says of it, told by another instance or by none; null for nothing.
     *
     * @param settled runs when that is known to everybody
     */
    void elsewhere(@Nullable RemoteDesktop desktop, Runnable settled) {
        inbox.add(() -> {
            AgentArrival here = present;
            if (!removed && (here == null || (desktop != null && here.ack().epoch() < desktop.epoch()))) {
                if (here != null) {
                    here.voice()
                            .drop(CloseCode.SUPERSEDED, "a newer connection of this desktop is registered elsewhere");
                    gone(here);
                }
                if (desktop == null) {
                    origin.isNowhere();
                } else {
                    origin.isAt(desktop);
                }
                card.changed(room.view());
            }
            settled.run();
        });
    }

    /** Closes its agent's connection; the desktop may come back, here or elsewhere. */
    void drop(CloseCode code, String why) {
        inbox.add(() -> {
            AgentArrival was = present;
            if (was != null) {
                was.voice().drop(code, why);
            }
        });
    }

    /** @param serving runs when everything that comes behind the acknowledgement is this room's */
    void agentCame(AgentArrival arrival, Runnable serving) {
        inbox.add(() -> came(arrival, serving));
    }

    void agentGone(AgentId agent) {
        inbox.add(() -> {
            AgentArrival was = present;
            if (was != null && was.id().equals(agent)) {
                gone(was);
                record.left(was.ack().epoch());
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
                        if (card.pictured(frame.header())) {
                            relay.news().changed(clientId);
                        }
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
            AgentArrival from = present;
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
            if (isPresent(agent)) {
                commands.polled(agent, then);
            }
        });
    }

    void viewer(RoomInput input) {
        inbox.add(() -> {
            if (!removed && maySay(input)) {
                watching.note(input, card.primaryScreen());
                room(input);
            }
        });
    }

    private void commandFact(CommandInput input) {
        inbox.add(() -> commands.take(input));
    }

    /** The store has, or may have, commands for it. */
    void commandsWait() {
        inbox.add(() -> commands.take(new CommandInput.Waiting()));
    }

    /** Other instances look at what is here; what is elsewhere they fetch from there. */
    private boolean maySay(RoomInput input) {
        if (present == null && input instanceof RoomInput.ViewerCame came) {
            Optional<ViewerVoice> instance = relay.viewer(came.viewer()).filter(ViewerVoice::isInstance);
            instance.ifPresent(voice -> voice.refuse(
                    LinkMessage.Problem.of(ErrorReason.DESKTOP_OFFLINE, "the desktop is not connected here")));
            return instance.isEmpty();
        }
        boolean ofInstances = input instanceof RoomInput.Reported || input instanceof RoomInput.WholeWanted;
        return present != null || !ofInstances;
    }

    /** The desktop is no longer enrolled: whoever looks is told, and nothing comes back. */
    void remove() {
        forget();
        record.remove();
    }

    /** The same of one that the registry has forgotten already. */
    void forget() {
        removed = true;
        inbox.add(() -> {
            timer.cancel();
            AgentArrival was = present;
            if (was != null) {
                was.voice().drop(CloseCode.FORBIDDEN, "this desktop was revoked");
                room(new RoomInput.AgentGone(was.id()));
                commands.agentGone(was.id());
                present = null;
            }
            origin.isHere(); // it is nowhere any more
            watching.each((viewer, stream) -> relay.viewer(viewer)
                    .ifPresent(voice -> voice.tell(new ViewerMessage.StreamStopped(
                            clientId, stream.screen(), stream.rendition(), "desktop_removed"))));
            relay.news().disconnected(clientId, true);
        });
    }

    void shutDown() {
        inbox.add(() -> {
            removed = true;
            timer.cancel();
            origin.isHere();
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
        return Stream.of(room.deadline(), commands.deadline(), origin.deadline())
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    private void tick() {
        if (removed) {
            return;
        }
        room(new RoomInput.Tick());
        origin.tick();
        commands.take(new CommandInput.Tick());
    }

    private void gone(AgentArrival was) {
        present = null;
        room(new RoomInput.AgentGone(was.id()));
        commands.agentGone(was.id());
        card.left(relay.wallTime(), room.view());
        relay.news().disconnected(clientId, false);
    }

    private void came(AgentArrival arrival, Runnable serving) {
        AgentArrival before = present;
        if (removed) {
            arrival.voice().drop(CloseCode.FORBIDDEN, "this desktop was revoked");
            return;
        }
        long newest = Math.max(before == null ? 0 : before.ack().epoch(), origin.epoch());
        if (newest > arrival.ack().epoch()) {
            arrival.voice().drop(CloseCode.SUPERSEDED, "a newer connection of this desktop is registered");
            return;
        }
        present = arrival;
        if (before != null) {
            before.voice().drop(CloseCode.SUPERSEDED, "a newer connection of this desktop registered");
        }
        card.came(arrival, relay.wallTime()); // before its agent hears of it, and may tell somebody who looks at once
        serving.run();
        arrival.voice().tell(arrival.ack());
        boolean whole = arrival.generation() == Generation.V1;
        relay.heartbeats().wanted();
        room(new RoomInput.AgentCame(
                arrival.id(),
                arrival.info(),
                arrival.ack().epoch(),
                card.handle(),
                whole ? RoomInput.AgentKind.WHOLE_PICTURES : RoomInput.AgentKind.RENDITIONS));
        origin.isHere(); // behind the room's knowing of it: who looks is not told that the desktop has gone
        commands.agentCame(arrival);
        bringViewers();
        card.changed(room.view());
        relay.news().connected(card.client(relay.wallTime()));
    }

    private void fromOrigin(RoomInput input) {
        room(input);
        if (input instanceof RoomInput.AgentCame) {
            bringViewers();
        }
    }

    private Optional<AgentVoice> voice(AgentId agent) {
        AgentArrival here = present;
        return here != null && here.id().equals(agent) ? Optional.of(here.voice()) : origin.voice(agent);
    }

    private void changed() {
        card.changed(room.view());
        relay.news().changed(clientId);
    }

    private boolean isPresent(AgentId agent) {
        return present != null && present.id().equals(agent);
    }

    private void room(RoomInput input) {
        try {
            for (RoomOutput order : room.handle(input, relay.workers().now())) {
                orders.carryOut(order);
            }
        } catch (RuntimeException | AssertionError bug) {
            LOG.log(System.Logger.Level.ERROR, "the room of desktop " + clientId + " is emptied by a bug", bug);
            startAnew();
        }
    }

    /** A room with a bug is replaced; its agent comes back by itself, and then its viewers are brought in again. */
    private void startAnew() {
        room = newRoom();
        anew = true;
        AgentArrival was = present;
        if (was != null) {
            was.voice().drop(CloseCode.TRY_AGAIN_LATER, "internal error");
        }
        inbox.add(origin::comeAgain);
    }

    private void bringViewers() {
        if (anew) {
            anew = false;
            watching.each((viewer, stream) ->
                    room(new RoomInput.ViewerCame(viewer, stream.name(), stream.screen(), stream.rendition())));
        }
    }
}
