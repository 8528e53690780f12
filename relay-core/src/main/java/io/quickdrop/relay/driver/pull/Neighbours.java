package io.quickdrop.relay.driver.pull;

import io.quickdrop.protocol.AgentMessage.Instance;
import io.quickdrop.relay.driver.client.Connector;
import java.util.List;
import java.util.Optional;

/**
 * The other instances of a cluster, as an embedder knows them. Methods return at once, from what is known; they may be called
 * from any thread.
 */
public interface Neighbours {
    /** No other instances. */
    Neighbours NONE = new Neighbours() {
        @Override
        public Optional<Connector> way(String instanceId) {
            return Optional.empty();
        }

        @Override
        public Optional<Elsewhere> offer(String instanceId) {
            return Optional.empty();
        }
    };

    /**
     * How this instance connects to another as an instance, so that the other gives the connection {@link
     * io.quickdrop.relay.driver.PeerExtension what it gives to those that pull}. Its connections must tell binary messages,
     * also those of more than {@link io.quickdrop.protocol.Limits#MAX_BINARY_BYTES}, up to {@link
     * io.quickdrop.protocol.Frame#MAX_PULLED_BYTES}.
     *
     * @return empty if the instance is not known, or has gone
     */
    Optional<Connector> way(String instanceId);

    /** Where and as what a viewer of this instance may look at the other by itself; empty if it can't be offered. */
    Optional<Elsewhere> offer(String instanceId);

    /** Where the agents of this instance may go as well, this one among them; empty if there is no other. */
    default List<Instance> forAgents() {
        return List.of();
    }
}
