package io.quickdrop.relay.desktop.command;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.Command;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.protocol.Limits;
import io.quickdrop.relay.desktop.AgentId;
import io.quickdrop.relay.desktop.command.CommandInput.Delivery;
import io.quickdrop.relay.desktop.command.OpenCommand.Sent;
import io.quickdrop.relay.desktop.command.OpenCommand.Storing;
import io.quickdrop.relay.desktop.command.OpenCommand.Unstored;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one desktop, at the instance that it is connected to: claims them in the store, sends them until they are
 * answered, and has the store end them. Nothing is lost with it: what it knows, the store and the agent's journal know too,
 * and whoever the desktop registers with next claims and sends again. Marking before sending alone loses commands, sending
 * before marking alone leaves them open (measured, 30 kills each).
 *
 * <p>Pure; confined to one thread; time is monotonic.
 */
public final class CommandDesk {
    /** An agent answers within a second; this is for the one that forgot. */
    static final Duration FIRST_RESEND = Duration.ofSeconds(5);
    /** Between two sendings, at most. */
    static final Duration SLOWEST_RESEND = Duration.ofSeconds(60);
    /** A store that failed is asked again after this, then after twice as long, and so on. */
    static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    /** Between two askings of a store that fails, at most. */
    static final Duration SLOWEST_RETRY = Duration.ofSeconds(5);

    private static final String GONE = "the desktop was disconnected before it answered; it may have run";

    /** The store was asked to claim; {@code Asked.epoch} says for whom. */
    private record Asked(long epoch, Instant at) {}

    private final String instance;
    /** In the order in which they were added. */
    private final Map<String, OpenCommand> open = new LinkedHashMap<>();

    private CommandInput.@Nullable AgentCame present;
    private @Nullable Asked claiming;
    private boolean waiting;
    private @Nullable AgentId polling;
    private int claimFailures;
    private Instant claimNext = Instant.MIN;
    private long fence;
    private long lastEpoch;

    /** @param instance id of this server, which keeps the files that come with results */
    public CommandDesk(String instance) {
        this.instance = instance;
    }

    /** When to send a {@link CommandInput.Tick}; an early one does nothing. Empty: never. */
    public Optional<Instant> deadline() {
        boolean claimDue = waiting && claiming == null && pushes();
        return Stream.concat(
                        open.values().stream().map(OpenCommand::deadline),
                        claimDue ? Stream.of(claimNext) : Stream.empty())
                .filter(time -> time.isBefore(Instant.MAX))
                .min(Instant::compareTo);
    }

    /** Takes one fact and returns what follows from it, in order. */
    public List<CommandOutput> handle(CommandInput input, Instant now) {
        List<CommandOutput> out = new ArrayList<>();
        if (input instanceof CommandInput.Waiting) {
            waiting = true;
            claimIfPushed(now, out);
        } else if (input instanceof CommandInput.AgentCame came) {
            leave(out);
            present = came;
            lastEpoch = came.epoch();
            waiting = true; // also what an earlier registration did not answer
            claimNext = now;
            claimIfPushed(now, out);
        } else if (input instanceof CommandInput.AgentGone gone) {
            if (isPresent(gone.agent())) {
                leave(out);
            }
        } else if (input instanceof CommandInput.Polled polled) {
            poll(polled, now, out);
        } else if (input instanceof CommandInput.Claimed claimed) {
            claimed(claimed, now, out);
        } else if (input instanceof CommandInput.ClaimFailed failed) {
            claimFailed(failed, now, out);
        } else if (input instanceof CommandInput.ResultCame came) {
            result(came, out);
        } else if (input instanceof CommandInput.Finished finished) {
            finished(finished, out);
        } else if (input instanceof CommandInput.FinishFailed failed) {
            finishFailed(failed.commandId(), now);
        } else if (input instanceof CommandInput.Tick) {
            tick(now, out);
        } else {
            throw new AssertionError("input without a case: " + input);
        }
        sendWaiting(now, out);
        return out;
    }

    private void poll(CommandInput.Polled polled, Instant now, List<CommandOutput> out) {
        if (!isPresent(polled.agent())) {
            return;
        }
        polling = polled.agent();
        if (waiting) {
            claim(now, out);
        }
        answerPoll(out);
    }

    /** Unless the store is being asked: then behind its answer. */
    private void answerPoll(List<CommandOutput> out) {
        AgentId asker = polling;
        if (asker != null && claiming == null) {
            polling = null;
            out.add(new CommandOutput.AnswerPoll(asker));
        }
    }

    private void claimIfPushed(Instant now, List<CommandOutput> out) {
        if (waiting && pushes()) {
            claim(now, out);
        }
    }

    private void claim(Instant now, List<CommandOutput> out) {
        CommandInput.AgentCame agent = present;
        if (agent != null && claiming == null && !now.isBefore(claimNext)) {
            waiting = false;
            claiming = new Asked(agent.epoch(), now);
            out.add(new CommandOutput.Claim(agent.epoch(), agent.delivery() == Delivery.AGAIN));
        }
    }

    private void claimed(CommandInput.Claimed claimed, Instant now, List<CommandOutput> out) {
        Asked asked = claiming;
        if (asked == null || asked.epoch() != claimed.epoch()) {
            throw new IllegalArgumentException("epoch " + claimed.epoch() + " was not asked for");
        }
        claiming = null;
        claimFailures = 0;
        claimNext = now;
        CommandInput.AgentCame agent = present;
        for (StoredCommand command : claimed.open()) {
            // The store read the time after it was asked: what is left is not over-estimated.
            Instant expires = asked.at().plus(command.timeLeft());
            OpenCommand found = new OpenCommand(command, expires, new Sent(0, Instant.MAX));
            if (open.containsKey(command.commandId())) {
                continue; // it is on its way, or its end is
            }
            if (agent != null && agent.epoch() == claimed.epoch()) {
                begin(found, agent, now, out);
            } else if (!mayAgain(command)) {
                finish(found, claimed.epoch(), CommandOutcome.failed(GONE), 0, out);
            } // else whoever registers next is sent it
        }
        claimIfPushed(now, out);
        answerPoll(out);
    }

    private void claimFailed(CommandInput.ClaimFailed failed, Instant now, List<CommandOutput> out) {
        claiming = null;
        waiting = true;
        claimNext = now.plus(retry(claimFailures));
        claimFailures++;
        CommandInput.AgentCame agent = present;
        if (agent != null && agent.epoch() != failed.epoch()) {
            claimNext = now;
            claimIfPushed(now, out);
        }
        answerPoll(out);
    }

    private void begin(OpenCommand found, CommandInput.AgentCame agent, Instant now, List<CommandOutput> out) {
        StoredCommand.Delivery delivery = found.command().delivery();
        boolean first = delivery != null && delivery.epoch() == agent.epoch();
        boolean journalled = agent.delivery() == Delivery.AGAIN && mayAgain(found.command());
        if (!journalled && !first) {
            finish(found, agent.epoch(), CommandOutcome.failed(GONE), 0, out);
        } else if (!journalled && !now.isBefore(found.expires())) {
            finish(found, agent.epoch(), CommandOutcome.expired("it was not told in time"), 0, out);
        } else if (journalled && isScreenshot(found) && screenshotsAsked() >= Limits.MAX_SCREENSHOTS) {
            open.put(found.command().commandId(), found); // its turn comes when another was answered
        } else {
            send(found, 0, agent, now, out);
        }
    }

    /** Screenshots whose turn has come. */
    private void sendWaiting(Instant now, List<CommandOutput> out) {
        CommandInput.AgentCame agent = present;
        if (agent == null || agent.delivery() != Delivery.AGAIN) {
            return;
        }
        long room = Limits.MAX_SCREENSHOTS - screenshotsAsked();
        List<OpenCommand> next = open.values().stream()
                .filter(command -> command.stage() instanceof Sent sent && sent.times() == 0)
                .limit(Math.max(0, room))
                .toList();
        next.forEach(command -> send(command, 0, agent, now, out));
    }

    private long screenshotsAsked() {
        return open.values().stream()
                .filter(command -> isScreenshot(command) && command.stage() instanceof Sent sent && sent.times() > 0)
                .count();
    }

    private static boolean isScreenshot(OpenCommand command) {
        return command.command().asked().commandType().equals(NewCommand.SCREENSHOT);
    }

    private void send(
            OpenCommand command, int before, CommandInput.AgentCame agent, Instant now, List<CommandOutput> out) {
        fence++;
        NewCommand asked = command.command().asked();
        long left = Math.max(0, Duration.between(now, command.expires()).toMillis());
        out.add(new CommandOutput.Deliver(
                agent.agent(), new Command(asked.commandId(), fence, asked.commandType(), asked.commandData(), left)));
        Instant next = Instant.MAX;
        if (agent.delivery() == Delivery.AGAIN) {
            next = now.plus(growing(FIRST_RESEND, before, SLOWEST_RESEND));
            boolean expiresBefore =
                    now.isBefore(command.expires()) && command.expires().isBefore(next);
            next = expiresBefore ? command.expires() : next;
        }
        open.put(asked.commandId(), command.at(new Sent(before + 1, next)));
    }

    private void result(CommandInput.ResultCame came, List<CommandOutput> out) {
        OpenCommand command = open.get(came.result().commandId());
        CommandInput.AgentCame from = present;
        if (from != null && from.agent().equals(came.agent()) && command != null && command.stage() instanceof Sent) {
            finish(command, from.epoch(), outcome(command, came, from.delivery()), 0, out);
        } // else it was answered before, or never asked
    }

    private CommandOutcome outcome(OpenCommand command, CommandInput.ResultCame came, Delivery delivery) {
        CommandResult result = came.result();
        JsonObject file = came.file();
        boolean withFile = isScreenshot(command) && delivery != Delivery.POLLED;
        String error = result.error() == null ? "the desktop says so" : result.error();
        if (result.status().equals(CommandState.EXPIRED.wireName())) {
            return CommandOutcome.expired(error);
        }
        if (!result.status().equals(CommandState.COMPLETED.wireName())) {
            return new CommandOutcome(CommandState.FAILED, result.result(), error, null);
        }
        if (withFile) {
            return file == null
                    ? CommandOutcome.failed("the screenshot's file did not come whole")
                    : new CommandOutcome(CommandState.COMPLETED, file, null, instance);
        }
        return CommandOutcome.completed(result.result());
    }

    private void finish(
            OpenCommand command, long epoch, CommandOutcome outcome, int failures, List<CommandOutput> out) {
        open.put(command.command().commandId(), command.at(new Storing(outcome, failures)));
        out.add(new CommandOutput.Finish(command.command().commandId(), epoch, outcome));
    }

    private void finished(CommandInput.Finished finished, List<CommandOutput> out) {
        OpenCommand command = open.get(finished.commandId());
        boolean wasStale = !finished.done() && finished.epoch() != lastEpoch;
        if (wasStale && command != null && command.stage() instanceof Storing storing) {
            finish(command, lastEpoch, storing.outcome(), storing.failures(), out); // it registered anew, with us
        } else {
            open.remove(finished.commandId());
        }
    }

    private void finishFailed(String commandId, Instant now) {
        OpenCommand command = open.get(commandId);
        if (command != null && command.stage() instanceof Storing storing) {
            int failures = storing.failures() + 1;
            Instant next = now.plus(retry(storing.failures()));
            open.put(commandId, command.at(new Unstored(storing.outcome(), failures, next)));
        }
    }

    /** What was answered is still to be stored; the rest the store has, and its next registration is sent it. */
    private void leave(List<CommandOutput> out) {
        present = null;
        polling = null;
        for (OpenCommand command : List.copyOf(open.values())) {
            if (command.stage() instanceof Sent) {
                if (mayAgain(command.command())) {
                    open.remove(command.command().commandId());
                } else {
                    finish(command, lastEpoch, CommandOutcome.failed(GONE), 0, out);
                }
            }
        }
    }

    private void tick(Instant now, List<CommandOutput> out) {
        for (OpenCommand command : List.copyOf(open.values())) {
            if (now.isBefore(command.deadline())) {
                continue;
            }
            CommandInput.AgentCame agent = present;
            if (!now.isBefore(command.forgotten())) {
                open.remove(command.command().commandId());
            } else if (command.stage() instanceof Sent sent && agent != null) {
                send(command, sent.times(), agent, now, out);
            } else if (command.stage() instanceof Unstored unstored) {
                finish(command, lastEpoch, unstored.outcome(), unstored.failures(), out);
            }
        }
        claimIfPushed(now, out);
    }

    private static Duration retry(int failures) {
        return growing(FIRST_RETRY, failures, SLOWEST_RETRY);
    }

    private static Duration growing(Duration first, int times, Duration most) {
        Duration grown = first.multipliedBy(1L << Math.min(times, 10));
        return grown.compareTo(most) < 0 ? grown : most;
    }

    private static boolean mayAgain(StoredCommand command) {
        StoredCommand.Delivery delivery = command.delivery();
        return delivery != null && delivery.again();
    }

    private boolean pushes() {
        return present != null && present.delivery() != Delivery.POLLED;
    }

    private boolean isPresent(AgentId agent) {
        return present != null && present.agent().equals(agent);
    }
}
