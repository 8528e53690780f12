package io.quickdrop.server.access;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A register that forgets: for tests of what stands above it. */
public final class InMemoryDeviceRegister implements DeviceRegister {
    private final Map<KeyHash, PairedDevice> byKey = new LinkedHashMap<>();

    @Override
    public synchronized void insert(PairedDevice device, KeyHash keyHash) {
        boolean idTaken = byKey.values().stream().anyMatch(other -> other.id().equals(device.id()));
        if (idTaken || byKey.putIfAbsent(keyHash, device) != null) {
            throw new IllegalStateException("device " + device.id() + " or its key is registered already");
        }
    }

    @Override
    public synchronized Optional<PairedDevice> findByKeyHash(KeyHash keyHash) {
        return Optional.ofNullable(byKey.get(keyHash));
    }

    @Override
    public synchronized List<PairedDevice> list() {
        return byKey.values().stream()
                .filter(device -> !device.revoked())
                .sorted(Comparator.comparing(PairedDevice::pairedAt).reversed())
                .toList();
    }

    @Override
    public synchronized boolean revoke(String id) {
        boolean known = list().stream().anyMatch(device -> device.id().equals(id));
        byKey.replaceAll((key, device) -> device.id().equals(id)
                ? new PairedDevice(id, device.name(), device.pairedAt(), device.lastSeenAt(), true)
                : device);
        return known;
    }

    @Override
    public synchronized void touch(String id, Instant seen) {
        byKey.replaceAll((key, device) -> device.id().equals(id) && seen.isAfter(device.lastSeenAt())
                ? new PairedDevice(id, device.name(), device.pairedAt(), seen, device.revoked())
                : device);
    }
}
