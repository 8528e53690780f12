package io.quickdrop.server.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Counts the bad tries of each remote address within a window that begins with the first of them. Memory is bounded:
 * beyond {@code maxAddresses} the address seen first is forgotten.
 *
 * <p>An IPv6 host owns a whole /64 and could try from each of its addresses, so these count as one. Confined to its
 * owner's lock.
 */
final class Attempts {
    private final int allowed;
    private final Duration window;
    private final Map<String, Tries> byAddress;

    Attempts(int allowed, Duration window, int maxAddresses) {
        this.allowed = allowed;
        this.window = window;
        this.byAddress = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Tries> eldest) {
                return size() > maxAddresses;
            }
        };
    }

    /** How long {@code remote} must wait; empty if it may try. */
    Optional<Duration> blockedFor(InetAddress remote, Instant now) {
        Tries tries = byAddress.get(network(remote));
        if (tries == null || tries.count < allowed || !now.isBefore(tries.first.plus(window))) {
            return Optional.empty();
        }
        return Optional.of(Duration.between(now, tries.first.plus(window)));
    }

    void recordBad(InetAddress remote, Instant now) {
        byAddress.merge(
                network(remote),
                new Tries(now, 1),
                (old, one) -> now.isBefore(old.first.plus(window)) ? new Tries(old.first, old.count + 1) : one);
    }

    void forget(InetAddress remote) {
        byAddress.remove(network(remote));
    }

    int size() {
        return byAddress.size();
    }

    private static String network(InetAddress remote) {
        byte[] bytes = remote.getAddress();
        return HexFormat.of().formatHex(remote instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes);
    }

    private record Tries(Instant first, int count) {}
}
