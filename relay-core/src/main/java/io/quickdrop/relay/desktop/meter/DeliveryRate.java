package io.quickdrop.relay.desktop.meter;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How fast pictures reach one viewer: bytes acknowledged over the time that it took, as BBR measures it (Cardwell et al.,
 * draft-cheng-iccrg-delivery-rate-estimation). A batch that is sent when nothing is in flight starts a new interval, so a
 * source that rests does not make a way look slow. Pure; confined to one thread.
 */
public final class DeliveryRate {
    private static final Duration MEMORY = Duration.ofSeconds(6);

    /** A page that was busy for a moment is no narrow way: more than a quarter of about sixteen have to be delayed. */
    private static final double OFTEN = 0.25;

    private static final double WEIGHT = 1 / 16.0;
    private static final long LONG_MICROS = 60_000_000;

    /** How much had been delivered when a batch was sent. */
    public record Mark(long deliveredBytes, long deliveredMicros, long firstSentMicros) {}

    /** Kept as negative numbers: what is looked for is the most. */
    private final WindowedMinimum fastest = new WindowedMinimum(MEMORY);

    private final WindowedMinimum fastestWhenDelayed = new WindowedMinimum(MEMORY);
    private long deliveredBytes;
    private long deliveredMicros;
    private long firstSentMicros;
    private long lastKnown;
    private double delayedShare;
    private long fullMicros = Long.MIN_VALUE / 2;

    /** A batch is sent. */
    public Mark sending(boolean nothingInFlight, long nowMicros) {
        if (nothingInFlight) {
            deliveredMicros = nowMicros;
            firstSentMicros = nowMicros;
        }
        return new Mark(deliveredBytes, deliveredMicros, firstSentMicros);
    }

    /**
     * Batches were acknowledged.
     *
     * @param mark of the newest of them
     * @param delayed whether the way, not the source, set the pace
     */
    public void acknowledged(long bytes, Mark mark, long sentMicros, boolean delayed, long nowMicros) {
        deliveredBytes += bytes;
        deliveredMicros = nowMicros;
        firstSentMicros = sentMicros;
        long elapsed = Math.max(nowMicros - mark.deliveredMicros, sentMicros - mark.firstSentMicros);
        long rate = (deliveredBytes - mark.deliveredBytes) * 1_000_000 / Math.max(elapsed, 1_000);
        lastKnown = rate;
        fastest.add(-rate, nowMicros);
        delayedShare += ((delayed ? 1 : 0) - delayedShare) * WEIGHT;
        if (delayed) {
            fastestWhenDelayed.add(-rate, nowMicros);
            fullMicros = delayedShare > OFTEN ? nowMicros : fullMicros;
        }
    }

    /** The fastest of late, however much there was to send, bytes a second; 0 if nothing arrived. */
    public long bytesPerSecond(long nowMicros) {
        return -fastest.minimum(nowMicros, 0);
    }

    /** What the way carries, bytes a second; empty while it has not shown of late, and often, that this is all. */
    public OptionalLong capacity(long nowMicros) {
        long rate = -fastestWhenDelayed.minimum(nowMicros, 0);
        boolean isFull = nowMicros - fullMicros < MEMORY.toNanos() / 1000;
        return isFull && rate > 0 ? OptionalLong.of(rate) : OptionalLong.empty();
    }

    /** Whether something arrived of late, and the way was not full for a long time. */
    public boolean isAmple(long nowMicros) {
        return bytesPerSecond(nowMicros) > 0 && nowMicros - fullMicros > LONG_MICROS;
    }

    /** The last measured rate, however long ago, bytes a second; 0 if nothing ever arrived. */
    public long lastKnown() {
        return lastKnown;
    }
}
