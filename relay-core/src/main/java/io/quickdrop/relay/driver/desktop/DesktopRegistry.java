package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.StorageException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where desktops are kept, and which instance of the server each is connected to. An interface that an embedder
 * implements; every implementation passes {@code DesktopRegistryContract}. One object speaks for one instance. Times are
 * those of the registry's own clock, which all of its instances share. Methods may block and may be called from any
 * thread.
 */
public interface DesktopRegistry {
    /**
     * Stores that a desktop registers, durably, and that it is connected to this instance.
     *
     * @return its epoch: from 1, and higher than any before of this {@code clientId}, restarts and other instances
     *     included
     * @throws StorageException if it could not be stored, or this instance was declared dead: then nothing of it is
     *     served
     */
    long register(ClientInfo desktop, Generation generation) throws StorageException;

    /**
     * Stores that desktops are connected to this instance still: one call for all, since there may be many.
     *
     * @param epochs of each desktop's registration here
     * @return those that are not this instance's any more, by these epochs: they registered anew, here or elsewhere, were
     *     removed, or were given up as lost. Nothing of them was stored, and their connections are to be dropped
     */
    Set<String> seen(Map<String, Long> epochs) throws StorageException;

    /** Stores that a desktop was connected until now; a stale epoch changes nothing. */
    void left(String clientId, long epoch) throws StorageException;

    /** Every desktop that ever registered and was not removed, by name. */
    List<Registered> list() throws StorageException;

    /** Forgets a desktop; false if it was unknown. Its epochs go on from where they were. */
    boolean remove(String clientId) throws StorageException;

    /**
     * What is kept of a desktop.
     *
     * @param epoch of its last registration
     * @param lastSeen by the registry's clock
     * @param fingerprint of its key, for people to compare; null where it has none
     * @param owner the live instance that it is connected to; null while it is offline
     */
    record Registered(
            ClientInfo info,
            Generation generation,
            long epoch,
            Instant lastSeen,
            @Nullable String fingerprint,
            @Nullable String owner) {}
}
