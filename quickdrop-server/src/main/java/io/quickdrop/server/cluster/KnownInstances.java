package io.quickdrop.server.cluster;

import io.quickdrop.protocol.AgentMessage.Instance;
import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.relay.driver.pull.Elsewhere;
import io.quickdrop.relay.driver.pull.Neighbours;
import io.quickdrop.server.access.Fellowship;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The other instances, recognised when they come and found when they are looked for. Safe on any thread; answers at once. */
public final class KnownInstances implements Fellowship, Neighbours {
    private static final String PIN_PREFIX = "sha256:";

    private final Instances instances;
    private final InstanceToken token;
    private final Tickets tickets;
    private final Predicate<String> isOwnHost;

    /** @param isOwnHost whether a host's name, as a URL has it, is this computer's */
    public KnownInstances(Instances instances, InstanceToken token, Tickets tickets, Predicate<String> isOwnHost) {
        this.instances = instances;
        this.token = token;
        this.tickets = tickets;
        this.isOwnHost = isOwnHost;
    }

    @Override
    public Optional<String> instance(String authorization) {
        return token.sender(authorization).map(this::name);
    }

    @Override
    public Optional<String> ticket(String ticket) {
        return tickets.issuer(ticket).map(this::name);
    }

    /** Who has the secret is an instance, also one that joined a moment ago and is not on the list yet. */
    private String name(String id) {
        return instances.find(id).map(Member::name).orElse(id);
    }

    /** The members' addresses; and of those on this very computer every name that it has, with their ports. */
    @Override
    public boolean isOrigin(String origin) {
        for (Member member : instances.list()) {
            if (member.self()) {
                continue;
            }
            // Dead or alive: its pages outlive it, and look for another one to go on at.
            if (origin.equals(member.url())) {
                return true;
            }
            URI url = URI.create(member.url());
            String suffix = ":" + url.getPort();
            boolean sameComputer = isOwnHost.test(url.getHost());
            if (sameComputer
                    && origin.startsWith("https://")
                    && origin.endsWith(suffix)
                    && isOwnHost.test(origin.substring("https://".length(), origin.length() - suffix.length()))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Optional<Connector> way(String instanceId) {
        return instances.other(instanceId).map(member -> new InstanceConnector(member, token));
    }

    /** The way to a member that treats what comes by it as a device's that has shown its key here. */
    public Optional<Connector> way(String instanceId, String device) {
        return instances.other(instanceId).map(member -> new InstanceConnector(member, token).inNameOf(device));
    }

    @Override
    public List<Instance> forAgents() {
        List<Instance> members = instances.list().stream()
                .filter(member -> member.state().isMember())
                .map(member -> new Instance(member.url(), PIN_PREFIX + member.pin()))
                .toList();
        return members.size() > 1 ? members : List.of();
    }

    @Override
    public Optional<Elsewhere> offer(String instanceId) {
        return instances.other(instanceId).map(member -> new Elsewhere(member.url(), tickets.issue(instanceId)));
    }
}
