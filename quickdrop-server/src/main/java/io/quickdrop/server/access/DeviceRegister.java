package io.quickdrop.server.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where paired devices are kept. Instants are kept to the millisecond. Implementations are safe on any thread, durable
 * where they claim to be once a call returns, and throw {@link java.io.UncheckedIOException} if the store fails.
 *
 * <p>Every implementation passes {@code DeviceRegisterContract}.
 */
public interface DeviceRegister {
    /**
     * Adds a device under the hash of its key.
     *
     * @throws IllegalStateException if the id or the hash is taken
     */
    void insert(PairedDevice device, KeyHash keyHash);

    /** The device with this key, revoked ones included; empty if there never was one. */
    Optional<PairedDevice> findByKeyHash(KeyHash keyHash);

    /** The devices that are not revoked, the newest pairing first. */
    List<PairedDevice> list();

    /** Takes the key away for good; false if the device is unknown or was revoked before. */
    boolean revoke(String id);

    /** Moves {@code lastSeenAt} forward to {@code seen}; an earlier one, or an unknown device, changes nothing. */
    void touch(String id, Instant seen);
}
