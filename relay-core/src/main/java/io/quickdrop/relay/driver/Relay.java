package io.quickdrop.relay.driver;

import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.threads.SerialInbox;
import io.quickdrop.relay.driver.threads.Workers;
import io.quickdrop.relay.upload.OwnerId;
import io.quickdrop.relay.upload.SavedRecording;
import io.quickdrop.relay.upload.SessionInput;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Takes recordings from any number of connections into one store. This is what an embedder creates: one per store.
 *
 * <p>Safe on any thread.
 */
public final class Relay implements AutoCloseable {
    /** Interrupted recordings hold a file open each until they come back or expire, so they are bounded too. */
    private static final int INTERRUPTED_PER_ACTIVE = 3;

    private static final System.Logger LOG = System.getLogger(Relay.class.getName());

    private final RelayConfig config;
    private final RecordingStore store;
    private final Workers workers;
    private final InstantSource wallClock;
    private final RelayListener listener;
    private final Peers peers = new Peers();
    private final Map<SessionId, SessionRunner> sessions = new ConcurrentHashMap<>();
    private final AtomicLong lastOwner = new AtomicLong();
    private final AtomicLong inflowBytes = new AtomicLong();
    private final SessionRunner.Surroundings surroundings = new Surroundings();
    private final SerialInbox<Runnable> notices;
    private final KnownRoom room;

    /** @param wallClock only for what people and peers are shown */
    public Relay(
            RelayConfig config,
            RecordingStore store,
            Workers workers,
            InstantSource wallClock,
            RelayListener listener) {
        this.config = config;
        this.store = store;
        this.workers = workers;
        this.wallClock = wallClock;
        this.listener = listener;
        this.room = new KnownRoom(store, workers);
        this.notices = new SerialInbox<>(workers.machines(), this::guarded);
    }

    /** Brings back the sessions from before a restart, as orphaned ones. Called once, before the first connection. */
    public void restore() throws StorageException {
        restore(RecordingStore.Unfinished::idle);
    }

    /** The same, where somebody knows better than the store how long nothing has come for a session. */
    public void restore(Function<RecordingStore.Unfinished, Duration> idle) throws StorageException {
        for (RecordingStore.Unfinished session : store.unfinished()) {
            post(session.id(), restored(session, idle.apply(session)));
        }
    }

    /**
     * A peer has connected and is authenticated.
     *
     * @param greeting the first message to it, see {@link #hello}
     * @param extension what the connection is beside an uploader; this connection's alone
     * @return to be told what arrives
     */
    public Peer connected(
            Connection connection,
            PeerIdentity identity,
            Generation generation,
            Message greeting,
            PeerExtension extension) {
        Peer peer = added(connection, identity, generation, extension);
        peer.send(greeting);
        extension.opened(peer);
        return peer;
    }

    /** A peer has connected that {@link PeerExtension#opened} greets in its own way. */
    public Peer connected(
            Connection connection, PeerIdentity identity, Generation generation, PeerExtension extension) {
        Peer peer = added(connection, identity, generation, extension);
        extension.opened(peer);
        return peer;
    }

    private Peer added(Connection connection, PeerIdentity identity, Generation generation, PeerExtension extension) {
        OwnerId id = new OwnerId(lastOwner.incrementAndGet());
        Peer peer = new Peer(id, connection, identity, generation, extension, this);
        peers.add(peer);
        return peer;
    }

    /** An uploader has connected, and nothing but uploads is served: v2 with the usual greeting. */
    public Peer connected(Connection connection, PeerIdentity identity) {
        return connected(connection, identity, Generation.V2, hello(), PeerExtension.NONE);
    }

    /** The greeting of v2, with the room that there is now. */
    public LinkMessage.Hello hello() {
        return new LinkMessage.Hello(
                2,
                config.serverId(),
                new LinkMessage.ServerLimits(
                        Limits.MAX_BINARY_BYTES, config.session().maxRecordingBytes(), store.freeBytes()),
                new LinkMessage.RecorderHints((int) config.timeslice().toMillis()));
    }

    /** Open sessions, the one that began last first. */
    public List<SessionView> sessions() {
        return sessions.values().stream()
                .map(SessionRunner::view)
                .flatMap(Optional::stream)
                .sorted(Comparator.comparingLong(
                                (SessionView view) -> view.description().ts())
                        .reversed())
                .toList();
    }

    /** Connected uploaders. */
    public int uploaders() {
        return peers.uploaders();
    }

    /** Ends a session and keeps what came as a partial recording; false if there is no such open session. */
    public boolean keepPartial(SessionId id) {
        SessionRunner runner = sessions.get(id);
        if (runner == null) {
            return false;
        }
        runner.post(new SessionInput.KeepRequested());
        return true;
    }

    /** Goes on with a session that was another server's, as an interrupted one; nothing happens to one that is here already. */
    public void adopt(RecordingStore.Unfinished session) {
        sessions.computeIfAbsent(session.id(), id -> {
            SessionRunner runner = new SessionRunner(id, config, store, workers, surroundings);
            runner.post(restored(session, session.idle()));
            return runner;
        });
    }

    private static SessionInput restored(RecordingStore.Unfinished session, Duration idle) {
        return new SessionInput.Restored(
                session.device(),
                session.description(),
                session.fileName(),
                session.durableBytes(),
                session.chunks(),
                idle);
    }

    /** Forgets a session that is another server's now, and closes the connection that sends it, so that it comes back. */
    public void letGo(SessionId id, String reason) {
        SessionRunner runner = sessions.get(id);
        if (runner != null) {
            runner.letGo(owner -> surroundings.close(owner, CloseCode.TRY_AGAIN_LATER, reason));
        }
    }

    /** Closes every connection of a device, at once. */
    public void revoke(String device) {
        peers.revoke(device);
    }

    /** Devices that are connected now. */
    public List<String> connectedDevices() {
        return peers.devices();
    }

    /** Says goodbye to every peer, and closes. */
    public void goodbye(Duration retryAfter) {
        peers.goodbye(retryAfter);
    }

    /**
     * As {@link #goodbye}, and lets go of every file. Sessions stay in the store and go on after {@link #restore}.
     *
     * @return completes when the store is no longer used
     */
    public CompletionStage<Void> shutDown(Duration retryAfter) {
        goodbye(retryAfter);
        CompletableFuture<?>[] runners = sessions.values().stream()
                .map(runner -> {
                    CompletableFuture<Void> done = new CompletableFuture<>();
                    runner.shutDown(() -> done.complete(null));
                    return done;
                })
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(runners);
    }

    /** Begins to {@link #shutDown} and does not wait for it. */
    @Override
    public void close() {
        shutDown(Duration.ofSeconds(1));
    }

    // ---- for the peers and their extensions

    /** As it was made. */
    public RelayConfig config() {
        return config;
    }

    /** What its machines run on; extensions run theirs on the same. */
    public Workers workers() {
        return workers;
    }

    long wallMillis() {
        return wallClock.millis();
    }

    boolean hasRoomFor(SessionId id) {
        boolean fits = sessions.size() < config.maxActiveSessions() * (1 + INTERRUPTED_PER_ACTIVE)
                && activeSessions() < config.maxActiveSessions();
        return fits || sessions.containsKey(id);
    }

    private long activeSessions() {
        return sessions.values().stream()
                .map(SessionRunner::view)
                .filter(view -> view.isEmpty() || !view.get().state().equals("orphaned"))
                .count();
    }

    void post(SessionId id, SessionInput input) {
        post(id, input, () -> {});
    }

    void post(SessionId id, SessionInput input, Runnable settled) {
        // Inside `compute`, so that a runner is never forgotten between being found and being told.
        SessionRunner told = sessions.compute(id, (key, known) -> {
            SessionRunner runner = known == null && SessionRunner.begins(input)
                    ? new SessionRunner(key, config, store, workers, surroundings)
                    : known;
            if (runner != null) {
                runner.post(input, settled);
            }
            return runner;
        });
        if (told == null) {
            settled.run();
            surroundings.missed(id, input);
        }
    }

    void gone(Peer peer) {
        peers.remove(peer);
        uploadersChanged();
    }

    /** Told later and one at a time: the caller may hold a peer's lock. */
    void uploadersChanged() {
        notices.add(() -> listener.uploadersChanged(uploaders()));
    }

    /** Counts bytes that were read; says whether all connections together hold too much. */
    boolean tookInflow(int bytes) {
        return inflowBytes.addAndGet(bytes) > config.totalInflowBytes();
    }

    void settledInflow(int bytes) {
        inflowBytes.addAndGet(-bytes);
    }

    /** What an embedder's listener throws must not stop a session. */
    private void guarded(Runnable notice) {
        try {
            notice.run();
        } catch (RuntimeException thrown) {
            LOG.log(System.Logger.Level.ERROR, "the listener threw", thrown);
        }
    }

    private final class Surroundings implements SessionRunner.Surroundings {
        @Override
        public void send(OwnerId owner, Message message) {
            peers.find(owner).ifPresent(peer -> peer.send(peer.speaksV1() ? message : room.with(message)));
        }

        @Override
        public void close(OwnerId owner, CloseCode code, String reason) {
            peers.find(owner).ifPresent(peer -> peer.drop(code, reason));
        }

        @Override
        public void changed(SessionView view) {
            guarded(() -> listener.sessionChanged(view));
        }

        @Override
        public void published(SessionView view, SavedRecording recording) {
            guarded(() -> listener.recordingSaved(view, recording));
        }

        @Override
        public void confirmed(SessionId id, String sha256) {
            guarded(() -> listener.recordingConfirmed(id, sha256));
        }

        @Override
        public void ended(SessionId id) {
            guarded(() -> listener.sessionEnded(id));
        }

        @Override
        public void idle(SessionRunner runner) {
            sessions.computeIfPresent(runner.id(), (id, known) -> known == runner && runner.isIdle() ? null : known);
        }

        @Override
        public void missed(SessionId id, SessionInput input) {
            boolean asks = input instanceof SessionInput.EndReceived || input instanceof SessionInput.AbortReceived;
            if (asks && input instanceof SessionInput.FromPeer fromPeer) {
                send(
                        fromPeer.owner(),
                        new LinkMessage.Problem(
                                ErrorReason.END_WITHOUT_START,
                                "session " + id + " is no longer open; resume it",
                                id,
                                null));
            }
        }
    }
}
