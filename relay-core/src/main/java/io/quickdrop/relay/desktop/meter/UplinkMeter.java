package io.quickdrop.relay.desktop.meter;

import java.time.Duration;

/**
 * How long an agent's pictures are on their way to the server. The agent's clock is another one: what a picture took more
 * than the quickest of late is queueing, and half of the agent's least round trip is the way itself. Pure; confined to one
 * thread.
 */
public final class UplinkMeter {
    private final WindowedMinimum least;
    private final WindowedMinimum leastWay;
    private long wayMicros;
    private long queueMicros;

    /** Begins without a frame; {@code window} is how long the quickest way is believed. */
    public UplinkMeter(Duration window) {
        this.least = new WindowedMinimum(window);
        this.leastWay = new WindowedMinimum(window);
    }

    /** The agent told its least round trip. */
    public void roundTrip(long micros) {
        wayMicros = Math.max(0, micros) / 2;
    }

    /** Somebody on the way has measured how long a picture took from the agent to here. */
    public void oneWay(long micros, long nowMicros) {
        leastWay.add(Math.max(0, micros), nowMicros);
        wayMicros = leastWay.minimum(nowMicros, micros);
    }

    /**
     * A frame came that was ready to be sent at {@code readyMicros} of the agent's clock.
     *
     * @param askedMicros when it was asked for, on the server's clock: one that was ready long before was not late, only
     *     unchanged
     */
    public void arrived(long readyMicros, long askedMicros, long nowMicros) {
        long difference = nowMicros - readyMicros;
        if (readyMicros + least.minimum(nowMicros, difference) < askedMicros) {
            return;
        }
        least.add(difference, nowMicros);
        queueMicros = difference - least.minimum(nowMicros, difference);
    }

    /** Queueing of the newest frame, microseconds. */
    public long queueMicros() {
        return queueMicros;
    }

    /** From being ready to being here, of the newest frame, microseconds. */
    public long micros() {
        return queueMicros + wayMicros;
    }
}
