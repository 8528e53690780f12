package io.quickdrop.relay.desktop.command;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.Command;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.protocol.ViewerMessage.CommandStatus;
import io.quickdrop.relay.desktop.AgentId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one desktop: each is delivered at most once, and ends in exactly one of {@code completed}, {@code failed}
 * and {@code expired}. A command that nobody could be told waits for the agent until it expires.
 *
 * <p>Pure; confined to one thread; time is monotonic.
 */
public final class CommandDesk {
    /** Takes a picture of a screen: {@code {screen}}. */
    public static final String SCREENSHOT = "screenshot";
    /** What a desktop can be asked to do. */
    public static final Set<String> TYPES = Set.of(SCREENSHOT, "config", "start_capture", "stop_capture");

    /** A command that took longer is of no use to the person who asked. */
    static final Duration EXPIRES_AFTER = Duration.ofSeconds(30);
    /** Open commands of one desktop: more than people give. */
    static final int MAX_OPEN = 32;

    private static final String PENDING = "pending";
    private static final String DELIVERED = "delivered";
    private static final String COMPLETED = "completed";
    private static final String FAILED = "failed";
    private static final String EXPIRED = "expired";

    /** An open command; delivered to nobody while {@code to} is null. */
    private record Open(CommandInput.Asked asked, Instant expires, @Nullable AgentId to) {
        CommandStatus status(String status, @Nullable JsonObject result, @Nullable String error) {
            return new CommandStatus(asked.commandId(), status, asked.idempotencyKey(), result, error);
        }
    }

    /** Oldest first. */
    private final Map<String, Open> open = new LinkedHashMap<>();

    private CommandInput.@Nullable AgentCame present;
    private long fence;

    /** Nobody asked anything yet. */
    public CommandDesk() {}

    /** When to send a {@link CommandInput.Tick}; an early one does nothing. Empty: never. */
    public Optional<Instant> deadline() {
        return open.values().stream().map(Open::expires).findFirst();
    }

    /** Takes one fact and returns what follows from it, in order. */
    public List<CommandOutput> handle(CommandInput input, Instant now) {
        List<CommandOutput> out = new ArrayList<>();
        if (input instanceof CommandInput.Asked asked) {
            ask(asked, now, out);
        } else if (input instanceof CommandInput.AgentCame came) {
            abandonDelivered(out);
            present = came;
            deliver(CommandInput.Delivery.PUSHED, out);
        } else if (input instanceof CommandInput.AgentGone gone) {
            if (isPresent(gone.agent())) {
                abandonDelivered(out);
                present = null;
            }
        } else if (input instanceof CommandInput.Polled polled) {
            if (isPresent(polled.agent())) {
                deliver(CommandInput.Delivery.POLLED, out);
            }
        } else if (input instanceof CommandInput.ResultCame came) {
            result(came, out);
        } else if (input instanceof CommandInput.Tick) {
            expire(now, out);
        } else {
            throw new AssertionError("input without a case: " + input);
        }
        return out;
    }

    private void ask(CommandInput.Asked asked, Instant now, List<CommandOutput> out) {
        Open command = new Open(asked, now.plus(EXPIRES_AFTER), null);
        if (!TYPES.contains(asked.commandType())) {
            out.add(tell(command, FAILED, null, "found command \"" + asked.commandType() + "\"; allowed are " + TYPES));
        } else if (open.size() >= MAX_OPEN) {
            out.add(tell(command, FAILED, null, "allowed are " + MAX_OPEN + " open commands a desktop"));
        } else if (open.putIfAbsent(asked.commandId(), command) != null) {
            throw new IllegalArgumentException("command " + asked.commandId() + " was asked for already");
        } else {
            out.add(tell(command, PENDING, null, null));
            deliver(CommandInput.Delivery.PUSHED, out);
        }
    }

    private void deliver(CommandInput.Delivery way, List<CommandOutput> out) {
        CommandInput.AgentCame to = present;
        if (to == null || to.delivery() != way) {
            return;
        }
        for (Map.Entry<String, Open> entry : open.entrySet()) {
            Open command = entry.getValue();
            if (command.to() == null) {
                entry.setValue(new Open(command.asked(), command.expires(), to.agent()));
                CommandInput.Asked asked = command.asked();
                fence++;
                out.add(new CommandOutput.Deliver(
                        to.agent(), new Command(asked.commandId(), fence, asked.commandType(), asked.commandData())));
                out.add(tell(command, DELIVERED, null, null));
            }
        }
    }

    private void result(CommandInput.ResultCame came, List<CommandOutput> out) {
        CommandResult result = came.result();
        Open command = open.get(result.commandId());
        CommandInput.AgentCame from = present;
        if (command == null || from == null || !came.agent().equals(command.to())) {
            return; // late, or of something that was never asked
        }
        open.remove(result.commandId());
        boolean withFile =
                command.asked().commandType().equals(SCREENSHOT) && from.delivery() == CommandInput.Delivery.PUSHED;
        if (!result.status().equals(COMPLETED)) {
            String error = result.error();
            out.add(tell(command, FAILED, result.result(), error == null ? "the desktop says so" : error));
        } else if (withFile && came.file() == null) {
            out.add(tell(command, FAILED, null, "the screenshot's file did not come whole"));
        } else {
            out.add(tell(command, COMPLETED, withFile ? came.file() : result.result(), null));
        }
    }

    /** The agent is gone: what it was told and did not answer is never told again. */
    private void abandonDelivered(List<CommandOutput> out) {
        open.values().removeIf(command -> {
            boolean told = command.to() != null;
            if (told) {
                out.add(tell(command, FAILED, null, "the desktop was disconnected before it answered"));
            }
            return told;
        });
    }

    private void expire(Instant now, List<CommandOutput> out) {
        open.values().removeIf(command -> {
            boolean late = !now.isBefore(command.expires());
            if (late) {
                out.add(tell(
                        command,
                        EXPIRED,
                        null,
                        "the desktop did not answer within " + EXPIRES_AFTER.toSeconds() + " s"));
            }
            return late;
        });
    }

    private boolean isPresent(AgentId agent) {
        return present != null && present.agent().equals(agent);
    }

    private static CommandOutput tell(
            Open command, String status, @Nullable JsonObject result, @Nullable String error) {
        return new CommandOutput.Tell(command.status(status, result, error));
    }
}
