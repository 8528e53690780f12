package io.quickdrop.relay.desktop.command;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.relay.desktop.AgentId;
import org.jspecify.annotations.Nullable;

/** What happens to the commands of one desktop. */
public sealed interface CommandInput {
    /** How an agent gets its commands. */
    enum Delivery {
        /** They are sent to it (v2), and a screenshot's file comes back in frames. */
        PUSHED,
        /** It asks for them (v1). */
        POLLED
    }

    /**
     * Somebody wants something done.
     *
     * @param commandId new and unique
     * @param idempotencyKey comes back in every status
     */
    record Asked(String commandId, String commandType, JsonObject commandData, @Nullable String idempotencyKey)
            implements CommandInput {}

    /** An agent registered; whichever was here before is superseded. */
    record AgentCame(AgentId agent, Delivery delivery) implements CommandInput {}

    /** An agent's connection is gone; a late one of a superseded agent changes nothing. */
    record AgentGone(AgentId agent) implements CommandInput {}

    /** An agent asks for its commands. */
    record Polled(AgentId agent) implements CommandInput {}

    /**
     * An agent says what became of a command.
     *
     * @param file of a screenshot that came whole: what the asker is told of it
     */
    record ResultCame(AgentId agent, CommandResult result, @Nullable JsonObject file) implements CommandInput {}

    /** Time passed. */
    record Tick() implements CommandInput {}
}
