package io.quickdrop.relay.desktop;

import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.ViewerMessage.Age;
import io.quickdrop.protocol.ViewerMessage.PaintedAck;
import io.quickdrop.relay.desktop.TileCache.Place;
import io.quickdrop.relay.desktop.meter.DeliveryRate;
import io.quickdrop.relay.desktop.meter.LatencyMeter;
import io.quickdrop.relay.desktop.meter.RateMeter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One viewer's stream: which version of each place it was sent, and what of it is on its way.
 *
 * <p>It never holds a queue of pictures. What differs from the cache is dirty; when the window opens, the newest bytes of
 * dirty places are sent. Bytes in flight stay within the window, but for one tile at most; batches within
 * {@link FlowConfig#maxBatches}. Acknowledgements that are lost, late, doubled, of another epoch or of numbers that were
 * never sent are harmless: the next one frees all before it, and where none comes for {@link FlowConfig#patience}, the
 * viewer counts as stalled. Then what was in flight is written off, and one batch a second goes out, if nothing waits in the
 * socket.
 *
 * <p>Pure; confined to one thread.
 */
class ViewerFlow {
    /** Makes one: its own constructor, except in tests. */
    interface Maker {
        ViewerFlow make(ViewerId viewer, StreamKey key, FlowConfig config, long firstNumber, long leastIntervalMicros);
    }

    /** A socket that is full tells nobody when it is empty again; so long until we look again. */
    private static final long SOCKET_POLL_MICROS = 50_000;
    /** A joiner must not make the picture worse for others; who has no whole one after this does not keep up. */
    private static final long FIRST_PICTURE_MICROS = 5_000_000;

    private static final long RESEND_MICROS = 1_000_000;

    final ViewerId viewer;
    final StreamKey key;
    /** Size of the screen that the viewer was told. */
    int toldWidth;

    int toldHeight;
    private final FlowConfig config;
    private final long leastIntervalMicros;
    private final FlowWindow window;
    private final LatencyMeter latency;
    private final DirtyPlaces dirty;
    private final DeliveryRate rate = new DeliveryRate();
    private final RateMeter sentBytes = new RateMeter();
    private final RateMeter sentTimes = new RateMeter();
    private final InFlight inFlight = new InFlight();
    private long nextNumber;
    private long progressMicros;
    private long notBeforeMicros;
    private long resentMicros = -RESEND_MICROS;
    private long paintedAgentFrame;
    private long behindSinceMicros = -1;
    private long startedMicros = -1;
    /** Since when pictures are wanted: a tile that lay in the cache before was not late, only unchanged. */
    private long wantedSinceMicros = -1;
    /** Bytes a second, while stalled. */
    private long stillPace;

    /** Since the last acknowledgement something waited although it had come whole, only because the window was closed. */
    private boolean heldBack;

    private boolean hadWhole;
    private boolean hidden;
    private boolean stalled;

    /**
     * @param firstNumber above every number that this viewer was sent of this stream before
     * @param leastIntervalMicros least time between two batches; 0 for as fast as it goes
     */
    ViewerFlow(ViewerId viewer, StreamKey key, FlowConfig config, long firstNumber, long leastIntervalMicros) {
        this(viewer, key, config, firstNumber, leastIntervalMicros, new DirtyPlaces(config.messageBytes()));
    }

    ViewerFlow(
            ViewerId viewer,
            StreamKey key,
            FlowConfig config,
            long firstNumber,
            long leastIntervalMicros,
            DirtyPlaces dirty) {
        this.viewer = viewer;
        this.key = key;
        this.config = config;
        this.leastIntervalMicros = leastIntervalMicros;
        this.window = new FlowWindow(config);
        this.latency = new LatencyMeter(config.baseWindow());
        this.dirty = dirty;
        this.nextNumber = firstNumber;
    }

    /** A new epoch, or the viewer begins anew: nothing was sent, nothing is in flight. */
    void restart() {
        inFlight.clear();
        heldBack = false;
        paintedAgentFrame = 0;
        stalled = false;
        hadWhole = false;
        behindSinceMicros = -1;
        startedMicros = -1;
        notBeforeMicros = 0;
        wantedSinceMicros = -1;
        dirty.forget();
    }

    /** What to send now. Pictures that it returns count as sent. */
    List<Frame> send(
            TileCache cache, long epoch, long desktopHandle, long uplinkMicros, long pendingBytes, long nowMicros) {
        writeOffIfStalled(nowMicros);
        wantedSinceMicros = hidden ? -1 : wantedSinceMicros < 0 ? nowMicros : wantedSinceMicros;
        if (hidden || nowMicros < notBeforeMicros || !dirty.isAny(cache)) {
            return List.of();
        }
        notBeforeMicros = 0;
        long room = room(pendingBytes, nowMicros);
        if (room <= 0) {
            heldBack |= isClosed();
            return List.of();
        }
        List<Place> places = dirty.take(cache, room);
        boolean full = dirty.isAny(cache);
        keepScore(full, nowMicros);
        List<Frame> messages = new ArrayList<>();
        long bytes = 0;
        for (List<Place> part : parts(places, full)) {
            Batch batch = new Batch(part, key, epoch, desktopHandle, nextNumber++);
            List<Frame> own = batch.messages(config.messageBytes());
            bytes += sending(batch, own, full, uplinkMicros, nowMicros);
            messages.addAll(own);
        }
        sentBytes.add(bytes, nowMicros);
        sentTimes.add(1, nowMicros);
        if (stalled) {
            notBeforeMicros =
                    nowMicros + Math.max(config.stillInterval().toNanos() / 1000, bytes * 1_000_000 / stillPace);
            stillPace = Math.min(2 * stillPace, config.stillBytesPerSecond());
        } else if (leastIntervalMicros > 0) {
            notBeforeMicros = nowMicros + leastIntervalMicros;
        }
        return messages;
    }

    private void keepScore(boolean full, long nowMicros) {
        if (startedMicros < 0) {
            startedMicros = nowMicros;
        }
        if (!full) {
            hadWhole = true;
            behindSinceMicros = -1;
        } else if (behindSinceMicros < 0) {
            behindSinceMicros = nowMicros;
        }
    }

    /** Bytes that may be sent now; 0 or less for none. */
    private long room(long pendingBytes, long nowMicros) {
        if (stalled) {
            if (pendingBytes > 0) {
                stillPace = firstStillPace();
                notBeforeMicros = nowMicros + config.stillInterval().toNanos() / 1000;
                return 0;
            }
            return stillPace;
        }
        if (inFlight.isEmpty()) {
            window.drained();
        }
        if (pendingBytes > Math.max(window.bytes(), config.minWindowBytes())) {
            notBeforeMicros = nowMicros + SOCKET_POLL_MICROS;
            return 0;
        }
        return inFlight.batches() >= config.maxBatches() ? 0 : window.bytes() - inFlight.bytes();
    }

    /** Whether it is the window that says no: not the socket, the number of batches or a viewer that is stalled. */
    private boolean isClosed() {
        return !stalled && notBeforeMicros == 0 && inFlight.batches() < config.maxBatches();
    }

    /** Bytes a second: what a stalled viewer last took. From then on more each time, for as long as the socket is empty. */
    private long firstStillPace() {
        long known = rate.lastKnown() == 0 ? config.stillBytesPerSecond() : rate.lastKnown();
        return Math.max(config.minWindowBytes() / 4, Math.min(known, config.stillBytesPerSecond()));
    }

    /** Where the window can't take all, it goes out in pieces, so that acknowledgements come all the time. */
    private List<List<Place>> parts(List<Place> places, boolean full) {
        if (!full || stalled) {
            return List.of(places);
        }
        long total = 0;
        for (Place place : places) {
            total += place.tile.wireBytes();
        }
        int free = config.maxBatches() - inFlight.batches();
        long size = Math.max(Math.max(config.minWindowBytes(), window.bytes() / 4), total / free + 1);
        List<List<Place>> parts = new ArrayList<>();
        List<Place> part = new ArrayList<>();
        long bytes = 0;
        for (Place place : places) {
            part.add(place);
            bytes += place.tile.wireBytes();
            if (bytes >= size) {
                parts.add(part);
                part = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!part.isEmpty()) {
            parts.add(part);
        }
        return parts;
    }

    private long sending(Batch batch, List<Frame> messages, boolean full, long uplinkMicros, long nowMicros) {
        long bytes = 0;
        for (Frame message : messages) {
            bytes += message.wireBytes();
        }
        if (inFlight.isEmpty()) {
            progressMicros = nowMicros;
        }
        Place newest = batch.newest();
        DeliveryRate.Mark mark = rate.sending(inFlight.isEmpty(), nowMicros);
        boolean used = 2 * (inFlight.bytes() + bytes) >= window.bytes();
        long waitedMicros = nowMicros - Math.max(newest.arrivedMicros, wantedSinceMicros);
        LatencyMeter.Sent stages =
                new LatencyMeter.Sent(newest.frame.encodeMicros(), uplinkMicros, Math.max(0, waitedMicros));
        InFlight.Sent sent = new InFlight.Sent(
                batch.number(), bytes, nowMicros, full, used, newest.frame.frameNumber(), mark, stages);
        if (stalled) {
            inFlight.addWrittenOff(sent);
        } else {
            inFlight.add(sent);
        }
        return bytes;
    }

    /** The viewer lacks something that it was sent, so it is sent all of it again; not more than once a second. */
    void resend(long nowMicros) {
        if (nowMicros - resentMicros >= RESEND_MICROS) {
            resentMicros = nowMicros;
            dirty.forget();
        }
    }

    /** The viewer tells whether anybody can see it; whether that is news. */
    boolean hides(boolean nobodySees) {
        boolean changed = nobodySees != hidden;
        hidden = nobodySees;
        return changed;
    }

    /** The viewer tells what is on its glass; the epoch was compared before. */
    void painted(PaintedAck ack, long nowMicros) {
        if (ack.frameNumber() >= nextNumber) {
            return; // was never sent
        }
        inFlight.acknowledge(ack.frameNumber())
                .ifPresent(acknowledged -> progressed(acknowledged, ack.paintMicros(), nowMicros));
    }

    private void progressed(InFlight.Acknowledged acknowledged, long paintMicros, long nowMicros) {
        InFlight.Sent newest = acknowledged.newest();
        long freed = acknowledged.bytes();
        long roundTrip = nowMicros - newest.sentMicros();
        window.acknowledged(roundTrip, freed, demand(newest, acknowledged.late()), newest.used(), nowMicros);
        heldBack = false;
        boolean delayed = newest.full() && window.isDelayed();
        rate.acknowledged(freed, newest.mark(), newest.sentMicros(), delayed, nowMicros);
        latency.painted(newest.stages(), roundTrip, paintMicros, nowMicros);
        paintedAgentFrame = Math.max(paintedAgentFrame, newest.agentFrame());
        progressMicros = nowMicros;
        if (stalled) {
            stalled = false;
            notBeforeMicros = 0;
        }
    }

    private FlowWindow.Demand demand(InFlight.Sent newest, boolean late) {
        if (newest.full() && !late) {
            return FlowWindow.Demand.MORE_THAN_WENT;
        }
        return heldBack ? FlowWindow.Demand.HELD_BACK : FlowWindow.Demand.MET;
    }

    private void writeOffIfStalled(long nowMicros) {
        if (inFlight.isEmpty() || nowMicros < progressMicros + config.patience().toNanos() / 1000) {
            return;
        }
        inFlight.writeOff();
        heldBack = false;
        if (!hidden) {
            stalled = true;
            stillPace = firstStillPace();
        }
        window.restart();
    }

    /** Whatever there is should be sent at this time. */
    void dueAt(long micros) {
        notBeforeMicros = Math.max(1, micros);
    }

    /** When to call {@link #send} at the latest. */
    OptionalLong deadlineMicros(TileCache cache) {
        long at = Long.MAX_VALUE;
        if (!inFlight.isEmpty()) {
            at = progressMicros + config.patience().toNanos() / 1000;
        }
        if (!hidden && notBeforeMicros > 0 && dirty.isAny(cache)) {
            at = Math.min(at, notBeforeMicros);
        }
        return at == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(at);
    }

    // ---- as seen from outside

    boolean isHidden() {
        return hidden;
    }

    /** Whether it acknowledges nothing although something is in flight. */
    boolean isStalled() {
        return stalled;
    }

    /** Whether it was sent all that there is. */
    boolean isUpToDate(TileCache cache) {
        return !dirty.isAny(cache);
    }

    long inFlightBytes() {
        return inFlight.bytes();
    }

    int inFlightBatches() {
        return inFlight.batches();
    }

    /** The number of the next batch. */
    long nextNumber() {
        return nextNumber;
    }

    /** The agent's newest frame that this viewer has painted something of; 0 for none in this epoch. */
    long paintedAgentFrame() {
        return paintedAgentFrame;
    }

    DeliveryRate rate() {
        return rate;
    }

    /**
     * Whether its way tells anything about the source: it looks, it answers, and it is not just fetching its first whole
     * picture, or not any more for this long.
     */
    boolean counts(long nowMicros) {
        boolean settled = hadWhole || (startedMicros >= 0 && nowMicros - startedMicros > FIRST_PICTURE_MICROS);
        return settled && !hidden && !stalled;
    }

    /** How long pictures queue for it, at the server and on the way, microseconds. */
    long queueMicros(long nowMicros) {
        return window.extraMicros() + (behindSinceMicros < 0 ? 0 : nowMicros - behindSinceMicros);
    }

    @Nullable
    Age age() {
        return latency.newest();
    }

    /** How often a second it was sent something. */
    double timesPerSecond(long nowMicros) {
        return sentTimes.perSecond(nowMicros);
    }

    double bytesPerSecond(long nowMicros) {
        return sentBytes.perSecond(nowMicros);
    }
}
