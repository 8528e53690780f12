package io.quickdrop.server.access;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Devices that were recognised a moment ago: a phone that sends asks many times a second, and goes on while the register is
 * away. What is no longer fresh is good only then, since nobody can have been revoked without the register. Safe on any
 * thread.
 */
final class KnownKeys {
    /** Far more than phones of one operator. */
    private static final int MAX_KEYS = 1024;
    /** Revocations elsewhere are told within a second or two; this bounds what becomes of one that is never told. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private record Known(PairedDevice device, long sinceNanos) {}

    private final LongSupplier nanoTime;
    private final Map<String, Known> byHash = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MAX_KEYS;
        }
    };

    /** @param nanoTime a monotonic clock */
    KnownKeys(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Who showed this key within the last seconds. */
    synchronized Optional<PairedDevice> fresh(KeyHash key) {
        @Nullable Known known = byHash.get(key.hex());
        return known != null && nanoTime.getAsLong() - known.sinceNanos < FRESH.toNanos()
                ? Optional.of(known.device)
                : Optional.empty();
    }

    /** Who showed this key at some time, and was not revoked since as far as is known. */
    synchronized Optional<PairedDevice> stale(KeyHash key) {
        return Optional.ofNullable(byHash.get(key.hex())).map(Known::device);
    }

    synchronized void put(KeyHash key, PairedDevice device) {
        byHash.put(key.hex(), new Known(device, nanoTime.getAsLong()));
    }

    synchronized void forget(String deviceId) {
        byHash.values().removeIf(known -> known.device.id().equals(deviceId));
    }
}
