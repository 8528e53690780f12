package io.quickdrop.relay.desktop;

import io.quickdrop.relay.desktop.meter.WindowedMinimum;
import java.util.Arrays;

/**
 * How many bytes may be on their way to one viewer, so that the way is used and no queue stands in it: pictures wait where
 * they can still be superseded.
 *
 * <p>A delay-based window (Vegas; TigerVNC's {@code Congestion.cxx}). The round trip of a painted acknowledgement, less the
 * least one of late, is delay that we cause. Below its threshold the window triples each round trip: a joiner on a good way
 * has a picture of 300 KB after three. Since a window goes out as several batches, a narrow way shows itself as growing delay
 * within the first one. Where only later pictures waited, that one's delay was not
 * a full window's, and it doubles. Above the threshold the window grows by an eighth, or a quarter where there is no delay at all.
 *
 * <p>The least round trip of late would in time include our own queue. So when none near it was seen for long, the way is let
 * run empty, and one small batch measures it.
 *
 * <p>Pure; confined to one thread.
 */
final class FlowWindow {
    /** The least of so many delays counts, as one may be late for reasons of its own. */
    private static final int RECENT = 3;
    /** Acknowledgements may share a message for some milliseconds; what is below this is not a queue. */
    private static final long NO_DELAY_MICROS = 6_000;

    private static final long UNPROBED_MICROS = 10_000_000;

    /** What the window kept back. */
    enum Demand {
        /** Nothing: there was not more to send. */
        MET,
        /** Pictures that came after the batch waited until it was acknowledged, since the window was closed by then. */
        HELD_BACK,
        /** More would have been sent with the batch itself, so that its delay is that of a full window. */
        MORE_THAN_WENT
    }

    private enum Probe {
        NONE,
        DRAINING,
        SENT
    }

    private final FlowConfig config;
    private final long growBelowMicros;
    private final long shrinkAboveMicros;
    private final long spikeMicros;
    private final WindowedMinimum base;
    private final long[] recent = new long[RECENT];
    private int samples;
    private double windowBytes;
    private double thresholdBytes = Double.MAX_VALUE;
    private long extraMicros;
    private long lastCutMicros;
    private long nearBaseMicros;
    private Probe probe = Probe.NONE;

    FlowWindow(FlowConfig config) {
        this.config = config;
        this.growBelowMicros = config.growBelow().toNanos() / 1000;
        this.shrinkAboveMicros = config.shrinkAbove().toNanos() / 1000;
        this.spikeMicros = config.spike().toNanos() / 1000;
        this.base = new WindowedMinimum(config.baseWindow());
        this.windowBytes = config.startWindowBytes();
    }

    /** Most bytes that may be in flight now. */
    int bytes() {
        return switch (probe) {
            case NONE -> (int) windowBytes;
            case DRAINING -> 0;
            case SENT -> config.minWindowBytes();
        };
    }

    /** Nothing is in flight; were we waiting for that, a small batch goes next and measures the way. */
    void drained() {
        if (probe == Probe.DRAINING) {
            probe = Probe.SENT;
        }
    }

    /**
     * The viewer acknowledged.
     *
     * @param roundTripMicros of the newest batch that it painted
     * @param freedBytes of all that it acknowledged
     * @param demand what would have been sent, had the window been larger
     * @param used whether that batch filled at least half of the window: else delay is not our doing
     */
    void acknowledged(long roundTripMicros, long freedBytes, Demand demand, boolean used, long nowMicros) {
        if (probe == Probe.SENT) {
            base.forget();
            samples = 0;
        }
        base.add(roundTripMicros, nowMicros);
        recent[samples++ % RECENT] = roundTripMicros;
        long baseMicros = base.minimum(nowMicros, roundTripMicros);
        long least = Arrays.stream(recent, 0, Math.min(samples, RECENT)).min().orElse(roundTripMicros);
        extraMicros = Math.max(0, least - baseMicros);
        if (probe == Probe.SENT || roundTripMicros - baseMicros < NO_DELAY_MICROS) {
            nearBaseMicros = nowMicros;
            probe = Probe.NONE;
        }
        if (used && mayCut(roundTripMicros, nowMicros) && roundTripMicros - baseMicros > spikeMicros) {
            thresholdBytes = windowBytes * 0.7;
            cut((double) baseMicros / roundTripMicros, 0.25, nowMicros);
        } else if (used && mayCut(roundTripMicros, nowMicros) && extraMicros > shrinkAboveMicros) {
            cut((double) (baseMicros + growBelowMicros) / (baseMicros + extraMicros), 0.5, nowMicros);
            thresholdBytes = windowBytes;
        } else if (extraMicros >= growBelowMicros) {
            thresholdBytes = Math.min(thresholdBytes, windowBytes);
        } else if (demand != Demand.MET && roundTripMicros - baseMicros < growBelowMicros) {
            grow(freedBytes, demand);
        }
        if (used && probe == Probe.NONE && nowMicros - nearBaseMicros > UNPROBED_MICROS) {
            probe = Probe.DRAINING;
        }
    }

    private boolean mayCut(long roundTripMicros, long nowMicros) {
        return nowMicros - lastCutMicros >= roundTripMicros;
    }

    private void cut(double factor, double least, long nowMicros) {
        windowBytes = Math.max(config.minWindowBytes(), windowBytes * Math.max(least, Math.min(0.95, factor)));
        lastCutMicros = nowMicros;
    }

    private void grow(long freedBytes, Demand demand) {
        double more = freedBytes / (extraMicros < NO_DELAY_MICROS ? 4.0 : 8.0);
        if (windowBytes < thresholdBytes) {
            more = demand == Demand.MORE_THAN_WENT ? 2.0 * freedBytes : freedBytes;
        }
        windowBytes = Math.min(config.maxWindowBytes(), windowBytes + more);
    }

    /** The way may be another one now: begins small again. */
    void restart() {
        windowBytes = config.minWindowBytes();
        thresholdBytes = Double.MAX_VALUE;
        base.forget();
        samples = 0;
        extraMicros = 0;
        probe = Probe.NONE;
    }

    /** Whether the way, not the source, sets the pace: there is a queue in it, or even the least window is too much. */
    boolean isDelayed() {
        return extraMicros >= growBelowMicros || windowBytes <= config.minWindowBytes();
    }

    /** How long pictures queue on the way, microseconds. */
    long extraMicros() {
        return extraMicros;
    }
}
