package io.quickdrop.examples;

import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.RecordingStore;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.RelayConfig;
import io.quickdrop.relay.driver.RelayListener;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.desktop.DesktopConfig;
import io.quickdrop.relay.driver.desktop.DesktopGate;
import io.quickdrop.relay.driver.desktop.DesktopListener;
import io.quickdrop.relay.driver.desktop.DesktopRegistry;
import io.quickdrop.relay.driver.desktop.DesktopRelay;
import io.quickdrop.relay.driver.threads.Workers;
import java.time.Clock;

/** The whole of what an app does to take uploads and show desktops; {@code examples/README.md} shows the marked lines. */
public final class Embedding {
    private final Relay relay;
    private final DesktopRelay desktops;

    /** One relay for each store, made when the app starts; the listeners hear what the app shows. */
    public Embedding(
            RecordingStore store,
            DesktopRegistry registry,
            DesktopGate gate,
            Workers workers,
            RelayListener recordings,
            DesktopListener screens)
            throws StorageException {
        Clock clock = Clock.systemUTC();
        // snippet: start
        relay = new Relay(RelayConfig.defaults("my-app"), store, workers, clock, recordings);
        desktops = new DesktopRelay(DesktopConfig.defaults(), relay, registry, gate, clock, screens);
        relay.restore(); // uploads that a restart interrupted go on
        desktops.restore();
        // snippet: end
    }

    /** Called for each WebSocket that the app has accepted and authenticated. */
    public Peer accepted(Connection connection, String device, boolean isAgent) {
        // snippet: start
        PeerIdentity who = new PeerIdentity(device, !isAgent);
        Peer peer = isAgent // an agent proves itself to your DesktopGate
                ? desktops.agentConnected(connection, who)
                : relay.connected(connection, who, Generation.V2, desktops.viewer(device, true));
        // from the callbacks of your WebSocket: peer.text(…), peer.binary(…, true), peer.alive(), peer.closed()
        // snippet: end
        return peer;
    }
}
