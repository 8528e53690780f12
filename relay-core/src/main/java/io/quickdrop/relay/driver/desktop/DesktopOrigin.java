package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.ViewerMessage.StreamStats;
import io.quickdrop.protocol.ViewerMessage.StreamStopped;
import io.quickdrop.relay.desktop.AgentId;
import io.quickdrop.relay.desktop.RoomInput;
import io.quickdrop.relay.desktop.RoomInput.AgentKind;
import io.quickdrop.relay.desktop.ViewerId;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.pull.DesktopPull;
import io.quickdrop.relay.driver.pull.RemoteDesktop;
import io.quickdrop.relay.driver.threads.SerialInbox;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The other instance that a desktop is connected to, as the desktop's room here has it for an agent. Confined to its runner's
 * thread.
 */
final class DesktopOrigin implements DesktopPull.Room, AgentVoice {
    private static final System.Logger LOG = System.getLogger(DesktopOrigin.class.getName());

    private final DesktopRelay relay;
    private final DesktopCard card;
    private final SerialInbox<Runnable> inbox;
    private final Watching watching;
    private final Consumer<RoomInput> room;
    private final DesktopPull pull;
    private @Nullable RemoteDesktop desktop;
    private @Nullable AgentId agent;
    /** As what the room knows it. */
    private @Nullable ClientInfo introduced;

    private RoomInput.@Nullable AgentAway away;

    /**
     * @param inbox runs tasks on the runner's thread
     * @param watching who asked to look
     * @param room takes a fact
     */
    DesktopOrigin(
            DesktopRelay relay,
            DesktopCard card,
            String clientId,
            SerialInbox<Runnable> inbox,
            Watching watching,
            Consumer<RoomInput> room) {
        this.relay = relay;
        this.card = card;
        this.inbox = inbox;
        this.watching = watching;
        this.room = room;
        this.pull = new DesktopPull(clientId, relay.config().pull(), relay.workers(), inbox, relay.neighbours(), this);
    }

    /** The store says where the desktop is connected, or that it is not; it is not connected here under a newer epoch. */
    void isAt(RemoteDesktop newest) {
        RemoteDesktop before = desktop;
        if (newest.epoch() < pull.epoch() || newest.equals(before)) {
            return; // told late, or again
        }
        boolean same = before != null && newest.isSameRegistration(before);
        desktop = newest;
        card.elsewhere(newest);
        String instance = newest.instanceId();
        if (instance == null) {
            pull.isNowhere();
            if (before == null || before.instanceId() != null) {
                relay.news().disconnected(newest.clientId(), false);
            }
            return;
        }
        pull.isAt(instance, newest.epoch());
        AgentId present = agent;
        if (present != null && !newest.info().equals(introduced)) {
            introduceAnew(present, newest.epoch());
        }
        if (!same) {
            relay.news().connected(card.client(relay.wallTime()));
        }
    }

    /** The store names it no longer among those of others. */
    void isNowhere() {
        RemoteDesktop was = desktop;
        if (was != null) {
            isAt(was.nowhere(relay.wallTime()));
        }
    }

    /** It has registered here, and its room knows: what comes from elsewhere is of the past. */
    void isHere() {
        desktop = null;
        agent = null;
        pull.isNowhere();
    }

    /** The room was made anew. */
    void comeAgain() {
        RemoteDesktop was = desktop;
        if (was != null && was.instanceId() != null) {
            desktop = null;
            pull.isNowhere();
            isAt(was);
        }
    }

    /** The newest registration elsewhere that is known; 0 for none. */
    long epoch() {
        return pull.isElsewhere() ? pull.epoch() : 0;
    }

    /** How to speak to it, if this is what the room calls it. */
    Optional<AgentVoice> voice(AgentId id) {
        return id.equals(agent) ? Optional.of(this) : Optional.empty();
    }

    void tick() {
        pull.tick();
    }

    Optional<Instant> deadline() {
        return pull.deadline();
    }

    // ---- what the room says; behind what the room is doing now

    @Override
    public void tell(AgentMessage message) {
        inbox.add(() -> pull.said(message));
    }

    @Override
    public void fault(LinkMessage.Problem problem) {
        LOG.log(
                System.Logger.Level.WARNING,
                () -> "pictures of another instance were refused: " + problem.reason() + ", " + problem.detail());
    }

    @Override
    public void drop(CloseCode code, String reason) {
        throw new AssertionError("an instance is no agent that is dropped: " + reason);
    }

    // ---- what the room is told

    @Override
    public void came(long epoch) {
        dismissInstances();
        introduce(epoch);
    }

    private void introduce(long epoch) {
        RemoteDesktop from = desktop;
        if (from == null) {
            throw new AssertionError("pictures of a desktop that is nowhere");
        }
        AgentId newest = relay.nextAgent();
        agent = newest;
        away = null;
        introduced = from.info();
        boolean whole = from.generation() == Generation.V1;
        room.accept(new RoomInput.AgentCame(
                newest,
                from.info(),
                epoch,
                card.handle(),
                whole ? AgentKind.PULLED_WHOLE_PICTURES : AgentKind.PULLED_RENDITIONS));
    }

    /** The registration was heard of before what it says, which the store tells. */
    private void introduceAnew(AgentId present, long epoch) {
        RoomInput.AgentAway before = away;
        room.accept(new RoomInput.AgentGone(present));
        introduce(epoch);
        if (before != null) {
            away(before.reason(), before.url());
        }
    }

    /** Instances look only where the desktop is: a picture makes one step between two of them, and never a circle. */
    private void dismissInstances() {
        Set<ViewerId> dismissed = new HashSet<>();
        watching.each((viewer, stream) -> relay.viewer(viewer)
                .filter(ViewerVoice::isInstance)
                .ifPresent(voice -> {
                    dismissed.add(viewer);
                    voice.tell(new StreamStopped(
                            card.clientId(), stream.screen(), stream.rendition(), StreamStopped.DESKTOP_GONE));
                }));
        for (ViewerId viewer : dismissed) {
            RoomInput gone = new RoomInput.ViewerGone(viewer);
            watching.note(gone, card.primaryScreen());
            room.accept(gone);
        }
    }

    @Override
    public void left() {
        AgentId was = agent;
        agent = null;
        away = null;
        if (was != null) {
            room.accept(new RoomInput.AgentGone(was));
        }
    }

    @Override
    public void away(String reason, @Nullable String url) {
        AgentId present = agent;
        if (present != null) {
            RoomInput.AgentAway goes = new RoomInput.AgentAway(present, reason, url);
            away = goes;
            room.accept(goes);
        }
    }

    @Override
    public void back() {
        AgentId present = agent;
        away = null;
        if (present != null) {
            room.accept(new RoomInput.AgentBack(present));
        }
    }

    @Override
    public void pictures(Frame frame) {
        AgentId present = agent;
        if (present != null) {
            if (card.pictured(frame.header())) {
                relay.news().changed(card.clientId());
            }
            room.accept(new RoomInput.FrameCame(present, frame));
        }
    }

    @Override
    public void stats(StreamStats stats) {
        AgentId present = agent;
        if (present != null) {
            room.accept(new RoomInput.OriginStats(present, stats));
        }
    }
}
