package io.quickdrop.server.desktops;

import io.quickdrop.relay.driver.StorageException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Keys for tests; can be broken. */
final class InMemoryAgentKeys implements AgentKeys {
    private final Map<String, AgentKey> byFingerprint = new TreeMap<>();
    private boolean broken;

    /** From now on every call fails. */
    synchronized void breakDown() {
        broken = true;
    }

    private void check() throws StorageException {
        if (broken) {
            throw new StorageException(StorageException.Kind.FAILED, "broken by the test");
        }
    }

    @Override
    public synchronized Optional<AgentKey> find(String fingerprint) throws StorageException {
        check();
        return Optional.ofNullable(byFingerprint.get(fingerprint));
    }

    @Override
    public synchronized Optional<AgentKey> holder(String clientId) throws StorageException {
        return list().stream().filter(key -> key.clientId().equals(clientId)).findFirst();
    }

    @Override
    public synchronized boolean enrol(AgentKey key) throws StorageException {
        AgentKey before = find(key.fingerprint()).orElse(key);
        Optional<AgentKey> holder = holder(key.clientId());
        boolean fits = before.clientId().equals(key.clientId())
                && holder.map(AgentKey::fingerprint).orElse(key.fingerprint()).equals(key.fingerprint());
        if (fits) {
            byFingerprint.put(key.fingerprint(), key);
        }
        return fits;
    }

    @Override
    public synchronized List<AgentKey> list() throws StorageException {
        check();
        return byFingerprint.values().stream()
                .filter(key -> !key.revoked())
                .sorted(Comparator.comparing(AgentKey::name).thenComparing(AgentKey::clientId))
                .toList();
    }

    @Override
    public synchronized boolean revoke(String clientId) throws StorageException {
        Optional<AgentKey> held = holder(clientId);
        held.ifPresent(key -> byFingerprint.put(
                key.fingerprint(), new AgentKey(key.fingerprint(), clientId, key.name(), key.enrolledAt(), true)));
        return held.isPresent();
    }
}
