package io.quickdrop.relay.desktop.meter;

import java.time.Duration;

/**
 * How long an agent's pictures are on their way to the server. The agent's clock is another one: what a picture took more
 * than the quickest of late is queueing, and half of the agent's least round trip is the way itself. Pure; confined to one
 * thread.
 */
public final class UplinkMeter {
    private final WindowedMinimum least;
    private long roundTripMicros;
    private long queueMicros;

    /** Begins without a frame; {@code window} is how long the quickest way is believed. */
    public UplinkMeter(Duration window) {
        this.least = new WindowedMinimum(window);
    }

    /** The agent told its least round trip. */
    public void roundTrip(long micros) {
        roundTripMicros = Math.max(0, micros);
    }

    /** A frame came that was ready to be sent at {@code readyMicros} of the agent's clock. */
    public void arrived(long readyMicros, long nowMicros) {
        long difference = nowMicros - readyMicros;
        least.add(difference, nowMicros);
        queueMicros = difference - least.minimum(nowMicros, difference);
    }

    /** Queueing of the newest frame, microseconds. */
    public long queueMicros() {
        return queueMicros;
    }

    /** From being ready to being here, of the newest frame, microseconds. */
    public long micros() {
        return queueMicros + roundTripMicros / 2;
    }
}
