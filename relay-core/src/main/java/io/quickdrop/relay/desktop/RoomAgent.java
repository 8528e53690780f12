package io.quickdrop.relay.desktop;

import io.quickdrop.protocol.AgentMessage.AgentStatus;
import io.quickdrop.protocol.AgentMessage.RelayAck;
import io.quickdrop.protocol.AgentMessage.ScreenWish;
import io.quickdrop.protocol.DesktopClient.Monitor;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.ViewerMessage.Age;
import io.quickdrop.protocol.ViewerMessage.StreamStats;
import io.quickdrop.relay.desktop.RoomInput.AgentCame;
import io.quickdrop.relay.desktop.RoomInput.AgentKind;
import io.quickdrop.relay.desktop.meter.RateMeter;
import io.quickdrop.relay.desktop.meter.UplinkMeter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The agent that is registered now: what it may send, what it is owed, how it is doing. Pure; confined to one thread. */
final class RoomAgent {
    /** Screens that are served; far above what a machine has. */
    static final int MAX_SCREENS = 16;
    /** Whole pictures whose acknowledgement waits for a viewer; v1 has at most 10 in flight. */
    private static final int MAX_WAITING = 64;
    /** An agent that computes this much of the time can't do more. */
    private static final double BUSY_MICROS_PER_SECOND = 800_000;

    private static final long UPLINK_QUEUE_MICROS = 250_000;
    private static final long REFUSAL_MICROS = 1_000_000;

    private record Waiting(RelayAck ack, long arrivedMicros) {}

    final AgentCame came;
    final UplinkMeter uplink = new UplinkMeter(Duration.ofSeconds(30));
    /** What it was last told to capture; null for another instance that was told nothing yet, and may still send. */
    private @Nullable List<ScreenWish> told;

    private final RateMeter bytes = new RateMeter();
    private final RateMeter frames = new RateMeter();
    private final RateMeter busyMicros = new RateMeter();
    private final Map<StreamKey, Long> lastNumber = new HashMap<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private @Nullable AgentStatus status;
    private @Nullable StreamStats origin;
    private RoomInput.@Nullable AgentAway away;
    private long askedMicros;
    private boolean skips;
    private long refusedMicros = -REFUSAL_MICROS;

    RoomAgent(AgentCame came) {
        this.came = came;
        this.told = isPulled() ? null : List.of();
    }

    boolean sendsWholePictures() {
        return came.kind().isWhole();
    }

    /** Whether it is another instance. */
    boolean isPulled() {
        return came.kind().isPulled();
    }

    /** Whether it knows requests for whole pictures and reports of who looks: all but an agent of v1. */
    boolean speaksV2() {
        return came.kind() != AgentKind.WHOLE_PICTURES;
    }

    /** What to ask it for so that this can be shown. Whole pictures at full pace serve thumbnails as well. */
    List<ScreenWish> asked(List<ScreenWish> wanted) {
        if (!sendsWholePictures()) {
            return wanted;
        }
        List<ScreenWish> asked = new ArrayList<>();
        for (ScreenWish wish : wanted) {
            boolean small = isPulled() && wish.renditions().equals(List.of(Rendition.THUMBNAIL));
            asked.add(new ScreenWish(wish.screen(), List.of(small ? Rendition.THUMBNAIL : Rendition.WHOLE)));
        }
        return asked;
    }

    /** Whether it was told just this. */
    boolean wasTold(List<ScreenWish> wish) {
        return wish.equals(told);
    }

    /** It was told what to capture; pictures from before that are not late when they come. */
    void told(List<ScreenWish> wish, long nowMicros) {
        told = wish;
        askedMicros = isPulled() ? nowMicros : 0;
    }

    // ---- if it is another instance

    /** Why nothing comes from it; null while something does. */
    RoomInput.@Nullable AgentAway away() {
        return away;
    }

    void goes(RoomInput.AgentAway why) {
        away = why;
    }

    /** It sends again, and counts anew. */
    void comesBack(long nowMicros) {
        away = null;
        lastNumber.clear();
        askedMicros = nowMicros;
    }

    /** It told how old its pictures are when they are here. */
    void origin(StreamStats newest, long nowMicros) {
        origin = newest;
        Age age = newest.age();
        if (age.totalMs() > 0) {
            uplink.oneWay((long) (1000 * (age.uplinkMs() + age.relayMs() + age.downlinkMs())), nowMicros);
        }
    }

    /** Viewers of the desktop, on whichever instance; 0 where unknown. */
    int viewersOfOrigin() {
        return origin == null ? 0 : origin.viewers();
    }

    // ---- its screens

    /** The monitor; empty if there is none of this number, or the agent (of v1) does not tell. */
    Optional<Monitor> monitor(int screen) {
        return came.info().monitors().stream()
                .filter(monitor -> monitor.index() == screen)
                .findFirst();
    }

    /** Whether viewers may look at this screen. */
    boolean hasScreen(int screen) {
        if (came.info().monitors().isEmpty()) {
            return sendsWholePictures() && screen >= 0 && screen < MAX_SCREENS;
        }
        return monitor(screen).isPresent();
    }

    /** The primary one, else the first. */
    int primaryScreen() {
        List<Monitor> monitors = came.info().monitors();
        for (Monitor monitor : monitors) {
            if (monitor.isPrimary()) {
                return monitor.index();
            }
        }
        return monitors.isEmpty() ? 0 : monitors.get(0).index();
    }

    // ---- its frames

    /** Why this frame can't be shown; empty if it can. Counts it either way. */
    Optional<String> judge(Frame frame, long nowMicros) {
        FrameHeader header = frame.header();
        bytes.add(frame.wireBytes(), nowMicros);
        if (!hasScreen(header.screen())) {
            return Optional.of("found screen " + header.screen() + "; allowed are the registered ones");
        }
        if (header.rendition() > Rendition.MAX_STREAM) {
            return Optional.of("found rendition " + header.rendition() + "; allowed are 0 to " + Rendition.MAX_STREAM);
        }
        StreamKey key = new StreamKey(header.screen(), header.rendition());
        long last = lastNumber.getOrDefault(key, 0L);
        if (header.frameNumber() < last) {
            return Optional.of("found frame " + header.frameNumber() + " after " + last + " of " + key);
        }
        lastNumber.put(key, header.frameNumber());
        if (!header.codec().isIndependent()) {
            return Optional.of("found " + header.codec().wireName()
                    + "; allowed are jpeg, webp and png: streams of video are not served yet");
        }
        uplink.arrived(header.captureMicros() + header.encodeMicros(), askedMicros, nowMicros);
        if (header.has(FrameHeader.FLAG_LAST_PART)) {
            frames.add(1, nowMicros);
            busyMicros.add(header.encodeMicros(), nowMicros);
        }
        return Optional.empty();
    }

    /** Whether to tell it of a refusal now: at most one a second. */
    boolean mayHearOfRefusal(long nowMicros) {
        if (nowMicros - refusedMicros < REFUSAL_MICROS) {
            return false;
        }
        refusedMicros = nowMicros;
        return true;
    }

    // ---- what it is owed

    RelayAck acknowledgementOf(FrameHeader header) {
        return new RelayAck(header.frameNumber(), header.screen(), header.rendition(), header.epoch(), RelayAck.RELAY);
    }

    /** The acknowledgement waits for a viewer; of too many the oldest waits no longer and is returned. */
    Optional<RelayAck> awaitViewer(FrameHeader header, long nowMicros) {
        waiting.addLast(new Waiting(acknowledgementOf(header), nowMicros));
        return waiting.size() > MAX_WAITING ? Optional.of(waiting.removeFirst().ack) : Optional.empty();
    }

    /** A viewer that counts has painted this frame of this screen: what is due now, one each, as v1 counts them. */
    List<RelayAck> paintedByViewer(int screen, long frameNumber) {
        List<RelayAck> due = new ArrayList<>();
        waiting.removeIf(one -> {
            boolean isDue = one.ack.screen() == screen && one.ack.frameNumber() <= frameNumber;
            if (isDue) {
                due.add(one.ack);
            }
            return isDue;
        });
        return due;
    }

    /** What has waited for a viewer since {@code sinceMicros} or longer. */
    List<RelayAck> waitingSince(long sinceMicros) {
        List<RelayAck> due = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.getFirst().arrivedMicros <= sinceMicros) {
            due.add(waiting.removeFirst().ack);
        }
        return due;
    }

    /** When the oldest acknowledgement that waits for a viewer became due; {@link Long#MAX_VALUE} if none waits. */
    long oldestWaitingMicros() {
        return waiting.isEmpty() ? Long.MAX_VALUE : waiting.getFirst().arrivedMicros;
    }

    // ---- how it is doing

    void status(AgentStatus newest) {
        AgentStatus before = status;
        skips = before != null && newest.skipped() > before.skipped();
        status = newest;
        uplink.roundTrip(newest.roundTripMicros());
    }

    double framesPerSecond(long nowMicros) {
        return frames.perSecond(nowMicros);
    }

    double bytesPerSecond(long nowMicros) {
        return bytes.perSecond(nowMicros);
    }

    /** As it says; 0 where unknown. */
    int quality() {
        if (origin != null) {
            return origin.quality();
        }
        return status == null ? 0 : status.quality();
    }

    /** Whether it reads its screens: it was asked to, and the operator has not paused it, as its status tells. */
    boolean isCapturing(long nowMicros) {
        boolean rests = status != null && status.state().equals("idle") && frames.perSecond(nowMicros) == 0;
        return told != null && !told.isEmpty() && !rests;
    }

    /** What about the agent itself keeps the picture from being better, for people; null where nothing does. */
    @Nullable
    String limitedBy(long nowMicros) {
        if (away != null) {
            return "the way to the instance where it is connected";
        }
        if (isPulled()) {
            return origin == null ? null : origin.limitedBy();
        }
        AgentStatus newest = status;
        if (newest != null && newest.state().equals("failed")) {
            return newest.detail() == null ? "the agent, which can't capture" : "the agent: " + newest.detail();
        }
        if (busyMicros.perSecond(nowMicros) > BUSY_MICROS_PER_SECOND) {
            return "the agent's CPU";
        }
        boolean sends = bytes.perSecond(nowMicros) > 0;
        return sends && (skips || uplink.queueMicros() > UPLINK_QUEUE_MICROS) ? "the agent's uplink" : null;
    }
}
