package io.quickdrop.server.cluster;

import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.desktop.DesktopRegistry;
import io.quickdrop.relay.driver.desktop.DesktopRegistry.Registered;
import io.quickdrop.relay.driver.desktop.DesktopRelay;
import io.quickdrop.relay.driver.pull.RemoteDesktop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells this instance's relay what became of desktops elsewhere: which are connected to another instance, which have gone
 * there from here, and which were removed. Confined to one thread; calls wait for the store.
 */
public final class DesktopWatch {
    private final DesktopRegistry registry;
    private final DesktopRelay relay;
    private final Instances instances;
    private List<RemoteDesktop> told = List.of();

    /** Watches for {@code relay}. */
    public DesktopWatch(DesktopRegistry registry, DesktopRelay relay, Instances instances) {
        this.registry = registry;
        this.relay = relay;
        this.instances = instances;
    }

    /**
     * Reads the registry once and tells what is another. To be called about every second, and at each signal.
     *
     * @throws StorageException if the registry can't be read; then nothing is told
     */
    public void look() throws StorageException {
        // Before the registry is read: what is served here was stored before, so what is missing there was removed.
        Map<String, Long> here = relay.served();
        Set<String> known = relay.list().stream()
                .filter(desktop -> !desktop.state().equals(DesktopClient.PENDING))
                .map(DesktopClient::clientId)
                .collect(Collectors.toSet());
        List<Registered> all = registry.list();
        Set<String> gone = new HashSet<>(known);
        List<RemoteDesktop> elsewhere = new ArrayList<>();
        for (Registered desktop : all) {
            String clientId = desktop.info().clientId();
            gone.remove(clientId);
            boolean ours =
                    instances.selfId().equals(desktop.owner()) || here.getOrDefault(clientId, 0L) >= desktop.epoch();
            if (!ours) {
                elsewhere.add(remote(desktop));
                relay.fenced(clientId, desktop.epoch() - 1);
            }
        }
        if (!elsewhere.equals(told)) {
            relay.elsewhere(elsewhere);
            told = List.copyOf(elsewhere);
        }
        gone.forEach(relay::forgotten);
    }

    private RemoteDesktop remote(Registered desktop) {
        String owner = desktop.owner();
        return new RemoteDesktop(
                desktop.info(),
                desktop.generation(),
                desktop.epoch(),
                desktop.lastSeen(),
                desktop.fingerprint(),
                owner,
                name(owner));
    }

    private @Nullable String name(@Nullable String id) {
        return id == null ? null : instances.find(id).map(Member::name).orElse(id);
    }
}
