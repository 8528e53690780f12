package io.quickdrop.relay.desktop;

import java.time.Duration;

/**
 * The bounds of one viewer's stream.
 *
 * @param startWindowBytes in flight before anything is known about the way
 * @param minWindowBytes in flight on the worst way
 * @param maxWindowBytes in flight on the best way
 * @param maxBatches batches in flight
 * @param messageBytes longest message of tiles; a single tile may be longer
 * @param growBelow while pictures are delayed by less than this, the window may grow
 * @param shrinkAbove when they are delayed by more than this, the window shrinks
 * @param spike a delay above this is taken for a loss: the window is cut to what the way holds
 * @param baseWindow over this time the least round trip is taken for the way's own
 * @param patience so long without progress, with bytes in flight, means stalled
 * @param stillInterval least time between two batches to a stalled viewer
 * @param stillBytesPerSecond pace of stills to a viewer that has never acknowledged anything
 */
public record FlowConfig(
        int startWindowBytes,
        int minWindowBytes,
        int maxWindowBytes,
        int maxBatches,
        int messageBytes,
        Duration growBelow,
        Duration shrinkAbove,
        Duration spike,
        Duration baseWindow,
        Duration patience,
        Duration stillInterval,
        int stillBytesPerSecond) {
    /** @throws IllegalArgumentException if a bound is not positive or the bounds are not in order */
    public FlowConfig {
        if (minWindowBytes < 1 || startWindowBytes < minWindowBytes || maxWindowBytes < startWindowBytes) {
            throw new IllegalArgumentException("window of " + minWindowBytes + ", " + startWindowBytes + " and "
                    + maxWindowBytes + " bytes: allowed is 0 < least <= first <= most");
        }
        if (maxBatches < 1 || messageBytes < 1 || stillBytesPerSecond < 1) {
            throw new IllegalArgumentException("maxBatches " + maxBatches + ", messageBytes " + messageBytes
                    + ", stillBytesPerSecond " + stillBytesPerSecond + ": all must be at least 1");
        }
        if (growBelow.compareTo(shrinkAbove) > 0 || shrinkAbove.compareTo(spike) > 0) {
            throw new IllegalArgumentException("grow below " + growBelow + ", shrink above " + shrinkAbove + ", spike "
                    + spike + ": must be in this order");
        }
        for (Duration duration : new Duration[] {growBelow, baseWindow, patience, stillInterval}) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("found " + duration + "; every duration must be positive");
            }
        }
    }

    /**
     * 16 KiB to start, 4 KiB to 4 MiB, grown below 25 ms and shrunk above 50 ms of delay, as TigerVNC's {@code
     * Congestion.cxx} has proven; 10 batches, 300 ms of a way at 30 frames a second; messages of 64 KiB, so that the first
     * tiles are painted while the last are on their way; 200 ms is a lost packet's retransmission; 30 s of memory for the
     * base; stalled after 4 s, well before the heartbeat's 15; one still a second; 64 KiB a second for those who never
     * acknowledge, a whole picture in a few seconds.
     */
    public static FlowConfig defaults() {
        return new FlowConfig(
                16 << 10,
                4 << 10,
                4 << 20,
                10,
                64 << 10,
                Duration.ofMillis(25),
                Duration.ofMillis(50),
                Duration.ofMillis(200),
                Duration.ofSeconds(30),
                Duration.ofSeconds(4),
                Duration.ofSeconds(1),
                64 << 10);
    }
}
