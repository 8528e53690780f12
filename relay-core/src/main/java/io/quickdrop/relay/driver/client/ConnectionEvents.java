package io.quickdrop.relay.driver.client;

import io.quickdrop.relay.driver.Connection;
import java.nio.ByteBuffer;

/** What a transport tells of one connection attempt, in order, on any thread. */
public interface ConnectionEvents {
    /**
     * The server proved its key by TLS; told before {@link #opened}, and not at all where there is no TLS.
     *
     * @param serverKey SHA-256 of the X.509 encoding of the public key in the certificate of the server itself, 64
     *     lower-case hex digits
     */
    default void secured(String serverKey) {}

    /** The connection is open. */
    void opened(Connection connection);

    /** A text frame came. */
    void text(String text);

    /**
     * A binary message came, whole. The buffer is given away. Servers send them to who asked for pictures; nobody else needs
     * them.
     */
    default void binary(ByteBuffer message) {
        alive();
    }

    /** Something else came, for example a ping. */
    void alive();

    /** The connection could not be opened, or is gone. */
    void closed(int code, String reason);
}
