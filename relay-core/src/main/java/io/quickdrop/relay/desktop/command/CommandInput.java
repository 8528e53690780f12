package io.quickdrop.relay.desktop.command;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.relay.desktop.AgentId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens to the commands of one desktop. */
public sealed interface CommandInput {
    /** How an agent gets its commands. */
    enum Delivery {
        /** They are sent to it until it answers: it keeps a journal. A screenshot's file comes back in frames. */
        AGAIN,
        /** They are sent to it once: it keeps none. A screenshot's file comes back in frames. */
        ONCE,
        /** It asks for them, and is told once (v1). */
        POLLED
    }

    /** The store has, or may have, pending commands for this desktop. */
    record Waiting() implements CommandInput {}

    /**
     * An agent registered; whichever was here before is superseded.
     *
     * @param epoch of its registration
     */
    record AgentCame(AgentId agent, long epoch, Delivery delivery) implements CommandInput {}

    /** An agent's connection is gone; a late one of a superseded agent changes nothing. */
    record AgentGone(AgentId agent) implements CommandInput {}

    /** An agent asks for its commands; the answer is {@link CommandOutput.AnswerPoll}. */
    record Polled(AgentId agent) implements CommandInput {}

    /** The store answered {@link CommandOutput.Claim} of this epoch. */
    record Claimed(long epoch, List<StoredCommand> open) implements CommandInput {
        public Claimed {
            open = List.copyOf(open);
        }
    }

    /** The store could not; whether something was claimed all the same is unknown. */
    record ClaimFailed(long epoch) implements CommandInput {}

    /**
     * An agent says what became of a command.
     *
     * @param file of a screenshot that came whole: what the asker is told of it
     */
    record ResultCame(AgentId agent, CommandResult result, @Nullable JsonObject file) implements CommandInput {}

    /**
     * The store answered {@link CommandOutput.Finish}.
     *
     * @param done false if the command had ended before, or the epoch is stale
     */
    record Finished(String commandId, long epoch, boolean done) implements CommandInput {}

    /** The store could not; whether the command ended all the same is unknown. */
    record FinishFailed(String commandId) implements CommandInput {}

    /** Time passed. */
    record Tick() implements CommandInput {}
}
