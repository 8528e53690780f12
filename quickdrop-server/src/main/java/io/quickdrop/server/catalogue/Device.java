package io.quickdrop.server.catalogue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A paired phone.
 *
 * @param id never reused
 * @param name for people
 * @param keyHash hash of its key; the key itself is kept nowhere
 * @param revoked when it lost its access, {@code null} while it has it
 */
public record Device(
        String id, String name, String keyHash, Instant paired, Instant lastSeen, @Nullable Instant revoked) {}
