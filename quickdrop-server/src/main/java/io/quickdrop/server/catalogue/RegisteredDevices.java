package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.access.DeviceRegister;
import io.quickdrop.server.access.KeyHash;
import io.quickdrop.server.access.PairedDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The catalogue's phones as the access room knows them. */
public final class RegisteredDevices implements DeviceRegister {
    private final SqliteDevices devices;
    private final InstantSource clock;

    /** Reads and writes the catalogue's table. */
    public RegisteredDevices(Catalogue catalogue, InstantSource clock) {
        this.devices = new SqliteDevices(catalogue);
        this.clock = clock;
    }

    @Override
    public void insert(PairedDevice device, KeyHash keyHash) {
        unchecked(() -> {
            devices.insert(new Device(
                    device.id(), device.name(), keyHash.hex(), device.pairedAt(), device.lastSeenAt(), null));
            return true;
        });
    }

    @Override
    public Optional<PairedDevice> findByKeyHash(KeyHash keyHash) {
        return unchecked(() -> devices.findByKeyHash(keyHash.hex())).map(RegisteredDevices::paired);
    }

    @Override
    public List<PairedDevice> list() {
        return unchecked(devices::list).stream().map(RegisteredDevices::paired).toList();
    }

    @Override
    public boolean revoke(String id) {
        return unchecked(() -> devices.revoke(id, clock.instant()));
    }

    @Override
    public void touch(String id, Instant seen) {
        unchecked(() -> {
            devices.touch(Map.of(id, seen));
            return true;
        });
    }

    private static PairedDevice paired(Device device) {
        return new PairedDevice(
                device.id(), device.name(), device.paired(), device.lastSeen(), device.revoked() != null);
    }

    private interface Call<T> {
        T run() throws StorageException;
    }

    private static <T> T unchecked(Call<T> call) {
        try {
            return call.run();
        } catch (StorageException e) {
            throw new UncheckedIOException(new IOException(e.getMessage(), e));
        }
    }
}
