package io.quickdrop.relay.desktop.command;

import io.quickdrop.protocol.AgentMessage.Command;
import io.quickdrop.protocol.ViewerMessage.CommandStatus;
import io.quickdrop.relay.desktop.AgentId;

/** What a {@link CommandDesk} orders. */
public sealed interface CommandOutput {
    /** Send an agent a command. */
    record Deliver(AgentId agent, Command command) implements CommandOutput {}

    /** Tell who asked. */
    record Tell(CommandStatus status) implements CommandOutput {}
}
