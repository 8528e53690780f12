package io.quickdrop.server.desktops;

import io.quickdrop.relay.driver.StorageException;
import java.util.List;
import java.util.Optional;

/**
 * Where the keys of desktops are kept. One key speaks for one desktop, and one desktop has one key that is not revoked.
 * Implementations are safe on any thread, may block, and are durable once a call returns; each passes {@code
 * AgentKeysContract}.
 */
public interface AgentKeys {
    /** The key with this fingerprint, revoked ones included. */
    Optional<AgentKey> find(String fingerprint) throws StorageException;

    /** The key that speaks for a desktop now. */
    Optional<AgentKey> holder(String clientId) throws StorageException;

    /**
     * Lets a key in. A revoked one is let in anew.
     *
     * @return false, and nothing has changed, if another key speaks for the desktop, or this one for another desktop
     */
    boolean enrol(AgentKey key) throws StorageException;

    /** The keys that are not revoked, by the name of their desktop. */
    List<AgentKey> list() throws StorageException;

    /** Takes the key of a desktop away; false if there is none. */
    boolean revoke(String clientId) throws StorageException;
}
