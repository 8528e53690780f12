package io.quickdrop.relay.desktop.meter;

import java.time.Duration;
import java.util.Arrays;

/** The least value of late. Holds a few numbers, however many come. Pure; confined to one thread. */
public final class WindowedMinimum {
    private static final int BUCKETS = 6;

    private final long bucketMicros;
    private final long[] least = new long[BUCKETS];
    private final long[] period = new long[BUCKETS];

    /**
     * Begins without a value.
     *
     * @param window how far it looks back; forgotten in sixths of it
     */
    public WindowedMinimum(Duration window) {
        this.bucketMicros = Math.max(1, window.toNanos() / 1000 / BUCKETS);
        forget();
    }

    /** Takes a value. */
    public void add(long value, long nowMicros) {
        long current = nowMicros / bucketMicros;
        int bucket = (int) (current % BUCKETS);
        if (period[bucket] != current) {
            period[bucket] = current;
            least[bucket] = Long.MAX_VALUE;
        }
        least[bucket] = Math.min(least[bucket], value);
    }

    /** The least value of late, {@code otherwise} if none came. */
    public long minimum(long nowMicros, long otherwise) {
        long current = nowMicros / bucketMicros;
        long minimum = Long.MAX_VALUE;
        for (int i = 0; i < BUCKETS; i++) {
            if (period[i] > current - BUCKETS) {
                minimum = Math.min(minimum, least[i]);
            }
        }
        return minimum == Long.MAX_VALUE ? otherwise : minimum;
    }

    /** Forgets every value. */
    public void forget() {
        Arrays.fill(period, -BUCKETS - 1L);
        Arrays.fill(least, Long.MAX_VALUE);
    }
}
