package io.quickdrop.examples;

import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.RecordingStore;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.RelayConfig;
import io.quickdrop.relay.driver.RelayListener;
import io.quickdrop.relay.driver.SessionView;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.Workers;
import io.quickdrop.relay.upload.SavedRecording;
import java.time.Clock;

/** The whole of what an app does to take uploads; {@code examples/README.md} shows the marked lines. */
public final class Embedding {
    private final Relay relay;

    /** One relay for each store, made when the app starts. */
    public Embedding(RecordingStore store, Workers workers) throws StorageException {
        // snippet: start
        relay = new Relay(RelayConfig.defaults("my-app"), store, workers, Clock.systemUTC(), new RelayListener() {
            @Override
            public void recordingSaved(SessionView session, SavedRecording recording) {
                System.out.println("saved: " + recording.fileName());
            }
        });
        relay.restore(); // uploads that a restart interrupted go on
        // snippet: end
    }

    /** Called for each WebSocket that the app has accepted and authenticated. */
    public Peer accepted(Connection connection, String device) {
        // snippet: start
        Peer peer = relay.connected(connection, new PeerIdentity(device, true));
        // from the callbacks of your WebSocket: peer.text(…), peer.binary(…, true), peer.alive(), peer.closed()
        // snippet: end
        return peer;
    }
}
