package io.quickdrop.server.observers;

import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.ObserverMessage;
import io.quickdrop.protocol.ObserverMessage.Recording;
import io.quickdrop.protocol.ObserverMessage.Store;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.SessionView;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.access.DeviceKeys;
import io.quickdrop.server.access.DeviceName;
import io.quickdrop.server.access.PairedDevice;
import io.quickdrop.server.recordings.FileRecordingStore;
import io.quickdrop.server.recordings.RecordingCatalogue;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Composes what dashboards see from the relay, the catalogue and the register of phones. */
public final class ServerFacts implements ObserverDesk.Facts {
    private static final Logger LOG = LoggerFactory.getLogger(ServerFacts.class);

    private final Supplier<Relay> relay;
    private final FileRecordingStore store;
    private final RecordingCatalogue recordings;
    private final DeviceKeys devices;
    private final Supplier<List<DesktopClient>> desktops;
    private final Path output;
    private final Supplier<String> phoneUrl;
    private final Lifetimes lifetimes;
    private final ClusterView cluster;

    /** As read last, for while the store is away: whoever opens a dashboard then sees how things stood. */
    private List<Recording> lastRecordings = List.of();

    private Map<String, String> lastNames = Map.of();

    /** When things expire, milliseconds since 1970; {@code null} for never. Asked often; does not wait. */
    public interface Lifetimes {
        /** When a session that waits for its sender becomes a partial recording. */
        @Nullable
        Long session(SessionId id);

        /** When a recording goes to the trash by itself. */
        @Nullable
        Long recording(SessionId id, boolean partial);
    }

    /**
     * Composes from these.
     *
     * @param relay asked late, since the relay tells the desk in turn
     * @param desktops all of them, by name
     * @param cluster the other instances, and the store
     */
    public ServerFacts(
            Supplier<Relay> relay,
            FileRecordingStore store,
            DeviceKeys devices,
            Supplier<List<DesktopClient>> desktops,
            Path output,
            Supplier<String> phoneUrl,
            Lifetimes lifetimes,
            ClusterView cluster) {
        this.relay = relay;
        this.store = store;
        this.recordings = store.recordings();
        this.devices = devices;
        this.desktops = desktops;
        this.output = output;
        this.phoneUrl = phoneUrl;
        this.lifetimes = lifetimes;
        this.cluster = cluster;
    }

    @Override
    public ObserverMessage.Snapshot snapshot(boolean local) {
        Map<String, String> names = deviceNames();
        readRecordings();
        return new ObserverMessage.Snapshot(
                lastRecordings.stream()
                        .map(recording -> shown(recording, names))
                        .map(recording -> local ? recording : recording.withoutPath())
                        .toList(),
                Stream.concat(
                                relay.get().sessions().stream()
                                        .filter(view -> !view.isOver())
                                        .map(view -> session(view, names)),
                                cluster.sessions().stream())
                        .toList(),
                relay.get().uploaders(),
                desktops.get(),
                local ? output.toString() : null,
                phoneUrl.get(),
                store.freeBytes(),
                cluster.instances(),
                cluster.store());
    }

    @Override
    public ObserverMessage.Session session(SessionView view) {
        return session(view, deviceNames());
    }

    private ObserverMessage.Session session(SessionView view, Map<String, String> names) {
        return new ObserverMessage.Session(
                view.id(),
                view.fileName(),
                view.durableBytes(),
                view.chunks(),
                view.description().totalBytes(),
                view.description().mime(),
                view.description().ext(),
                view.description().label(),
                view.description().ts(),
                nameOf(view.device(), names),
                view.state(),
                view.description().take(),
                view.state().equals("orphaned") ? lifetimes.session(view.id()) : null,
                null);
    }

    @Override
    public Optional<Recording> recording(SessionId id) {
        try {
            return recordings.find(id).map(recording -> shown(recording, deviceNames()));
        } catch (StorageException e) {
            LOG.warn("recording {} can't be read: {}", id, e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public void learnDuration(SessionId id, long durationMs) {
        try {
            recordings.duration(id, durationMs);
        } catch (StorageException e) {
            LOG.warn("the duration of recording {} can't be kept: {}", id, e.getMessage());
        }
    }

    @Override
    public void confirm(SessionId id, String sha256) {
        try {
            recordings.confirm(id, sha256);
        } catch (StorageException e) {
            LOG.warn("that the sender of recording {} has the same bytes can't be kept: {}", id, e.getMessage());
        }
    }

    @Override
    public long freeBytes() {
        return store.freeBytes();
    }

    private Recording shown(Recording r, Map<String, String> names) {
        return new Recording(
                r.id(),
                r.fileName(),
                r.bytes(),
                r.chunks(),
                r.mime(),
                r.ext(),
                r.label(),
                r.ms(),
                r.ts(),
                r.savedTs(),
                nameOf(r.peer(), names),
                r.partial(),
                r.sha256(),
                r.gaps(),
                r.instance() == null ? output.resolve(r.fileName()).toString() : null,
                r.take(),
                r.playback(),
                lifetimes.recording(r.id(), r.partial()),
                r.confirmed(),
                r.instance());
    }

    private void readRecordings() {
        if (isStoreDown()) {
            return; // a look would only wait for its time to run out
        }
        try {
            lastRecordings = recordings.newest(RecordingCatalogue.MAX_PAGE, 0);
        } catch (StorageException e) {
            LOG.warn("the list of recordings can't be read: {}", e.getMessage());
        }
    }

    /** A device's name for people; reads the register. */
    public String nameOf(String device) {
        return nameOf(device, deviceNames());
    }

    /** Asked once for a whole list: each look reads the register. */
    private Map<String, String> deviceNames() {
        if (isStoreDown()) {
            return lastNames;
        }
        try {
            lastNames = devices.list().stream().collect(Collectors.toMap(DeviceName::of, PairedDevice::name));
        } catch (UncheckedIOException e) {
            LOG.warn("the names of phones can't be read: {}", e.getMessage());
        }
        return lastNames;
    }

    private boolean isStoreDown() {
        return cluster.store().state().equals(Store.DOWN);
    }

    /** The device's name for people; that of a recording's phone the catalogue knows, revoked or not. */
    private static String nameOf(String device, Map<String, String> names) {
        return switch (device) {
            case DeviceName.OPERATOR -> "operator";
            case DeviceName.V1 -> "v1 phone";
            default ->
                names.getOrDefault(
                        device, device.startsWith(DeviceName.PAIRED_PREFIX) ? "a phone paired before" : device);
        };
    }
}
