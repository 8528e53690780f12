package io.quickdrop.relay.desktop.agent;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Command;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an agent obeys: commands that it said it can do, each once however often it is sent, over deaths of this agent too: it is in
 * the journal before it begins, and its result before it is answered. The server has checked who asks; here it is checked again
 * what is asked.
 *
 * <p>Pure; confined to one thread.
 */
final class AgentCommands {
    /** As many as a journal remembers; a server has a sixteenth of it open at once. */
    private static final int REMEMBERED = 4096;

    private static final String COMPLETED = "completed";
    private static final String FAILED = "failed";
    private static final String EXPIRED = "expired";
    private static final String INTERRUPTED =
            "the desktop's agent ended while it ran; whether it took effect is not known";

    private sealed interface Known {}

    /** The journal is written, and then it begins. */
    private record Beginning(Command command, long epoch, Instant expires) implements Known {}

    /** It runs; {@code epoch} is the registration that asked last. */
    private record Running(Command command, long epoch) implements Known {}

    /** It ended, which the journal is told; answered is the registration {@code epoch}. */
    private record Ending(CommandResult result, long epoch) implements Known {}

    /** It ended, and that may be answered at any time. */
    private record Done(CommandResult result) implements Known {}

    private final Map<String, Known> known = new LinkedHashMap<>();
    private long lastFence;
    private boolean paused;

    /** What earlier lives of this agent ran, oldest first. What they did not end, ended with them. */
    List<AgentOutput> remember(List<AgentInput.Ran> ran) {
        List<AgentOutput> out = new ArrayList<>();
        for (AgentInput.Ran entry : ran) {
            CommandResult result = entry.result();
            boolean wasPause = entry.commandType().equals(AgentOrders.STOP);
            if (result == null) {
                result = new CommandResult(entry.commandId(), FAILED, null, INTERRUPTED);
                out.add(new AgentOutput.JournalDone(result));
                paused |= wasPause; // whoever did not want to be seen is not, though nobody knows
            } else if (result.status().equals(COMPLETED)) {
                paused = wasPause || (paused && !entry.commandType().equals(AgentOrders.START));
            }
            put(entry.commandId(), new Done(result));
        }
        return out;
    }

    /** A registration begins, and its fences with it. */
    void begin() {
        lastFence = 0;
    }

    /** Whether the operator wants nothing captured, whoever looks. */
    boolean isPaused() {
        return paused;
    }

    /** A command came: has it journalled, says what became of it, or why it is not done. */
    List<AgentOutput> obey(Command command, long epoch, @Nullable ClientInfo info, Instant now) {
        Known before = known.get(command.commandId());
        if (before != null) {
            lastFence = Math.max(lastFence, command.fence());
            return again(before, command, epoch);
        }
        if (command.fence() <= lastFence) {
            return refused(
                    command,
                    "found fence " + command.fence() + ", which is not above " + lastFence + " of a later command");
        }
        lastFence = command.fence();
        if (info == null || !info.capabilities().contains(command.commandType())) {
            return refused(command, "this desktop does not obey \"" + command.commandType() + "\"");
        }
        Long left = command.expiresInMs();
        Instant expires = left == null ? Instant.MAX : now.plusMillis(Math.min(left, Integer.MAX_VALUE));
        put(command.commandId(), new Beginning(command, epoch, expires));
        return List.of(new AgentOutput.JournalBegan(command.commandId(), command.commandType()));
    }

    private List<AgentOutput> again(Known before, Command command, long epoch) {
        String id = command.commandId();
        boolean screenshot = command.commandType().equals(AgentOrders.SCREENSHOT);
        if (before instanceof Beginning beginning) {
            known.put(id, new Beginning(command, epoch, beginning.expires()));
            return List.of();
        } else if (before instanceof Running) {
            known.put(id, new Running(command, epoch));
            return screenshot ? List.of(AgentOrders.screenshot(command, epoch, true)) : List.of();
        } else if (before instanceof Ending ending) {
            boolean withFile = screenshot && ending.result().status().equals(COMPLETED);
            known.put(id, new Ending(ending.result(), withFile ? 0 : epoch));
            return withFile ? List.of(AgentOrders.screenshot(command, epoch, true)) : List.of(); // behind the journal
        } else if (before instanceof Done done) {
            return done.result().status().equals(COMPLETED) && screenshot
                    ? List.of(AgentOrders.screenshot(command, epoch, true))
                    : List.of(new AgentOutput.Send(done.result()));
        }
        throw new AssertionError("state without a case: " + before);
    }

    /** The journal has it, or could not be written: then it does not run. */
    List<AgentOutput> began(String commandId, @Nullable String failure, @Nullable ClientInfo info, Instant now) {
        if (!(known.get(commandId) instanceof Beginning beginning)) {
            return List.of();
        }
        Command command = beginning.command();
        if (failure != null) {
            known.remove(commandId);
            return refused(command, "this desktop can't note what it runs: " + failure);
        }
        known.put(commandId, new Running(command, beginning.epoch()));
        if (!now.isBefore(beginning.expires())) {
            return ended(new CommandResult(commandId, EXPIRED, null, "it came too late to begin"), beginning.epoch());
        }
        List<AgentOutput> out = new ArrayList<>();
        String type = command.commandType();
        if (type.equals(AgentOrders.START) || type.equals(AgentOrders.STOP)) {
            paused = type.equals(AgentOrders.STOP);
            out.addAll(ended(result(commandId, null, null), beginning.epoch()));
            return out;
        }
        AgentOrders.Carried carried = AgentOrders.carryOut(command, beginning.epoch(), info);
        out.addAll(carried.orders());
        if (carried.isOver()) {
            out.addAll(ended(result(commandId, null, carried.error()), beginning.epoch()));
        }
        return out;
    }

    /**
     * A screenshot was taken and sent, or was not.
     *
     * @param registration of now; 0 for none
     */
    List<AgentOutput> done(AgentInput.Done done, long registration) {
        Known before = known.get(done.commandId());
        CommandResult result = result(done.commandId(), done.result(), done.error());
        if (before instanceof Running) {
            return ended(result, done.epoch());
        } else if (before instanceof Ending ending) {
            known.put(done.commandId(), new Ending(ending.result(), done.epoch()));
        } else if (before instanceof Done && done.epoch() == registration) {
            return List.of(new AgentOutput.Send(result)); // its file was asked for again
        }
        return List.of();
    }

    /** Its result is in the journal, or can't be: a later life then says that it was interrupted. */
    List<AgentOutput> written(String commandId, long registration) {
        if (!(known.get(commandId) instanceof Ending ending)) {
            return List.of();
        }
        put(commandId, new Done(ending.result()));
        return registration != 0 && ending.epoch() == registration
                ? List.of(new AgentOutput.Send(ending.result()))
                : List.of();
    }

    private List<AgentOutput> ended(CommandResult result, long epoch) {
        known.put(result.commandId(), new Ending(result, epoch));
        return List.of(new AgentOutput.JournalDone(result));
    }

    /** The message that tells how it went. */
    static CommandResult result(String commandId, @Nullable JsonObject result, @Nullable String error) {
        return new CommandResult(commandId, error == null ? COMPLETED : FAILED, result, error);
    }

    private static List<AgentOutput> refused(Command command, String error) {
        return List.of(new AgentOutput.Send(result(command.commandId(), null, error)));
    }

    private void put(String commandId, Known state) {
        known.put(commandId, state);
        Iterator<Known> oldest = known.values().iterator();
        while (known.size() > REMEMBERED && oldest.hasNext()) {
            if (oldest.next() instanceof Done) {
                oldest.remove();
            }
        }
    }
}
