package io.quickdrop.relay.desktop.agent;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import org.jspecify.annotations.Nullable;

/** What happens to an agent. */
public sealed interface AgentInput {
    /** A connection is open. */
    record Opened() implements AgentInput {}

    /** The handshake was sent, with this in it. */
    record Introduced(ClientInfo info) implements AgentInput {}

    /** The server said something. */
    record Said(AgentMessage message) implements AgentInput {}

    /** The connection is gone. */
    record Lost() implements AgentInput {}

    /** A command was carried out; with an error if it failed. */
    record Done(long epoch, String commandId, @Nullable JsonObject result, @Nullable String error)
            implements AgentInput {}

    /** Time passed. */
    record Tick() implements AgentInput {}
}
