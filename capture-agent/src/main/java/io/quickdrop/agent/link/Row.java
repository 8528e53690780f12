package io.quickdrop.agent.link;

import io.quickdrop.agent.identity.IdentityException;
import io.quickdrop.agent.identity.KnownInstances;
import io.quickdrop.agent.identity.KnownServers;
import io.quickdrop.protocol.AgentMessage.Instance;
import io.quickdrop.relay.driver.agent.DesktopAgent;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.relay.link.Rotation;
import io.quickdrop.websocket.ServerAddress;
import io.quickdrop.websocket.ServerPin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The servers that this desktop may go to: those that a person named, and those that one of them named, once it had proved its
 * key and registered us. A server is only ever talked to if it has the key that is known for it. Connects to whichever is next.
 *
 * <p>Confined to the agent's thread, but for {@link #otherKey}.
 */
public final class Row implements Connector {
    /** Servers that are remembered; a cluster has fewer. */
    private static final int MOST = 64;

    /** A server showed another key than the one that is known for it. */
    public record OtherKey(Server server, ServerPin shown) {}

    private final List<Server> named;
    private final KnownServers known;
    private final KnownInstances instances;
    private final Consumer<String> alarm;
    private final Rotation<Server> rotation;
    private final Map<Server, PinnedConnector> connectors = new HashMap<>();
    private final Set<Server> strangers = new HashSet<>();
    private final Set<Server> remembered = new HashSet<>();
    private final Set<String> alarmed = new HashSet<>();
    private final CompletableFuture<OtherKey> otherKey = new CompletableFuture<>();

    /**
     * Begins with those that were named, and those that belong to them as far as is remembered.
     *
     * @param named at least one
     * @param alarm told, in a sentence, of a key that is another than it should be; on any thread
     */
    public Row(List<Server> named, KnownServers known, KnownInstances instances, Consumer<String> alarm)
            throws IdentityException {
        this.named = List.copyOf(named);
        this.known = known;
        this.instances = instances;
        this.alarm = alarm;
        List<Server> all = new ArrayList<>(named);
        for (Server server : named) {
            for (String address : instances.of(server.authority())) {
                Optional<ServerPin> pin = pin(address);
                if (pin.isPresent()) {
                    all.add(new Server(ServerAddress.parse(address), pin.get()));
                }
            }
        }
        this.rotation = DesktopAgent.rotation(all, Server::identity);
    }

    /** Which is next, and when. */
    public Rotation<Server> rotation() {
        return rotation;
    }

    /** Completes when every server of the row has shown another key than the one that is known for it. */
    public CompletionStage<OtherKey> otherKey() {
        return otherKey;
    }

    /** The present server proved its key and took this desktop in: its key is remembered. */
    public void registered() throws IdentityException {
        Server server = rotation.present();
        ServerPin pin = server.pin();
        if (pin != null && remembered.add(server)) {
            known.remember(server.authority(), pin);
        }
    }

    /** The present server, which has proved its key, names the servers of its store. */
    public void told(List<Instance> told) throws IdentityException {
        List<Server> all = new ArrayList<>(named);
        List<String> addresses = new ArrayList<>();
        for (Instance instance : told.subList(0, Math.min(told.size(), MOST))) {
            Optional<Server> server = trusted(instance);
            if (server.isPresent()) {
                all.add(server.get());
                addresses.add(server.get().authority());
            }
        }
        rotation.replace(all); // first: to be remembered is less
        for (Server server : all) {
            ServerPin pin = server.pin();
            if (pin != null && !named.contains(server)) {
                known.remember(server.authority(), pin);
            }
        }
        for (Server server : named) {
            instances.remember(server.authority(), addresses);
        }
    }

    private Optional<Server> trusted(Instance instance) throws IdentityException {
        Server server;
        ServerPin pin;
        try {
            ServerAddress address = ServerAddress.parse(instance.url());
            pin = ServerPin.parse(instance.pin());
            server = new Server(address, pin);
            if (!address.isSecure()) {
                throw new IllegalArgumentException("found " + address + "; allowed is https");
            }
        } catch (IllegalArgumentException e) {
            alarmOnce("The server names another one that can't be used: " + e.getMessage());
            return Optional.empty();
        }
        Optional<ServerPin> expected = pin(server.authority());
        if (expected.isPresent() && !expected.get().equals(pin)) {
            alarmOnce("The server says that " + server.authority() + " has another key than the one that is known for "
                    + "it, so it is left out. If it was set up anew, start once with: --server " + server.address()
                    + " --pin " + pin);
            return Optional.empty();
        }
        return Optional.of(server);
    }

    /** The key that a person named, or else the one that is remembered. */
    private Optional<ServerPin> pin(String authority) throws IdentityException {
        for (Server server : named) {
            if (server.authority().equals(authority)) {
                return Optional.ofNullable(server.pin());
            }
        }
        return known.pin(authority);
    }

    @Override
    public void connect(ConnectionEvents events) {
        Server server = rotation.present();
        connectors.computeIfAbsent(server, this::connector).connect(events);
    }

    private PinnedConnector connector(Server server) {
        PinnedConnector made = new PinnedConnector(server.address(), server.pin());
        List<Server> row = rotation.servers();
        made.otherKey().thenAccept(shown -> stranger(server, shown, row));
        return made;
    }

    private synchronized void stranger(Server server, ServerPin shown, List<Server> row) {
        strangers.add(server);
        if (strangers.containsAll(row)) {
            otherKey.complete(new OtherKey(server, shown));
        } else {
            alarmOnce("The server at " + server.authority() + " shows another key than the one that is known for it, "
                    + "so nothing was sent to it; the others are tried. If it was set up anew, start once with: --server "
                    + server.address() + " --pin " + shown);
        }
    }

    private synchronized void alarmOnce(String sentence) {
        if (alarmed.add(sentence)) {
            alarm.accept(sentence);
        }
    }
}
