package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.InMemoryRecordingStore;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.RelayConfig;
import io.quickdrop.relay.driver.RelayListener;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.relay.driver.command.InMemoryCommandStore;
import io.quickdrop.relay.driver.pull.Elsewhere;
import io.quickdrop.relay.driver.pull.Neighbours;
import io.quickdrop.relay.driver.pull.RemoteDesktop;
import io.quickdrop.relay.sim.SimulatedProcess;
import io.quickdrop.relay.sim.VirtualTime;
import io.quickdrop.relay.sim.desktop.NarrowLink;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/** Several instances in virtual time that share a store, and the roads between them. */
final class Neighbourhood {
    private static final long WALL = 1_760_000_000_000L;

    final VirtualTime time;
    final Map<String, Instance> instances = new LinkedHashMap<>();
    /** Every connection between instances that was ever open. */
    final List<Road> roads = new ArrayList<>();

    private final SplittableRandom random;
    private final InMemoryDesktopRegistry store;
    /** How long it takes until an instance hears of a change in the store. */
    DoubleSupplier newsMillis = () -> 2;
    /** How long an attempt to connect takes; negative for one that fails after so long. */
    DoubleSupplier connectMillis = () -> 3;

    double bytesPerSecond = 100e6;
    double delayMillis = 1;
    long attempts;

    Neighbourhood(long seed, String... ids) {
        this.random = new SplittableRandom(seed);
        this.time = new VirtualTime(random.split());
        this.store = new InMemoryDesktopRegistry("nobody", time::now);
        for (String id : ids) {
            instances.put(id, new Instance(id));
        }
    }

    Instance instance(String id) {
        Instance found = instances.get(id);
        if (found == null) {
            throw new AssertionError("no instance " + id);
        }
        return found;
    }

    void pass(Duration duration) {
        long until = time.nowNanos() + duration.toNanos();
        boolean[] reached = {false};
        time.atNanos(until, () -> reached[0] = true);
        while (!reached[0]) {
            time.step();
        }
    }

    /** The roads that pictures come on, as who dialled knows. */
    List<Road> inUse(Instance puller) {
        return roads.stream()
                .filter(road -> road.from == puller && road.inUse && !road.over)
                .toList();
    }

    /** Tells every instance what the others serve, as each comes to hear of it. */
    void spread() {
        for (Instance instance : instances.values()) {
            time.afterMillis(newsMillis.getAsDouble(), () -> instance.process.run(instance::look));
        }
    }

    /** One server of the cluster. */
    final class Instance implements Neighbours {
        final String id;
        final SimulatedProcess process;
        final Relay relay;
        final DesktopRelay desktops;
        final List<String> log = new ArrayList<>();
        final InMemoryDesktopRegistry registry;

        Instance(String id) {
            this.id = id;
            this.process = new SimulatedProcess(time, random.split(), () -> 1);
            this.registry = store.asInstance(id);
            this.relay = new Relay(
                    RelayConfig.defaults("srv"),
                    new InMemoryRecordingStore(time::now),
                    process,
                    () -> Instant.ofEpochMilli(WALL),
                    new RelayListener() {});
            this.desktops = new DesktopRelay(
                    DesktopConfig.defaults(),
                    relay,
                    registry,
                    DesktopGate.open(),
                    () -> Instant.ofEpochMilli(WALL).plusNanos(time.nowNanos()),
                    new Listener(),
                    this,
                    new InMemoryCommandStore(clientId -> Optional.empty(), time::now));
        }

        /** Reads the store, as every instance does at every change. */
        void look() {
            List<RemoteDesktop> others = new ArrayList<>();
            for (DesktopRegistry.Registered one : registry.list()) {
                if (!id.equals(one.owner())) {
                    others.add(new RemoteDesktop(
                            one.info(),
                            one.generation(),
                            one.epoch(),
                            one.lastSeen(),
                            one.fingerprint(),
                            one.owner(),
                            one.owner() == null ? null : "instance " + one.owner()));
                }
            }
            desktops.elsewhere(others);
        }

        Peer accept(Connection connection, String puller) {
            return relay.connected(
                    connection,
                    new PeerIdentity("instance", false),
                    Generation.V2,
                    relay.hello(),
                    desktops.puller("instance " + puller));
        }

        @Override
        public Optional<Connector> way(String instanceId) {
            return Optional.ofNullable(instances.get(instanceId)).map(to -> events -> connect(to, events));
        }

        private void connect(Instance to, ConnectionEvents events) {
            attempts++;
            double takes = connectMillis.getAsDouble();
            if (takes < 0) {
                time.afterMillis(-takes, () -> process.run(() -> events.closed(1006, "refused")));
                return;
            }
            time.afterMillis(takes, () -> {
                Road road = new Road(this, to, link(), link(), events);
                roads.add(road);
                road.open();
            });
        }

        private NarrowLink link() {
            return new NarrowLink(time, random.split(), bytesPerSecond, delayMillis, 0);
        }

        @Override
        public Optional<Elsewhere> offer(String instanceId) {
            return Optional.of(new Elsewhere("https://" + instanceId + ".example:8443", "ticket-for-" + instanceId));
        }

        private final class Listener implements DesktopListener {
            @Override
            public void connected(DesktopClient desktop) {
                log.add("connected " + desktop.clientId()
                        + (desktop.instance() == null ? "" : " at " + desktop.instance()));
                if (desktop.instance() == null) {
                    spread();
                }
            }

            @Override
            public void disconnected(String clientId, boolean removed) {
                log.add("disconnected " + clientId);
                time.afterMillis(5, Neighbourhood.this::spread); // behind the store's own word of it
            }
        }
    }
}
