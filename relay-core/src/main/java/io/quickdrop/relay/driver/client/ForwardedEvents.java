package io.quickdrop.relay.driver.client;

import io.quickdrop.relay.driver.Connection;
import java.nio.ByteBuffer;

/** Tells somebody else all that it is told, for connectors that want to know something of it. As safe as who is told. */
public class ForwardedEvents implements ConnectionEvents {
    private final ConnectionEvents to;

    /** @param to is told everything */
    public ForwardedEvents(ConnectionEvents to) {
        this.to = to;
    }

    @Override
    public void secured(String serverKey) {
        to.secured(serverKey);
    }

    @Override
    public void opened(Connection connection) {
        to.opened(connection);
    }

    @Override
    public void text(String text) {
        to.text(text);
    }

    @Override
    public void binary(ByteBuffer message) {
        to.binary(message);
    }

    @Override
    public void alive() {
        to.alive();
    }

    @Override
    public void closed(int code, String reason) {
        to.closed(code, reason);
    }
}
