package io.quickdrop.relay.driver.desktop;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentMessage.HeartbeatTiming;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.ViewerMessage.CommandStatus;
import io.quickdrop.protocol.ViewerMessage.DesktopCommand;
import io.quickdrop.relay.desktop.AgentId;
import io.quickdrop.relay.desktop.ViewerId;
import io.quickdrop.relay.desktop.command.CommandState;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerExtension;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.command.CommandPost;
import io.quickdrop.relay.driver.command.CommandStore;
import io.quickdrop.relay.driver.command.InMemoryCommandStore;
import io.quickdrop.relay.driver.command.InMemoryCommandStore.Registration;
import io.quickdrop.relay.driver.pull.Neighbours;
import io.quickdrop.relay.driver.pull.RemoteDesktop;
import io.quickdrop.relay.driver.threads.BoundedExecutor;
import io.quickdrop.relay.driver.threads.Workers;
import io.quickdrop.relay.link.Heartbeat;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes pictures from desktops to those who watch them. This is what an embedder creates beside its {@link Relay}, whose
 * connections it extends: one per registry.
 *
 * <p>Safe on any thread.
 */
public final class DesktopRelay implements AutoCloseable {
    /** Calls of the gate and the registry at once; the others wait for their turn. */
    private static final int BLOCKING_CALLS = 8;
    /** Connections of agents, registered or not, for each desktop that is allowed: half-open ones linger for 15 s. */
    private static final int SOCKETS_PER_DESKTOP = 2;

    private static final int NONCE_BYTES = 32;

    private final Neighbours neighbours;
    private final DesktopConfig config;
    private final Relay relay;
    private final DesktopRegistry registry;
    private final DesktopGate gate;
    private final InstantSource wallClock;
    private final Executor blocking;
    private final SecureRandom random = new SecureRandom();
    private final Map<ViewerId, ViewerVoice> viewers = new ConcurrentHashMap<>();
    private final Set<AgentRegistration> agents = ConcurrentHashMap.newKeySet();
    private final AtomicLong lastAgent = new AtomicLong();
    private final AtomicLong lastViewer = new AtomicLong();
    private final DesktopDirectory directory;
    private final DesktopHeartbeats heartbeats;
    private final DesktopNews news;
    private final ScreenshotShelf screenshots;
    private final CommandStore commandStore;
    private final CommandPost commands;

    /** One that is alone. */
    public DesktopRelay(
            DesktopConfig config,
            Relay relay,
            DesktopRegistry registry,
            DesktopGate gate,
            InstantSource wallClock,
            DesktopListener listener) {
        this(config, relay, registry, gate, wallClock, listener, Neighbours.NONE);
    }

    /** One whose commands are forgotten with the process, and known to no other. */
    public DesktopRelay(
            DesktopConfig config,
            Relay relay,
            DesktopRegistry registry,
            DesktopGate gate,
            InstantSource wallClock,
            DesktopListener listener,
            Neighbours neighbours) {
        this(
                config,
                relay,
                registry,
                gate,
                wallClock,
                listener,
                neighbours,
                new InMemoryCommandStore(registrations(registry), wallClock));
    }

    private static InMemoryCommandStore.Registrations registrations(DesktopRegistry registry) {
        return clientId -> registry.list().stream()
                .filter(desktop -> desktop.info().clientId().equals(clientId))
                .map(desktop -> new Registration(desktop.epoch(), desktop.owner() != null))
                .findFirst();
    }

    /**
     * One of several that share a store.
     *
     * @param wallClock only for what people and peers are shown
     * @param neighbours how the others are reached; what they serve is told by {@link #elsewhere}
     * @param commandStore whoever keeps it wakes {@link #commands} where something in it changed
     */
    public DesktopRelay(
            DesktopConfig config,
            Relay relay,
            DesktopRegistry registry,
            DesktopGate gate,
            InstantSource wallClock,
            DesktopListener listener,
            Neighbours neighbours,
            CommandStore commandStore) {
        this.commandStore = commandStore;
        this.neighbours = neighbours;
        this.config = config;
        this.relay = relay;
        this.registry = registry;
        this.gate = gate;
        this.wallClock = wallClock;
        this.blocking = new BoundedExecutor(relay.workers().storage(), BLOCKING_CALLS);
        this.directory = new DesktopDirectory(this);
        this.heartbeats = new DesktopHeartbeats(this);
        this.news = new DesktopNews(this, listener);
        this.screenshots = new ScreenshotShelf(relay.workers());
        this.commands = new CommandPost(commandStore, relay.workers(), blocking, new ConnectedHere());
        if (commandStore instanceof InMemoryCommandStore own) {
            own.listen(commands);
        }
    }

    /** What is connected here, as the post of commands sees it. */
    private final class ConnectedHere implements CommandPost.Desktops {
        @Override
        public Collection<String> connected() {
            return directory.here();
        }

        @Override
        public void waiting(String clientId) {
            directory.known(clientId).filter(desktop -> desktop.card().isHere()).ifPresent(DesktopRunner::commandsWait);
        }
    }

    /** Reads which desktops there are. Called once, before the first connection. */
    public void restore() throws StorageException {
        directory.restore();
    }

    /**
     * An agent of v2 has connected; it is challenged, and what it may do is decided by the gate.
     *
     * @return to be told what arrives
     */
    public Peer agentConnected(Connection connection, PeerIdentity identity) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        Challenge challenge = new Challenge(
                Base64.getUrlEncoder().withoutPadding().encodeToString(nonce),
                relay.config().serverId());
        return relay.connected(connection, identity, Generation.V2, new AgentSocket(this, identity, challenge));
    }

    /**
     * What a connection of v2 that looks at desktops is given to {@link Relay#connected}.
     *
     * @param name who it is, for the people at the desktops
     * @param mayWatch whether it may; else what viewers ask for is refused with {@code forbidden}
     */
    public PeerExtension viewer(String name, boolean mayWatch) {
        return new ViewerSocket(this, name, mayWatch, false);
    }

    /**
     * What a connection of v2 that another instance of the cluster made is given to {@link Relay#connected}: it looks at one
     * desktop that is connected here, for its own viewers.
     *
     * @param instanceName for people
     */
    public PeerExtension puller(String instanceName) {
        return new ViewerSocket(this, instanceName, true, true);
    }

    /**
     * What the other instances serve, at every change: all desktops of the store whose last registration was not here. Who
     * asks for one of them is offered the other instance, or gets pictures pulled from there. What is not named any more, or
     * of no instance, is offline. A desktop that is connected here with a newer epoch stays; one with an older one is
     * dropped.
     */
    public void elsewhere(Collection<RemoteDesktop> desktops) {
        directory.elsewhere(desktops);
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
        return relay.connected(
                connection, identity, Generation.V1, new V1Socket(this, identity, hello, clientType, clientId, name));
    }

    /** Every desktop that is registered or waits for approval, by name. */
    public List<DesktopClient> list() {
        return directory.list();
    }

    /** Where desktops are had to do something, whichever instance they are connected to. */
    public CommandPost commands() {
        return commands;
    }

    /**
     * Has a desktop do something, within the usual time.
     *
     * @param told hears every status, from {@code pending} on, or only {@code failed}; on a thread of the relay, must not block
     */
    public void command(String clientId, String commandType, JsonObject commandData, Consumer<CommandStatus> told) {
        new ViewerCommands(
                        this,
                        "",
                        told,
                        problem -> told.accept(
                                new CommandStatus("", CommandState.FAILED.wireName(), null, null, problem.detail())))
                .ask(new DesktopCommand(clientId, commandType, commandData, null));
    }

    /** The file of a screenshot command that is completed; kept for some minutes. */
    public Optional<Screenshot> screenshot(String clientId, String commandId) {
        return screenshots.find(clientId, commandId);
    }

    /**
     * Closes a desktop's connections with 4403, at once, registered or not, and takes it off the list and out of the
     * registry. Called after its key was revoked or refused, so that it can't come back.
     */
    public void revoke(String clientId) {
        for (AgentRegistration agent : agents) {
            if (clientId.equals(agent.clientId())) {
                agent.drop(CloseCode.FORBIDDEN, "this desktop was revoked");
            }
        }
        directory.remove(clientId).ifPresent(DesktopRunner::remove);
    }

    /** The desktops that are connected here, with the epochs of their registrations. */
    public Map<String, Long> served() {
        Map<String, Long> found = new HashMap<>();
        directory.each(desktop -> desktop.epochHere().ifPresent(epoch -> found.put(desktop.clientId(), epoch)));
        return found;
    }

    /**
     * Closes a desktop's connection with 4403, and takes it off the list: the registry knows it no more, since it was
     * revoked on another instance.
     */
    public void forgotten(String clientId) {
        directory.remove(clientId).ifPresent(DesktopRunner::forget);
    }

    /**
     * Closes a desktop's connection with 4409 if it is the registration of this epoch or an older one: it has registered
     * anew elsewhere. Called when the registry shows so; does nothing otherwise.
     */
    public void fenced(String clientId, long epoch) {
        directory
                .known(clientId)
                .ifPresent(
                        desktop -> desktop.fenced(epoch, "this desktop's registration is another instance's by now"));
    }

    /**
     * Closes the connections of all desktops: this instance is to serve none of them for now.
     *
     * @param code 1012 or 1013, so that they come back, here or elsewhere
     */
    public void dropAgents(CloseCode code, String why) {
        directory.each(desktop -> desktop.drop(code, why));
    }

    /** Stops rooms and their timers; connections are closed by the relay that they belong to. */
    @Override
    public void close() {
        heartbeats.stop();
        commands.close();
        directory.shutDown();
        news.shutDown();
    }

    // ---- for the sockets and the runners

    DesktopConfig config() {
        return config;
    }

    Workers workers() {
        return relay.workers();
    }

    Heartbeat.Timing heartbeat() {
        return relay.config().heartbeat();
    }

    HeartbeatTiming heartbeatTiming() {
        return new HeartbeatTiming(
                heartbeat().interval().toMillis(), heartbeat().silentIntervals());
    }

    Executor blocking() {
        return blocking;
    }

    DesktopRegistry registry() {
        return registry;
    }

    DesktopGate gate() {
        return gate;
    }

    DesktopDirectory directory() {
        return directory;
    }

    DesktopHeartbeats heartbeats() {
        return heartbeats;
    }

    /** {@link Neighbours#forAgents} has changed: those that are registered here are told. */
    public void neighboursChanged() {
        agents.forEach(AgentRegistration::neighboursChanged);
    }

    Neighbours neighbours() {
        return neighbours;
    }

    DesktopNews news() {
        return news;
    }

    CommandStore commandStore() {
        return commandStore;
    }

    ScreenshotShelf screenshots() {
        return screenshots;
    }

    Instant wallTime() {
        return wallClock.instant();
    }

    AgentId nextAgent() {
        return new AgentId(lastAgent.incrementAndGet());
    }

    ViewerId nextViewer(ViewerVoice voice) {
        ViewerId id = new ViewerId(lastViewer.incrementAndGet());
        viewers.put(id, voice);
        return id;
    }

    Optional<ViewerVoice> viewer(ViewerId id) {
        return Optional.ofNullable(viewers.get(id));
    }

    void gone(ViewerId id) {
        viewers.remove(id);
    }

    /** A connection that may become a registered agent; null if there are too many. */
    @Nullable
    AgentRegistration began(
            Generation generation,
            PeerIdentity identity,
            @Nullable Challenge challenge,
            BooleanSupplier stillThere,
            AgentVoice voice) {
        if (agents.size() >= SOCKETS_PER_DESKTOP * config.maxDesktops()) {
            return null;
        }
        AgentRegistration agent = new AgentRegistration(this, generation, identity, challenge, stillThere, voice);
        agents.add(agent);
        return agent;
    }

    void left(AgentRegistration agent) {
        agents.remove(agent);
    }

    boolean hasRoomFor(String clientId) {
        return directory.hasRoomFor(clientId, config.maxDesktops());
    }
}
