package io.quickdrop.relay.driver;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.ViewerMessage.CommandStatus;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes pictures from desktops to those who watch them. This is what an embedder creates beside its {@link Relay}, whose
 * connections it extends: one per registry.
 *
 * <p>Safe on any thread.
 */
public final class DesktopRelay {
    private final Relay relay;

    /** @param wallClock only for what people and peers are shown */
    public DesktopRelay(
            DesktopConfig config,
            Relay relay,
            DesktopRegistry registry,
            DesktopGate gate,
            InstantSource wallClock,
            DesktopListener listener) {
        this.relay = relay;
    }

    /** Reads which desktops there are. Called once, before the first connection. */
    public void restore() throws StorageException {}

    /**
     * An agent of v2 has connected; it is challenged, and what it may do is decided by the gate.
     *
     * @return to be told what arrives
     */
    public Peer agentConnected(Connection connection, PeerIdentity identity) {
        return relay.connected(connection, identity);
    }

    /**
     * What a connection of v2 that looks at desktops is given to {@link Relay#connected}.
     *
     * @param name who it is, for the people at the desktops
     * @param mayWatch whether it may; else what viewers ask for is refused with {@code forbidden}
     */
    public PeerExtension viewer(String name, boolean mayWatch) {
        return PeerExtension.NONE;
    }

    /**
     * A client of v1 has connected: a phone, a desktop or a viewer.
     *
     * @param hello what phones are greeted with
     * @param clientType of the query: {@code desktop}, {@code web}, or null where there is none
     * @param clientId of the query
     * @param name who it is, for the people at the desktops
     * @return to be told what arrives
     */
    public Peer v1Connected(
            Connection connection,
            PeerIdentity identity,
            LinkMessage.HelloV1 hello,
            @Nullable String clientType,
            @Nullable String clientId,
            String name) {
        return relay.connected(connection, identity, Generation.V1, hello, PeerExtension.NONE);
    }

    /** Every desktop that is registered or waits for approval, by name. */
    public List<DesktopClient> list() {
        return List.of();
    }

    /**
     * Has a desktop do something.
     *
     * @param commandType as in {@link io.quickdrop.protocol.AgentMessage.Command}
     * @param told hears every status, from {@code pending} on, on a thread of the relay; must not block
     * @return the command's id; empty if there is no such desktop
     */
    public Optional<String> command(
            String clientId, String commandType, JsonObject commandData, Consumer<CommandStatus> told) {
        return Optional.empty();
    }

    /** The file of a screenshot command that is completed; kept for some minutes. */
    public Optional<Screenshot> screenshot(String clientId, String commandId) {
        return Optional.empty();
    }

    /**
     * Closes a desktop's connections with 4403, at once, registered or not, and takes it off the list and out of the
     * registry. Called after its key was revoked or refused, so that it can't come back.
     */
    public void revoke(String clientId) {
        relay.config();
    }

    /** Forgets timers and rooms; connections are closed by the relay that they belong to. */
    public void close() {}
}
