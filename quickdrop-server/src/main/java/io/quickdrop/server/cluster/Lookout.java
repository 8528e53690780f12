package io.quickdrop.server.cluster;

import io.quickdrop.server.catalogue.InstanceRow;
import io.quickdrop.server.catalogue.InstanceTable.Beat;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the instances that have died, by the store's clock. Who could not reach the store itself for a while judges nobody
 * until the others have had the full time to be heard again: after an outage everybody has been silent. Pure; confined to
 * one thread,
 * but for {@link #hearingSince}.
 */
final class Lookout {
    private final Duration maxPause;
    private final Duration deadAfter;
    private @Nullable Instant last;
    private volatile Instant hearingSince = Instant.MAX;

    /**
     * Begins to listen with the first heartbeat.
     *
     * @param maxPause between two of one's own heartbeats that hear without a gap: such a pause plus the time between two
     *     heartbeats stays below {@code deadAfter}, so that an outage of the store is never taken for a death
     * @param deadAfter silence that only the dead keep
     */
    Lookout(Duration maxPause, Duration deadAfter) {
        this.maxPause = maxPause;
        this.deadAfter = deadAfter;
    }

    /** Since when there was no gap in one's own heartbeats; {@link Instant#MAX} before the first. */
    Instant hearingSince() {
        return hearingSince;
    }

    /** Which instances are to be declared dead, now that this heartbeat was stored. */
    List<InstanceRow> dead(Beat beat, String selfId) {
        Instant before = last;
        last = beat.now();
        if (before == null || beat.now().isBefore(before) || beat.now().isAfter(before.plus(maxPause))) {
            hearingSince = beat.now();
        }
        if (beat.now().isBefore(hearingSince.plus(deadAfter))) {
            return List.of();
        }
        Instant silentSince = beat.now().minus(deadAfter);
        return beat.instances().stream()
                .filter(row -> row.isMember() && !row.id().equals(selfId))
                .filter(row -> row.seenAt().isBefore(silentSince))
                .toList();
    }
}
