package io.quickdrop.relay.desktop.command;

import io.quickdrop.protocol.AgentMessage.Command;
import io.quickdrop.relay.desktop.AgentId;

/** What a {@link CommandDesk} orders. */
public sealed interface CommandOutput {
    /**
     * Have the store make this desktop's pending commands delivered. {@link CommandInput.Claimed} or {@link
     * CommandInput.ClaimFailed} follows.
     *
     * @param again whether they may be sent more than once
     */
    record Claim(long epoch, boolean again) implements CommandOutput {}

    /** Send an agent a command. */
    record Deliver(AgentId agent, Command command) implements CommandOutput {}

    /** Have the store end a command. {@link CommandInput.Finished} or {@link CommandInput.FinishFailed} follows. */
    record Finish(String commandId, long epoch, CommandOutcome outcome) implements CommandOutput {}

    /** The agent that asked was told everything that there is. */
    record AnswerPoll(AgentId agent) implements CommandOutput {}
}
