package io.quickdrop.relay.desktop.agent;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import java.util.List;
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

    /**
     * A screenshot was taken and, if the registration still holds, sent; with an error if it failed.
     *
     * @param epoch of the registration that its file was sent to
     */
    record Done(long epoch, String commandId, @Nullable JsonObject result, @Nullable String error)
            implements AgentInput {}

    /** What earlier lives of this agent ran, oldest first. Told once, before anything else. */
    record Remembered(List<Ran> ran) implements AgentInput {
        public Remembered {
            ran = List.copyOf(ran);
        }
    }

    /**
     * A command of an earlier life.
     *
     * @param result null if it is not known to have ended
     */
    record Ran(String commandId, String commandType, @Nullable CommandResult result) {}

    /** The journal was told that a command begins; {@code failure} says why it could not be. */
    record Began(String commandId, @Nullable String failure) implements AgentInput {}

    /** The journal was told how a command ended, or could not be. */
    record Written(String commandId) implements AgentInput {}

    /** Time passed. */
    record Tick() implements AgentInput {}
}
