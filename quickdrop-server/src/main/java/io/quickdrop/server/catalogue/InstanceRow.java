package io.quickdrop.server.catalogue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A server process that shares the store.
 *
 * @param incarnation raised each time it begins anew
 * @param name for people
 * @param url how the others and agents reach it: {@code https://host:port}
 * @param pin SHA-256 of its authority's public key, 64 lower-case hex digits
 * @param storage which output folder it writes: the same for instances that share one; empty on a lone server
 * @param startedAt of this incarnation
 * @param seenAt when it last said that it lives
 * @param leftAt when it said goodbye or was declared dead; null while it is a member
 * @param saidGoodbye whether it left by itself
 */
public record InstanceRow(
        String id,
        long incarnation,
        String name,
        String url,
        String pin,
        String storage,
        Instant startedAt,
        Instant seenAt,
        @Nullable Instant leftAt,
        boolean saidGoodbye) {
    /** Whether it neither said goodbye nor was declared dead. */
    public boolean isMember() {
        return leftAt == null;
    }
}
