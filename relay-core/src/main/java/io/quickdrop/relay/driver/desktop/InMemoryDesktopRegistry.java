package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.relay.driver.Generation;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Desktops that are forgotten with the process: for tests and small embedders. Safe on any thread. */
public final class InMemoryDesktopRegistry implements DesktopRegistry {
    /** What all instances share. */
    private static final class Shelf {
        private final Map<String, Registered> desktops = new HashMap<>();
        private final Map<String, Long> epochs = new HashMap<>();
    }

    private final Shelf shelf;
    private final String instance;
    private final InstantSource clock;

    /** No desktops yet, and one instance by the machine's clock. */
    public InMemoryDesktopRegistry() {
        this("this", Clock.systemUTC());
    }

    /** No desktops yet; this object speaks for {@code instance}. */
    public InMemoryDesktopRegistry(String instance, InstantSource clock) {
        this(new Shelf(), instance, clock);
    }

    private InMemoryDesktopRegistry(Shelf shelf, String instance, InstantSource clock) {
        this.shelf = shelf;
        this.instance = instance;
        this.clock = clock;
    }

    /** The same desktops, as another instance sees them. */
    public InMemoryDesktopRegistry asInstance(String other) {
        return new InMemoryDesktopRegistry(shelf, other, clock);
    }

    @Override
    public long register(ClientInfo desktop, Generation generation) {
        synchronized (shelf) {
            long epoch = shelf.epochs.merge(desktop.clientId(), 1L, Long::sum);
            shelf.desktops.put(
                    desktop.clientId(), new Registered(desktop, generation, epoch, clock.instant(), null, instance));
            return epoch;
        }
    }

    @Override
    public Set<String> seen(Map<String, Long> epochs) {
        synchronized (shelf) {
            Set<String> fenced = new HashSet<>();
            epochs.forEach((clientId, epoch) -> {
                if (!note(clientId, epoch, instance)) {
                    fenced.add(clientId);
                }
            });
            return fenced;
        }
    }

    @Override
    public void left(String clientId, long epoch) {
        synchronized (shelf) {
            note(clientId, epoch, null);
        }
    }

    /** False, and nothing noted, where that registration is not this instance's. */
    private boolean note(String clientId, long epoch, @Nullable String owner) {
        Registered known = shelf.desktops.get(clientId);
        if (known == null || known.epoch() != epoch || !instance.equals(known.owner())) {
            return false;
        }
        Instant now = clock.instant();
        shelf.desktops.put(
                clientId,
                new Registered(
                        known.info(),
                        known.generation(),
                        epoch,
                        now.isAfter(known.lastSeen()) ? now : known.lastSeen(),
                        known.fingerprint(),
                        owner));
        return true;
    }

    @Override
    public List<Registered> list() {
        synchronized (shelf) {
            return shelf.desktops.values().stream()
                    .sorted(Comparator.comparing((Registered known) -> name(known.info()))
                            .thenComparing(known -> known.info().clientId()))
                    .toList();
        }
    }

    @Override
    public boolean remove(String clientId) {
        synchronized (shelf) {
            return shelf.desktops.remove(clientId) != null;
        }
    }

    private static String name(ClientInfo desktop) {
        String friendly = desktop.friendlyName();
        return friendly == null ? desktop.clientId() : friendly;
    }
}
