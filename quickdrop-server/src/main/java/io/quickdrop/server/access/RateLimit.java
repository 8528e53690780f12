package io.quickdrop.server.access;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A token bucket per key (a remote address, a device): {@code burst} at once, then one per {@code refill}.
 *
 * <p>Memory is bounded: beyond {@code maxKeys} the key that asked longest ago is forgotten and starts afresh, so a
 * flood of new keys can't grow the server. Safe on any thread.
 */
public final class RateLimit {
    private final int burst;
    private final long refillNanos;
    private final LongSupplier nanoTime;
    private final Map<String, Bucket> buckets;

    /**
     * Full buckets for everybody.
     *
     * @param burst how many may come at once, at least 1
     * @param refill time until one more may come, at least 1 ns
     * @param maxKeys how many keys are remembered, at least 1
     * @param nanoTime a monotonic clock, {@code System::nanoTime} outside of tests
     */
    public RateLimit(int burst, Duration refill, int maxKeys, LongSupplier nanoTime) {
        if (burst < 1 || refill.isNegative() || refill.isZero() || maxKeys < 1) {
            throw new IllegalArgumentException(
                    "burst " + burst + ", refill " + refill + ", maxKeys " + maxKeys + ": allowed are positive values");
        }
        this.burst = burst;
        this.refillNanos = refill.toNanos();
        this.nanoTime = nanoTime;
        this.buckets = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                return size() > maxKeys;
            }
        };
    }

    /** Takes one for {@code key}; empty if that was allowed, else how long until one is there. */
    public synchronized Optional<Duration> take(String key) {
        long now = nanoTime.getAsLong();
        Bucket bucket = buckets.computeIfAbsent(key, unseen -> new Bucket(burst, now));
        // Whole refills only, and the remainder stays in the time stamp: no rounding adds up.
        long refills = Math.max(0, now - bucket.sinceNanos) / refillNanos;
        if (bucket.tokens + refills >= burst) {
            bucket.tokens = burst;
            bucket.sinceNanos = now;
        } else {
            bucket.tokens += (int) refills;
            bucket.sinceNanos += refills * refillNanos;
        }
        if (bucket.tokens == 0) {
            return Optional.of(Duration.ofNanos(refillNanos - Math.max(0, now - bucket.sinceNanos)));
        }
        bucket.tokens--;
        return Optional.empty();
    }

    /** How many keys are remembered now. */
    synchronized int keys() {
        return buckets.size();
    }

    private static final class Bucket {
        private int tokens;
        private long sinceNanos;

        Bucket(int tokens, long sinceNanos) {
            this.tokens = tokens;
            this.sinceNanos = sinceNanos;
        }
    }
}
