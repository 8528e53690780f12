package io.quickdrop.agent.link;

import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.relay.driver.client.ForwardedEvents;
import io.quickdrop.websocket.PinnedTrust;
import io.quickdrop.websocket.ServerAddress;
import io.quickdrop.websocket.ServerPin;
import io.quickdrop.websocket.WebSocketConnector;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Connects to the server with the pinned key, and tells when another one answers in its place. Safe on any thread. */
public final class PinnedConnector implements Connector {
    private final PinnedTrust trust;
    private final Connector connector;
    private final CompletableFuture<ServerPin> otherKey = new CompletableFuture<>();

    /** @param pin {@code null} only for a server without TLS on this very machine */
    public PinnedConnector(ServerAddress server, @Nullable ServerPin pin) {
        trust = new PinnedTrust(pin);
        connector = WebSocketConnector.forAgent(server.socket(), trust.context());
    }

    /** Completes with the key that was shown instead of the pinned one, if that happens. */
    public CompletionStage<ServerPin> otherKey() {
        return otherKey;
    }

    @Override
    public void connect(ConnectionEvents events) {
        connector.connect(new ForwardedEvents(events) {
            @Override
            public void closed(int code, String reason) {
                ServerPin seen = trust.seen();
                if (trust.keyHasChanged() && seen != null) {
                    otherKey.complete(seen);
                }
                super.closed(code, reason);
            }
        });
    }
}
