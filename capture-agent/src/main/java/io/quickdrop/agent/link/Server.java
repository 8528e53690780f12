package io.quickdrop.agent.link;

import io.quickdrop.websocket.ServerAddress;
import io.quickdrop.websocket.ServerPin;
import org.jspecify.annotations.Nullable;

/**
 * A server and the key that it must have.
 *
 * @param pin null only for one without TLS on this very machine
 */
public record Server(ServerAddress address, @Nullable ServerPin pin) {
    /** {@code host:port}, by which people and files know it. */
    public String authority() {
        return address.web().getAuthority();
    }

    /** What is known of who it is: two addresses with the same key are one server. */
    Object identity() {
        return pin == null ? address : pin;
    }
}
