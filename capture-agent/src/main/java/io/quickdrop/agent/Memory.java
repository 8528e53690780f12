package io.quickdrop.agent;

import io.quickdrop.agent.identity.IdentityException;
import io.quickdrop.agent.identity.KnownServers;
import io.quickdrop.agent.identity.ServerPin;
import io.quickdrop.relay.desktop.agent.AgentView;
import java.util.Optional;

/** Remembers the server's key, once the server has proved it and taken this desktop in. For one thread. */
final class Memory {
    private static final System.Logger LOG = System.getLogger(Memory.class.getName());

    private final KnownServers known;
    private final String address;
    private final Optional<ServerPin> pin;
    private boolean done;

    Memory(KnownServers known, String address, Optional<ServerPin> pin) {
        this.known = known;
        this.address = address;
        this.pin = pin;
    }

    /** Looks whether the registration has come about. */
    void notice(AgentView view) {
        boolean registered = view.state() == AgentView.State.IDLE || view.state() == AgentView.State.CAPTURING;
        if (done || !registered || pin.isEmpty()) {
            return;
        }
        done = true;
        try {
            known.remember(address, pin.get());
        } catch (IdentityException e) {
            LOG.log(System.Logger.Level.WARNING, "the server's key is not remembered: " + e.getMessage());
        }
    }
}
