package io.quickdrop.relay.sim;

import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.RelayConfig;
import io.quickdrop.relay.driver.RelayListener;
import io.quickdrop.relay.driver.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The server of the world: a {@link Relay} in a process that may crash, on a store that stays. */
public final class SimulatedServer {
    private final VirtualTime time;
    private final SplittableRandom random;
    private final RelayConfig config;
    private final SimulatedStore store;
    private final List<SimulatedLink> links = new ArrayList<>();
    private SimulatedProcess process;
    private @Nullable Relay relay;
    private double slowestDiskMillis = 2;

    /** Starts at once. */
    public SimulatedServer(VirtualTime time, SplittableRandom random, RelayConfig config, SimulatedStore store) {
        this.time = time;
        this.random = random;
        this.config = config;
        this.store = store;
        this.process = newProcess();
        start();
    }

    /** The relay, or {@code null} while it is down. */
    public @Nullable Relay relay() {
        return relay;
    }

    /** The process it runs in now. */
    public SimulatedProcess process() {
        return process;
    }

    /** How long a call of the disk takes at most. */
    public void diskTakesUpTo(double millis) {
        slowestDiskMillis = millis;
    }

    /**
     * A connection request arrived. The answer is the returned end's, or none.
     *
     * @param generation what the client speaks
     * @param tap sees what the server sends on it, before it is on its way
     * @param gone runs when the server knows it as gone, once or more often
     * @return whether somebody listens
     */
    public boolean accept(
            SimulatedLink link, String device, Generation generation, Consumer<String> tap, Runnable gone) {
        Relay listening = relay;
        if (listening == null) {
            return false;
        }
        links.add(link);
        process.run(() -> {
            Peer peer = listening.connected(
                    new Tapped(link.server(), tap, gone),
                    new PeerIdentity(device, true),
                    generation,
                    generation == Generation.V1 ? new LinkMessage.HelloV1("/out", "https://phone") : listening.hello(),
                    (from, message) -> false);
            link.server().receiveBy(new ToPeer(peer, gone));
        });
        return true;
    }

    /** Ends it without warning and starts it again later. */
    public void crash(boolean powerCut, double downMillis) {
        if (relay == null) {
            return;
        }
        relay = null;
        process.kill();
        links.forEach(link -> link.server().processDied(powerCut));
        links.clear();
        store.processDied(powerCut);
        time.afterMillis(downMillis, this::start);
    }

    private void start() {
        process = newProcess();
        Relay fresh = new Relay(config, store, process, time::now, new RelayListener() {});
        try {
            fresh.restore();
        } catch (StorageException impossible) {
            throw new AssertionError(impossible);
        }
        relay = fresh;
    }

    private SimulatedProcess newProcess() {
        return new SimulatedProcess(time, random, () -> random.nextDouble() * slowestDiskMillis);
    }

    private record Tapped(Connection line, Consumer<String> tap, Runnable gone) implements Connection {
        @Override
        public void sendText(String text) {
            tap.accept(text);
            line.sendText(text);
        }

        @Override
        public void sendBinary(ByteBuffer payload) {
            line.sendBinary(payload);
        }

        @Override
        public void sendPing() {
            line.sendPing();
        }

        @Override
        public long pendingBytes() {
            return line.pendingBytes();
        }

        @Override
        public void pauseReading() {
            line.pauseReading();
        }

        @Override
        public void resumeReading() {
            line.resumeReading();
        }

        @Override
        public void close(int code, String reason) {
            gone.run();
            line.close(code, reason);
        }
    }

    private final class ToPeer implements SimulatedLink.Receiver {
        private final Peer peer;
        private final Runnable gone;

        ToPeer(Peer peer, Runnable gone) {
            this.peer = peer;
            this.gone = gone;
        }

        @Override
        public void text(String text) {
            peer.text(text);
        }

        /** Some transports hand on a message in parts. */
        @Override
        public void binary(ByteBuffer frame) {
            if (random.nextInt(8) == 0) {
                int first = random.nextInt(frame.remaining() + 1);
                peer.binary(frame.slice(0, first), false);
                peer.binary(frame.slice(first, frame.remaining() - first), true);
            } else {
                peer.binary(frame, true);
            }
        }

        @Override
        public void alive() {
            peer.alive();
        }

        @Override
        public void closed(int code, String reason) {
            gone.run();
            peer.closed();
        }
    }
}
