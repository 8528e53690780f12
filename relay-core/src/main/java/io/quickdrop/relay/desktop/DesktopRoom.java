package io.quickdrop.relay.desktop;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.RelayAck;
import io.quickdrop.protocol.AgentMessage.RequestKeyframe;
import io.quickdrop.protocol.AgentMessage.ScreenWish;
import io.quickdrop.protocol.AgentMessage.StartCapture;
import io.quickdrop.protocol.AgentMessage.StopCapture;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.ViewerMessage.StreamStopped;
import io.quickdrop.relay.desktop.RoomInput.AgentCame;
import io.quickdrop.relay.desktop.RoomInput.FrameCame;
import io.quickdrop.relay.desktop.RoomInput.Painted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One desktop and those who look at it: takes the agent's pictures, keeps the newest of each place, and sends every viewer
 * what it lacks, at that viewer's own pace.
 *
 * <p>What it guarantees, whatever the order of its inputs: only the newest registration of the agent is listened to, and no
 * other is told anything; a viewer's silence, slowness or leaving changes nothing for the others; no lost acknowledgement
 * stops a stream; what is held grows neither with time nor with the slowness of viewers ({@link RoomConfig}).
 *
 * <p>Its parts: {@link RoomAgent} judges the agent, {@link RoomStream} keeps pictures, {@link ViewerFlow} paces one viewer,
 * {@link CaptureWish} knows what somebody looks at, {@link RoomAudience} who may, {@link RoomReports} tells about all of it.
 *
 * <p>Pure; confined to one thread; {@code now} is monotonic (time that goes backwards is clamped).
 */
public final class DesktopRoom {
    private final RoomConfig config;
    private final ToLongFunction<ViewerId> pendingBytes;
    private final CaptureWish wish;
    private final RoomReports reports;
    private final RoomAudience audience;
    private List<RoomOutput> orders = new ArrayList<>();
    private @Nullable RoomAgent agent;
    private long lastEpoch;
    private long nowMicros;

    /**
     * @param clientId whose room it is
     * @param pendingBytes how many bytes wait in a viewer's socket, not yet taken by the system; 0 for unknown viewers
     */
    public DesktopRoom(String clientId, RoomConfig config, ToLongFunction<ViewerId> pendingBytes) {
        this(clientId, config, pendingBytes, ViewerFlow::new);
    }

    /** One whose viewers are paced otherwise: to see that tests would notice. */
    DesktopRoom(String clientId, RoomConfig config, ToLongFunction<ViewerId> pendingBytes, ViewerFlow.Maker flows) {
        this.config = config;
        this.pendingBytes = pendingBytes;
        this.wish = new CaptureWish(config.linger());
        this.audience = new RoomAudience(clientId, config, flows, output -> orders.add(output));
        this.reports = new RoomReports(clientId, config, audience, output -> orders.add(output));
    }

    /** Takes one fact and returns what follows from it, in order. */
    public List<RoomOutput> handle(RoomInput input, Instant at) {
        nowMicros = Math.max(nowMicros, at.getEpochSecond() * 1_000_000 + at.getNano() / 1000);
        if (input instanceof FrameCame came) {
            frameCame(came);
        } else if (input instanceof Painted painted) {
            painted(painted);
        } else if (input instanceof RoomInput.ViewerCame came) {
            changedIf(audience.came(came, agent, nowMicros));
        } else if (input instanceof RoomInput.ViewerLeft left) {
            changedIf(audience.left(left.viewer(), left.screen(), left.rendition(), true));
        } else if (input instanceof RoomInput.ViewerGone gone) {
            changedIf(audience.gone(gone.viewer()));
        } else if (input instanceof AgentCame came) {
            agentCame(came);
        } else if (input instanceof RoomInput.AgentGone gone) {
            agentGone(gone.agent());
        } else if (input instanceof RoomInput.StatusCame status) {
            if (agent != null && agent.came.agent().equals(status.agent())) {
                agent.status(status.status());
            }
        } else if (input instanceof RoomInput.AgentAway || input instanceof RoomInput.AgentBack) {
            agentAwayOrBack(input);
        } else if (input instanceof RoomInput.OriginStats told) {
            if (agent != null && agent.came.agent().equals(told.agent())) {
                agent.origin(told.stats(), nowMicros);
            }
        } else if (input instanceof RoomInput.Reported reported) {
            changedIf(audience.reported(reported));
        } else if (input instanceof RoomInput.WholeWanted wanted) {
            wholeWanted(wanted);
        } else if (!(input instanceof RoomInput.Tick)) {
            throw new AssertionError("input without a case: " + input);
        }
        settle();
        List<RoomOutput> taken = orders;
        orders = new ArrayList<>();
        return taken;
    }

    /** When to send a {@link RoomInput.Tick} at the latest; an early one does nothing. Empty: never. */
    public Optional<Instant> deadline() {
        long at = wish.deadlineMicros().orElse(Long.MAX_VALUE);
        if (agent != null) {
            if (agent.oldestWaitingMicros() < Long.MAX_VALUE) {
                at = Math.min(at, agent.oldestWaitingMicros() + micros(config.wholePictureAck()));
            }
            for (RoomStream stream : audience.streams()) {
                at = Math.min(at, stream.requestAtMicros());
                for (ViewerFlow flow : stream.flows.values()) {
                    at = Math.min(at, flow.deadlineMicros(stream.cache).orElse(Long.MAX_VALUE));
                }
            }
            at = Math.min(at, reports.deadlineMicros());
        }
        return at == Long.MAX_VALUE ? Optional.empty() : Optional.of(instant(Math.max(at, nowMicros + 1)));
    }

    /** The room as lists of desktops show it. */
    public RoomView view() {
        return reports.view();
    }

    // ---- the agent

    private void agentCame(AgentCame came) {
        if (came.epoch() < lastEpoch || (came.epoch() == lastEpoch && agent != null)) {
            return; // registered before the present one, and told late
        }
        lastEpoch = came.epoch();
        RoomAgent newest = new RoomAgent(came);
        agent = newest;
        for (RoomStream stream : audience.streams()) {
            stream.forgetPictures();
            for (ViewerFlow flow : stream.flows.values()) {
                flow.restart();
                audience.announce(flow, stream, newest);
            }
        }
        reports.changed();
    }

    private void agentGone(AgentId id) {
        if (agent == null || !agent.came.agent().equals(id)) {
            return;
        }
        agent = null;
        for (RoomStream stream : audience.streams()) {
            stream.forgetPictures();
            for (ViewerFlow flow : stream.flows.values()) {
                flow.restart();
                audience.stopped(flow, StreamStopped.DESKTOP_GONE, null);
            }
        }
        reports.changed();
    }

    /** Away: who looks keeps its picture. Back: everything comes anew, under the same epoch. */
    private void agentAwayOrBack(RoomInput input) {
        RoomAgent from = agent;
        boolean comes = input instanceof RoomInput.AgentBack;
        AgentId id = input instanceof RoomInput.AgentAway gone ? gone.agent() : ((RoomInput.AgentBack) input).agent();
        if (from == null || !from.came.agent().equals(id) || (comes && from.away() == null)) {
            return;
        }
        if (input instanceof RoomInput.AgentAway gone) {
            from.goes(gone);
        } else {
            from.comesBack(nowMicros);
        }
        for (RoomStream stream : audience.streams()) {
            if (comes) {
                stream.forgetPictures();
            }
            for (ViewerFlow flow : stream.flows.values()) {
                if (input instanceof RoomInput.AgentAway gone) {
                    audience.stopped(flow, gone.reason(), gone.url());
                } else {
                    flow.restart();
                    audience.announce(flow, stream, from);
                }
            }
        }
        reports.changed();
    }

    private void frameCame(FrameCame came) {
        RoomAgent from = agent;
        FrameHeader header = came.frame().header();
        if (from == null || !from.came.agent().equals(came.agent()) || header.epoch() != from.came.epoch()) {
            return;
        }
        Optional<String> refusal = from.judge(came.frame(), nowMicros);
        boolean wanted = false;
        if (refusal.isEmpty()) {
            for (RoomStream stream : audience.streams()) {
                if (isFor(header, stream.key, from)) {
                    wanted = true;
                    Optional<String> refused = put(stream, came.frame(), from);
                    refusal = refused.isPresent() ? refused : refusal;
                }
            }
        }
        if (refusal.isPresent() && from.mayHearOfRefusal(nowMicros)) {
            orders.add(new RoomOutput.FrameRefused(came.agent(), ErrorReason.BAD_FRAME, refusal.get()));
        }
        if (header.has(FrameHeader.FLAG_LAST_PART)) {
            acknowledge(header, from, wanted);
        }
    }

    /** Whole pictures serve every rendition. */
    private static boolean isFor(FrameHeader header, StreamKey key, RoomAgent from) {
        return key.screen() == header.screen() && (from.sendsWholePictures() || key.rendition() == header.rendition());
    }

    private Optional<String> put(RoomStream stream, Frame frame, RoomAgent from) {
        if (!wish.contains(stream.key)) {
            return Optional.empty(); // on its way when the agent was told to stop
        }
        Optional<String> refused = stream.put(frame, nowMicros);
        for (ViewerFlow flow : stream.flows.values()) {
            send(flow, stream, from);
        }
        return refused;
    }

    private void acknowledge(FrameHeader header, RoomAgent from, boolean wanted) {
        if (from.sendsWholePictures() && !from.isPulled() && wanted && audience.isWatched(header.screen())) {
            from.awaitViewer(header, nowMicros).ifPresent(this::tellAgent);
        } else {
            tellAgent(from.acknowledgementOf(header));
        }
    }

    // ---- viewers

    private void painted(Painted painted) {
        RoomAgent from = agent;
        StreamKey key = new StreamKey(painted.ack().monitorId(), painted.ack().rendition());
        RoomStream stream = audience.stream(key);
        ViewerFlow flow = stream == null ? null : stream.flows.get(painted.viewer());
        if (flow == null || stream == null) {
            return;
        }
        changedIf(flow.hides(painted.ack().hidden())); // true of the page, whatever the epoch
        if (from == null) {
            return;
        }
        if (painted.ack().epoch() == from.came.epoch()) {
            flow.painted(painted.ack(), nowMicros);
        }
        if (from.sendsWholePictures() && paces(flow)) {
            from.paintedByViewer(key.screen(), flow.paintedAgentFrame()).forEach(this::tellAgent);
        }
        send(flow, stream, from);
    }

    /** Whether a v1 desktop's window opens on this viewer's acknowledgement: on the governing one's, else on the first. */
    private boolean paces(ViewerFlow flow) {
        ViewerId governing = reports.governing();
        return flow.key.rendition() != Rendition.THUMBNAIL && (governing == null || governing.equals(flow.viewer));
    }

    /**
     * What a viewer lacks lies here. Where it lies here with the same holes it is not sent again: {@link #settle} has the
     * agent fill them, for everybody.
     */
    private void wholeWanted(RoomInput.WholeWanted wanted) {
        RoomStream stream = audience.stream(new StreamKey(wanted.screen(), wanted.rendition()));
        ViewerFlow flow = stream == null ? null : stream.flows.get(wanted.viewer());
        RoomAgent from = agent;
        if (flow != null && stream != null && from != null && stream.cache.isWhole()) {
            flow.resend(nowMicros);
            send(flow, stream, from);
        }
    }

    private void send(ViewerFlow flow, RoomStream stream, RoomAgent from) {
        List<Frame> frames = flow.send(
                stream.cache,
                from.came.epoch(),
                from.came.desktopHandle(),
                from.uplink.micros(),
                pendingBytes.applyAsLong(flow.viewer),
                nowMicros);
        if (!frames.isEmpty()) {
            audience.announceSize(flow, stream, from);
        }
        for (Frame frame : frames) {
            orders.add(new RoomOutput.Picture(flow.viewer, frame));
        }
    }

    // ---- what time and all of it together bring

    private void settle() {
        RoomAgent from = agent;
        Set<StreamKey> visible = new LinkedHashSet<>();
        for (RoomStream stream : audience.streams()) {
            if (stream.isVisible() && (from == null || from.hasScreen(stream.key.screen()))) {
                visible.add(stream.key);
            }
        }
        wish.look(visible, nowMicros);
        if (from != null && from.sendsWholePictures()) {
            visible.forEach(key -> shareWhole(key, from));
        }
        audience.forgetUnwanted(wish);
        if (from != null) {
            tellWish(from);
            for (ViewerFlowOfStream due : due()) {
                send(due.flow, due.stream, from);
            }
            for (RoomStream stream : audience.streams()) {
                if (stream.mustRequestWhole(visible.contains(stream.key), nowMicros) && from.speaksV2()) {
                    tellAgent(new RequestKeyframe(stream.key.screen(), stream.key.rendition()));
                }
            }
            from.waitingSince(nowMicros - micros(config.wholePictureAck())).forEach(this::tellAgent);
        }
        reports.tell(from, nowMicros);
    }

    /** One picture serves every rendition: who begins to look at another one needs no new picture from the agent. */
    private void shareWhole(StreamKey key, RoomAgent from) {
        RoomStream stream = audience.stream(key);
        if (stream == null || stream.cache.isWhole()) {
            return;
        }
        for (RoomStream other : audience.streams()) {
            TileCache.Place newest = other.cache.newest();
            if (other.key.screen() == key.screen() && newest != null) {
                stream.put(new Frame(newest.frame, List.of(newest.tile)), newest.arrivedMicros);
                stream.flows.values().forEach(flow -> send(flow, stream, from));
                return;
            }
        }
    }

    private record ViewerFlowOfStream(ViewerFlow flow, RoomStream stream) {}

    private List<ViewerFlowOfStream> due() {
        List<ViewerFlowOfStream> due = new ArrayList<>();
        for (RoomStream stream : audience.streams()) {
            for (ViewerFlow flow : stream.flows.values()) {
                if (flow.deadlineMicros(stream.cache).orElse(Long.MAX_VALUE) <= nowMicros) {
                    due.add(new ViewerFlowOfStream(flow, stream));
                }
            }
        }
        return due;
    }

    private void tellWish(RoomAgent from) {
        List<ScreenWish> screens = from.asked(wish.screens());
        if (from.wasTold(screens)) {
            return;
        }
        from.told(screens, nowMicros);
        reports.changed();
        tellAgent(
                screens.isEmpty()
                        ? new StopCapture()
                        : new StartCapture(screens, config.fps(), config.quality(), PictureCodec.JPEG.wireName()));
    }

    private void changedIf(boolean hasChanged) {
        if (hasChanged) {
            reports.changed();
        }
    }

    private void tellAgent(AgentMessage message) {
        if (agent != null) {
            orders.add(new RoomOutput.ToAgent(agent.came.agent(), message));
        }
    }

    private void tellAgent(RelayAck message) {
        tellAgent((AgentMessage) message);
    }

    private static long micros(java.time.Duration duration) {
        return duration.toNanos() / 1000;
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1000L);
    }
}
