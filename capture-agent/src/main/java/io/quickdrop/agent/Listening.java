package io.quickdrop.agent;

import io.quickdrop.agent.console.AgentConsole;
import io.quickdrop.agent.identity.IdentityException;
import io.quickdrop.agent.link.Row;
import io.quickdrop.agent.stream.Station;
import io.quickdrop.protocol.AgentMessage.Instance;
import io.quickdrop.relay.desktop.agent.AgentView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the agent's thread tells: for the person in front, and to be remembered. For that thread. */
final class Listening implements Station.Listener {
    private static final System.Logger LOG = System.getLogger(Listening.class.getName());

    private final Row row;
    private final AgentConsole console;
    private @Nullable String registeredAt;

    Listening(Row row, AgentConsole console) {
        this.row = row;
        this.console = console;
    }

    @Override
    public void watchers(List<String> names) {
        console.watchers(names);
    }

    @Override
    public void status(AgentView view) {
        boolean registered = view.state() == AgentView.State.IDLE || view.state() == AgentView.State.CAPTURING;
        String at = row.rotation().present().authority();
        console.server(at);
        if (registered && !at.equals(registeredAt)) {
            if (registeredAt != null) {
                console.note("Goes on at " + at + ".");
            }
            registeredAt = at;
            remember(row::registered);
        }
        console.status(view);
    }

    @Override
    public void neighbours(List<Instance> instances) {
        remember(() -> row.told(instances));
    }

    private interface Memory {
        void write() throws IdentityException;
    }

    /** What can't be remembered must not end what works. */
    private static void remember(Memory memory) {
        try {
            memory.write();
        } catch (IdentityException e) {
            LOG.log(System.Logger.Level.WARNING, "a server's key or address is not remembered: " + e.getMessage());
        }
    }
}
