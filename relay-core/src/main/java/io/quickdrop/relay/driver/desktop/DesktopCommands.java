package io.quickdrop.relay.driver.desktop;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.Command;
import io.quickdrop.protocol.ViewerMessage.CommandStatus;
import io.quickdrop.relay.desktop.AgentId;
import io.quickdrop.relay.desktop.command.CommandDesk;
import io.quickdrop.relay.desktop.command.CommandInput;
import io.quickdrop.relay.desktop.command.CommandOutput;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Runs the {@link CommandDesk} of one desktop. Confined to its runner's thread. */
final class DesktopCommands {
    private static final System.Logger LOG = System.getLogger(DesktopCommands.class.getName());
    private static final Set<String> LAST = Set.of("completed", "failed", "expired");

    private final DesktopRelay relay;
    private final String clientId;
    private final BiConsumer<AgentId, AgentMessage> toAgent;
    private final CommandDesk desk = new CommandDesk();
    private final Map<String, Consumer<CommandStatus>> askers = new HashMap<>();

    DesktopCommands(DesktopRelay relay, String clientId, BiConsumer<AgentId, AgentMessage> toAgent) {
        this.relay = relay;
        this.clientId = clientId;
        this.toAgent = toAgent;
    }

    Optional<Instant> deadline() {
        return desk.deadline();
    }

    void ask(CommandInput.Asked asked, Consumer<CommandStatus> told) {
        askers.put(asked.commandId(), told);
        take(asked);
    }

    void result(AgentId agent, AgentMessage.CommandResult result) {
        Optional<Screenshot> file = relay.screenshots().finish(clientId, result.commandId());
        take(new CommandInput.ResultCame(
                agent,
                result,
                file.map(whole -> described(whole, result.commandId())).orElse(null)));
    }

    private JsonObject described(Screenshot file, String commandId) {
        JsonObject result = new JsonObject();
        result.addProperty("screen", file.screen());
        result.addProperty("width", file.width());
        result.addProperty("height", file.height());
        result.addProperty("bytes", file.bytes());
        result.addProperty("url", relay.config().screenshotUrl(clientId, commandId));
        return result;
    }

    void take(CommandInput input) {
        for (CommandOutput order : desk.handle(input, relay.workers().now())) {
            if (order instanceof CommandOutput.Deliver deliver) {
                deliver(deliver);
            } else if (order instanceof CommandOutput.Tell tell) {
                tell(tell.status());
            } else {
                throw new AssertionError("order without a case: " + order);
            }
        }
    }

    private void deliver(CommandOutput.Deliver deliver) {
        Command command = deliver.command();
        if (command.commandType().equals(CommandDesk.SCREENSHOT)) {
            relay.screenshots().expect(clientId, command.commandId(), command.fence());
        }
        toAgent.accept(deliver.agent(), command);
    }

    private void tell(CommandStatus status) {
        boolean last = LAST.contains(status.status());
        Consumer<CommandStatus> asker = last ? askers.remove(status.commandId()) : askers.get(status.commandId());
        if (last) {
            relay.screenshots().unexpected(clientId, status.commandId());
        }
        if (asker != null) {
            try {
                asker.accept(status);
            } catch (RuntimeException thrown) {
                LOG.log(System.Logger.Level.ERROR, "who asked for command " + status.commandId() + " threw", thrown);
            }
        }
    }
}
