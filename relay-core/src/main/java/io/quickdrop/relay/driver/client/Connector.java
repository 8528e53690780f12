package io.quickdrop.relay.driver.client;

/** Opens connections to a server. One of the interfaces that an embedder of a client implements. Safe on any thread. */
public interface Connector {
    /** Begins to connect; returns at once. Every outcome is told to {@code events}. */
    void connect(ConnectionEvents events);
}
