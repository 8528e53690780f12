package io.quickdrop.server.access;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Counts the bad tries of each remote party (see {@link RemoteNetwork}) within a window that begins with the first of
 * them. Memory is bounded: beyond {@code maxParties} the party seen first is forgotten. Confined to its owner's lock.
 */
final class Attempts {
    private final int allowed;
    private final Duration window;
    private final Map<String, Tries> byParty;

    Attempts(int allowed, Duration window, int maxParties) {
        this.allowed = allowed;
        this.window = window;
        this.byParty = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Tries> eldest) {
                return size() > maxParties;
            }
        };
    }

    /** How long {@code party} must wait; empty if it may try. */
    Optional<Duration> blockedFor(String party, Instant now) {
        Tries tries = byParty.get(party);
        if (tries == null || tries.count < allowed || !now.isBefore(tries.first.plus(window))) {
            return Optional.empty();
        }
        return Optional.of(Duration.between(now, tries.first.plus(window)));
    }

    void recordBad(String party, Instant now) {
        byParty.merge(
                party,
                new Tries(now, 1),
                (old, one) -> now.isBefore(old.first.plus(window)) ? new Tries(old.first, old.count + 1) : one);
    }

    void forget(String party) {
        byParty.remove(party);
    }

    int size() {
        return byParty.size();
    }

    private record Tries(Instant first, int count) {}
}
