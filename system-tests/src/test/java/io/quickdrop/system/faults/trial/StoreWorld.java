package io.quickdrop.system.faults.trial;

import io.quickdrop.relay.driver.InMemoryConnection;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.RelayConfig;
import io.quickdrop.relay.driver.RelayListener;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.relay.upload.SessionConfig;
import io.quickdrop.server.Surroundings;
import io.quickdrop.server.catalogue.Catalogue;
import io.quickdrop.server.recordings.FileRecordingStore;
import io.quickdrop.server.recordings.StoreSettings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A relay over the server's file store in this process, without a network: hundreds of trials in the time that a process
 * takes to start. It is closed and opened again as a server is. For one thread.
 */
public final class StoreWorld implements AutoCloseable {
    /** As a server has it, but in a hurry: forced every 16 KiB or 2 ms, tried again after 5 ms. */
    private static final SessionConfig QUICK = quick(SessionConfig.defaults());

    private final Path output;
    private final Surroundings surroundings;
    private final ThreadWorkers workers = new ThreadWorkers();
    private @Nullable Catalogue catalogue;
    private @Nullable FileRecordingStore store;
    private volatile @Nullable Relay relay;

    /** Opens nothing yet. */
    public StoreWorld(Path output, Surroundings surroundings) {
        this.output = output;
        this.surroundings = surroundings;
    }

    private static SessionConfig quick(SessionConfig usual) {
        return new SessionConfig(
                usual.maxRecordingBytes(),
                16 << 10,
                Duration.ofMillis(2),
                usual.retention(),
                Duration.ofMillis(5),
                usual.endPatience(),
                usual.keepAlive());
    }

    /** Starts; one that can't has let go of everything. */
    public void open() throws StorageException {
        StoreSettings settings = new StoreSettings(output, output.resolve(".quickdrop"), 0, Duration.ofMinutes(10));
        Catalogue opened = Catalogue.open(settings.data(), surroundings.commit());
        catalogue = opened;
        try {
            FileRecordingStore files = new FileRecordingStore(
                    settings,
                    opened,
                    (description, begun, taken) -> "take" + (taken == 0 ? "" : "-" + taken) + "." + description.ext(),
                    surroundings.clock(),
                    surroundings.disk());
            store = files;
            RelayConfig usual = RelayConfig.defaults(opened.serverId());
            Relay next = new Relay(
                    new RelayConfig(
                            usual.serverId(),
                            QUICK,
                            usual.heartbeat(),
                            usual.firstMessageWithin(),
                            usual.timeslice(),
                            usual.maxActiveSessions(),
                            usual.peerInflowBytes(),
                            usual.totalInflowBytes()),
                    files,
                    workers,
                    surroundings.clock(),
                    new RelayListener() {});
            next.restore();
            relay = next;
        } catch (StorageException e) {
            stop();
            throw e;
        }
    }

    /** Stops as a server does; sessions go on after the next {@link #open}. */
    public void stop() throws StorageException {
        Relay running = relay;
        relay = null;
        if (running != null) {
            try {
                running.shutDown(Duration.ofMillis(1)).toCompletableFuture().get(1, TimeUnit.MINUTES);
            } catch (ExecutionException | TimeoutException e) {
                throw new AssertionError("the relay does not shut down", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
        if (store != null) {
            store.close();
            store = null;
        }
        if (catalogue != null) {
            catalogue.close();
            catalogue = null;
        }
    }

    /** To the relay that runs then; refused while there is none. */
    public Connector connector() {
        return this::connect;
    }

    private void connect(ConnectionEvents events) {
        Relay running = relay;
        if (running == null) {
            workers.machines().execute(() -> events.closed(1006, "there is no server"));
            return;
        }
        InMemoryConnection.Pair pair = InMemoryConnection.pair(workers.machines());
        Peer peer = running.connected(pair.left(), new PeerIdentity("phone", true));
        pair.left().receiveBy(new ServerEnd(peer));
        pair.right().receiveBy(new ClientEnd(events));
        events.opened(pair.right());
    }

    @Override
    public void close() throws StorageException {
        stop();
        workers.close();
    }

    private record ServerEnd(Peer peer) implements InMemoryConnection.Receiver {
        @Override
        public void text(String text) {
            peer.text(text);
        }

        @Override
        public void binary(ByteBuffer payload) {
            peer.binary(payload, true);
        }

        @Override
        public void alive() {
            peer.alive();
        }

        @Override
        public void closed(int code, String reason) {
            peer.closed();
        }
    }

    private record ClientEnd(ConnectionEvents events) implements InMemoryConnection.Receiver {
        @Override
        public void text(String text) {
            events.text(text);
        }

        @Override
        public void alive() {
            events.alive();
        }

        @Override
        public void closed(int code, String reason) {
            events.closed(code, reason);
        }
    }
}
