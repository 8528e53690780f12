package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.pull.RemoteDesktop;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Every desktop there is: those in the registry, connected or not, and those that wait for approval. Safe on any thread. */
final class DesktopDirectory {
    private final DesktopRelay relay;
    private final Map<String, DesktopRunner> runners = new ConcurrentHashMap<>();
    private final Map<AgentRegistration, DesktopClient> pending = new ConcurrentHashMap<>();
    /** Those that were named among the others' the last time. */
    private Set<String> elsewhere = new HashSet<>();

    private final AtomicLong lastHandle = new AtomicLong();

    DesktopDirectory(DesktopRelay relay) {
        this.relay = relay;
    }

    void restore() throws StorageException {
        for (DesktopRegistry.Registered registered : relay.registry().list()) {
            DesktopRunner runner = claim(registered.info().clientId());
            runner.card().restored(registered);
            release(runner);
        }
    }

    /** The place of a desktop that was let in, made if there is none; whoever claims it releases it. */
    DesktopRunner claim(String clientId) {
        return runners.compute(clientId, (id, known) -> {
            DesktopRunner runner = known == null ? new DesktopRunner(relay, id, lastHandle.incrementAndGet()) : known;
            runner.claim();
            return runner;
        });
    }

    /** A desktop that was let in and could not be stored keeps no place. */
    void release(DesktopRunner claimed) {
        runners.computeIfPresent(claimed.clientId(), (id, runner) -> {
            boolean unused =
                    runner == claimed && runner.release() && !runner.card().isKnown();
            return unused ? null : runner;
        });
    }

    /** The place of a desktop that has registered at some time. */
    Optional<DesktopRunner> known(String clientId) {
        return Optional.ofNullable(runners.get(clientId))
                .filter(runner -> runner.card().isKnown());
    }

    /** Ids of those that are connected to this instance. */
    List<String> here() {
        return runners.values().stream()
                .filter(runner -> runner.card().isHere())
                .map(DesktopRunner::clientId)
                .toList();
    }

    void each(Consumer<DesktopRunner> action) {
        runners.values().forEach(action);
    }

    Optional<DesktopRunner> remove(String clientId) {
        return Optional.ofNullable(runners.remove(clientId));
    }

    Optional<DesktopClient> find(String clientId) {
        return known(clientId).map(runner -> runner.card().client(relay.wallTime()));
    }

    /** By name. */
    List<DesktopClient> list() {
        Stream<DesktopClient> registered = runners.values().stream()
                .filter(runner -> runner.card().isKnown())
                .map(runner -> runner.card().client(relay.wallTime()));
        return Stream.concat(registered, pending.values().stream())
                .sorted(Comparator.comparing(DesktopClient::friendlyName).thenComparing(DesktopClient::clientId))
                .toList();
    }

    /** What other instances serve now; what was said before counts no more. */
    synchronized void elsewhere(Collection<RemoteDesktop> desktops) {
        Set<String> named = new HashSet<>();
        for (RemoteDesktop desktop : desktops) {
            named.add(desktop.clientId());
            DesktopRunner runner = claim(desktop.clientId());
            runner.elsewhere(desktop, () -> release(runner));
        }
        elsewhere.removeAll(named);
        for (String clientId : elsewhere) {
            known(clientId).ifPresent(runner -> runner.elsewhere(null, () -> {}));
        }
        elsewhere = named;
    }

    /** Whether fewer others than allowed are connected. */
    boolean hasRoomFor(String clientId, int most) {
        return runners.entrySet().stream()
                        .filter(entry -> !entry.getKey().equals(clientId))
                        .filter(entry -> entry.getValue().card().isHere())
                        .limit(most)
                        .count()
                < most;
    }

    void pending(AgentRegistration who, ClientInfo info, String fingerprint) {
        DesktopClient desktop = DesktopClient.notConnected(
                info.clientId(),
                info.friendlyName() == null ? info.clientId() : info.friendlyName(),
                info.hostname() == null ? "" : info.hostname(),
                DesktopClient.PENDING,
                info.codecs(),
                2,
                fingerprint,
                relay.wallTime().toEpochMilli());
        pending.put(who, desktop);
        relay.news().connected(desktop);
    }

    /** @param registered whether it waits no longer because it was let in */
    void notPending(AgentRegistration who, boolean registered) {
        DesktopClient desktop = pending.remove(who);
        if (desktop != null && !registered && known(desktop.clientId()).isEmpty()) {
            relay.news().disconnected(desktop.clientId(), true);
        }
    }

    void shutDown() {
        runners.values().forEach(DesktopRunner::shutDown);
    }
}
