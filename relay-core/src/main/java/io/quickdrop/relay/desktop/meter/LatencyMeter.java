package io.quickdrop.relay.desktop.meter;

import io.quickdrop.protocol.ViewerMessage.Age;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How old the picture on one viewer's glass is, by stage, without synchronised clocks: each stage is measured on one clock,
 * and half of the least round trip stands for the one way. Pure; confined to one thread.
 */
public final class LatencyMeter {
    /**
     * The stages that are over when a picture is sent to a viewer.
     *
     * @param captureMicros reading, comparing and encoding
     * @param uplinkMicros agent to server
     * @param relayMicros waiting at the server
     */
    public record Sent(long captureMicros, long uplinkMicros, long relayMicros) {}

    private final WindowedMinimum leastRoundTrip;
    private @Nullable Age newest;

    /** Begins without a picture; {@code window} is how long a least round trip is believed. */
    public LatencyMeter(Duration window) {
        this.leastRoundTrip = new WindowedMinimum(window);
    }

    /**
     * A picture was painted.
     *
     * @param roundTripMicros from its sending to its acknowledgement
     * @param paintMicros of it the viewer's own, from receiving to canvas
     */
    public void painted(Sent sent, long roundTripMicros, long paintMicros, long nowMicros) {
        long paint = Math.max(0, Math.min(paintMicros, roundTripMicros));
        long way = roundTripMicros - paint;
        leastRoundTrip.add(way, nowMicros);
        long down = way - leastRoundTrip.minimum(nowMicros, way) / 2;
        double total = (sent.captureMicros + sent.uplinkMicros + sent.relayMicros + down + paint) / 1e3;
        newest = new Age(
                sent.captureMicros / 1e3,
                sent.uplinkMicros / 1e3,
                sent.relayMicros / 1e3,
                down / 1e3,
                paint / 1e3,
                total);
    }

    /** Of the newest painted picture; null before the first. */
    @Nullable
    public Age newest() {
        return newest;
    }
}
