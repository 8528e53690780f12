package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.relay.driver.Generation;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Desktops that are forgotten with the process: for tests and small embedders. Safe on any thread. */
public final class InMemoryDesktopRegistry implements DesktopRegistry {
    private final Map<String, Registered> desktops = new HashMap<>();
    private final Map<String, Long> epochs = new HashMap<>();

    /** No desktops yet. */
    public InMemoryDesktopRegistry() {}

    @Override
    public synchronized long register(ClientInfo desktop, Generation generation, Instant wallTime) {
        long epoch = epochs.merge(desktop.clientId(), 1L, Long::sum);
        desktops.put(desktop.clientId(), new Registered(desktop, generation, epoch, wallTime));
        return epoch;
    }

    @Override
    public synchronized void seen(String clientId, long epoch, Instant wallTime) {
        desktops.computeIfPresent(
                clientId,
                (id, known) -> known.epoch() == epoch
                        ? new Registered(known.info(), known.generation(), epoch, wallTime, known.fingerprint())
                        : known);
    }

    @Override
    public synchronized List<Registered> list() {
        return desktops.values().stream()
                .sorted(Comparator.comparing((Registered known) -> InMemoryDesktopRegistry.name(known.info()))
                        .thenComparing(known -> known.info().clientId()))
                .toList();
    }

    @Override
    public synchronized boolean remove(String clientId) {
        return desktops.remove(clientId) != null;
    }

    private static String name(ClientInfo desktop) {
        String friendly = desktop.friendlyName();
        return friendly == null ? desktop.clientId() : friendly;
    }
}
