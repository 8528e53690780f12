package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.StorageException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where desktops are kept. An interface that an embedder implements; every implementation passes {@code
 * DesktopRegistryContract}. Methods may block and may be called from any thread.
 */
public interface DesktopRegistry {
    /**
     * Stores that a desktop registers, durably.
     *
     * @return its epoch: from 1, and higher than any before of this {@code clientId}, restarts included
     * @throws StorageException if it could not be stored: then nothing of it is served
     */
    long register(ClientInfo desktop, Generation generation, Instant wallTime) throws StorageException;

    /** Stores that it was connected at this time; a stale epoch changes nothing. */
    void seen(String clientId, long epoch, Instant wallTime) throws StorageException;

    /** Every desktop that ever registered and was not removed, by name. */
    List<Registered> list() throws StorageException;

    /** Forgets a desktop; false if it was unknown. Its epochs go on from where they were. */
    boolean remove(String clientId) throws StorageException;

    /**
     * What is kept of a desktop.
     *
     * @param epoch of its last registration
     * @param lastSeen wall clock
     * @param fingerprint of its key, for people to compare; null where it has none
     */
    record Registered(
            ClientInfo info, Generation generation, long epoch, Instant lastSeen, @Nullable String fingerprint) {
        /** Without a key. */
        public Registered(ClientInfo info, Generation generation, long epoch, Instant lastSeen) {
            this(info, generation, epoch, lastSeen, null);
        }
    }
}
