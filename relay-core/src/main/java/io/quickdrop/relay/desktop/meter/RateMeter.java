package io.quickdrop.relay.desktop.meter;

/** How much a second, over the last two seconds. Pure; confined to one thread. */
public final class RateMeter {
    private static final int BUCKETS = 8;
    private static final long BUCKET_MICROS = 250_000;

    private final long[] amount = new long[BUCKETS];
    private final long[] period = new long[BUCKETS];
    private long firstMicros = -1;

    /** Counts {@code more}, now. */
    public void add(long more, long nowMicros) {
        if (firstMicros < 0) {
            firstMicros = nowMicros;
        }
        long current = nowMicros / BUCKET_MICROS;
        int bucket = (int) (current % BUCKETS);
        if (period[bucket] != current) {
            period[bucket] = current;
            amount[bucket] = 0;
        }
        amount[bucket] += more;
    }

    /** The amount a second; since the first one, if that is less than two seconds ago. */
    public double perSecond(long nowMicros) {
        if (firstMicros < 0) {
            return 0;
        }
        long current = nowMicros / BUCKET_MICROS;
        long sum = 0;
        for (int i = 0; i < BUCKETS; i++) {
            if (period[i] > current - BUCKETS) {
                sum += amount[i];
            }
        }
        long inCurrentMicros = nowMicros - current * BUCKET_MICROS;
        long coveredMicros = (BUCKETS - 1) * BUCKET_MICROS + inCurrentMicros;
        long sinceFirstMicros = Math.max(nowMicros - firstMicros, 1_000_000);
        return sum * 1e6 / Math.min(coveredMicros, sinceFirstMicros);
    }
}
