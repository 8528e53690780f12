package io.quickdrop.relay.driver.desktop;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Command;
import io.quickdrop.relay.desktop.AgentId;
import io.quickdrop.relay.desktop.command.CommandDesk;
import io.quickdrop.relay.desktop.command.CommandInput;
import io.quickdrop.relay.desktop.command.CommandInput.Delivery;
import io.quickdrop.relay.desktop.command.CommandOutput;
import io.quickdrop.relay.desktop.command.NewCommand;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.command.CommandStore;
import io.quickdrop.relay.driver.threads.SerialInbox;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Runs the {@link CommandDesk} of one desktop. Confined to its runner's thread, but for the store's calls, which block elsewhere. */
final class DesktopCommands {
    private static final System.Logger LOG = System.getLogger(DesktopCommands.class.getName());

    private final DesktopRelay relay;
    private final String clientId;
    private final BiConsumer<AgentId, AgentMessage> toAgent;
    private final Consumer<CommandInput> later;
    private final CommandDesk desk;
    private final SerialInbox<Runnable> calls;
    private final Queue<Runnable> polls = new ArrayDeque<>();

    /** @param later has {@link #take} called on the runner's thread */
    DesktopCommands(
            DesktopRelay relay,
            String clientId,
            BiConsumer<AgentId, AgentMessage> toAgent,
            Consumer<CommandInput> later) {
        this.relay = relay;
        this.clientId = clientId;
        this.toAgent = toAgent;
        this.later = later;
        this.desk = new CommandDesk(relay.commandStore().instance());
        this.calls = new SerialInbox<>(relay.blocking(), Runnable::run);
    }

    Optional<Instant> deadline() {
        return desk.deadline();
    }

    void agentCame(AgentArrival arrival) {
        boolean journal = arrival.info().capabilities().contains(ClientInfo.COMMAND_JOURNAL);
        Delivery delivery =
                arrival.generation() == Generation.V1 ? Delivery.POLLED : journal ? Delivery.AGAIN : Delivery.ONCE;
        relay.screenshots().interrupted(clientId);
        polls.clear();
        take(new CommandInput.AgentCame(arrival.id(), arrival.ack().epoch(), delivery));
    }

    void agentGone(AgentId agent) {
        relay.screenshots().interrupted(clientId);
        polls.clear();
        take(new CommandInput.AgentGone(agent));
    }

    /** @param answered runs when the agent was told everything that there is for it */
    void polled(AgentId agent, Runnable answered) {
        polls.add(answered);
        take(new CommandInput.Polled(agent));
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
            } else if (order instanceof CommandOutput.Claim claim) {
                calls.add(() -> claim(claim));
            } else if (order instanceof CommandOutput.Finish finish) {
                calls.add(() -> finish(finish));
            } else if (order instanceof CommandOutput.AnswerPoll) {
                for (Runnable answered = polls.poll(); answered != null; answered = polls.poll()) {
                    answered.run();
                }
            } else {
                throw new AssertionError("order without a case: " + order);
            }
        }
    }

    private void deliver(CommandOutput.Deliver deliver) {
        Command command = deliver.command();
        if (command.commandType().equals(NewCommand.SCREENSHOT)) {
            relay.screenshots().expect(clientId, command.commandId(), command.fence());
        }
        toAgent.accept(deliver.agent(), command);
    }

    // ---- on a thread that may block

    private void claim(CommandOutput.Claim claim) {
        CommandInput answer = new CommandInput.ClaimFailed(claim.epoch());
        try {
            answer = new CommandInput.Claimed(claim.epoch(), store().claim(clientId, claim.epoch(), claim.again()));
        } catch (StorageException failure) {
            LOG.log(System.Logger.Level.DEBUG, "commands of {0} not claimed: {1}", clientId, failure.toString());
        } finally {
            later.accept(answer);
        }
    }

    private void finish(CommandOutput.Finish finish) {
        CommandInput answer = new CommandInput.FinishFailed(finish.commandId());
        try {
            boolean done = store().finish(clientId, finish.epoch(), finish.commandId(), finish.outcome());
            answer = new CommandInput.Finished(finish.commandId(), finish.epoch(), done);
        } catch (StorageException failure) {
            LOG.log(System.Logger.Level.DEBUG, "result of {0} not stored: {1}", finish.commandId(), failure.toString());
        } finally {
            later.accept(answer);
        }
    }

    private CommandStore store() {
        return relay.commandStore();
    }
}
