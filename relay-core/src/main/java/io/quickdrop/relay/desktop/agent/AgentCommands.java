package io.quickdrop.relay.desktop.agent;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Command;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an agent obeys: commands that it said it can do, each once, none that is overtaken by a later one. The server has
 * checked who asks; here it is checked again what is asked.
 *
 * <p>Pure; confined to one thread.
 */
final class AgentCommands {
    private static final int REMEMBERED = 64;
    private static final String SCREENSHOT = "screenshot";
    private static final String CONFIG = "config";
    private static final String START = "start_capture";
    private static final String STOP = "stop_capture";

    private final Deque<String> seen = new ArrayDeque<>();
    private long lastFence;
    private boolean paused;

    /** A registration begins, and its fences with it. */
    void begin() {
        lastFence = 0;
    }

    /** Whether the operator wants nothing captured, whoever looks. */
    boolean isPaused() {
        return paused;
    }

    /** Does it, or says what is to be done, or why not. */
    List<AgentOutput> obey(Command command, long epoch, @Nullable ClientInfo info) {
        if (seen.contains(command.commandId())) {
            return List.of(); // told twice: its result is told once
        }
        seen.add(command.commandId());
        if (seen.size() > REMEMBERED) {
            seen.remove();
        }
        if (command.fence() <= lastFence) {
            return failed(
                    command,
                    "found fence " + command.fence() + ", which is not above " + lastFence + " of a later command");
        }
        lastFence = command.fence();
        if (info == null || !info.capabilities().contains(command.commandType())) {
            return failed(command, "this desktop does not obey \"" + command.commandType() + "\"");
        }
        return switch (command.commandType()) {
            case SCREENSHOT -> screenshot(command, epoch, info);
            case CONFIG -> configure(command);
            case START -> pause(command, false);
            case STOP -> pause(command, true);
            default -> failed(command, "this agent does not know \"" + command.commandType() + "\"");
        };
    }

    /** The message that tells how it went. */
    static CommandResult result(String commandId, @Nullable JsonObject result, @Nullable String error) {
        return new CommandResult(commandId, error == null ? "completed" : "failed", result, error);
    }

    static boolean has(@Nullable ClientInfo info, int screen) {
        return info != null && info.monitors().stream().anyMatch(monitor -> monitor.index() == screen);
    }

    private List<AgentOutput> screenshot(Command command, long epoch, ClientInfo info) {
        Optional<Integer> screen = whole(command.commandData(), "screen", 0, 255);
        if (screen.isEmpty() || !has(info, screen.get())) {
            return failed(
                    command,
                    "found screen " + command.commandData().get("screen") + "; this desktop has "
                            + info.monitors().size() + ", counted as it said at its registration");
        }
        return List.of(new AgentOutput.TakeScreenshot(epoch, command.commandId(), command.fence(), screen.get()));
    }

    private static List<AgentOutput> configure(Command command) {
        JsonObject data = command.commandData();
        Optional<Integer> fps = whole(data, "maxFps", 1, 60);
        Optional<Integer> quality = whole(data, "maxQuality", 1, 100);
        if ((data.has("maxFps") && fps.isEmpty()) || (data.has("maxQuality") && quality.isEmpty())) {
            return failed(
                    command,
                    "found maxFps " + data.get("maxFps") + ", maxQuality " + data.get("maxQuality")
                            + "; allowed are 1 to 60 and 1 to 100");
        }
        return List.of(
                new AgentOutput.Allowed(fps.orElse(null), quality.orElse(null)),
                new AgentOutput.Send(result(command.commandId(), null, null)));
    }

    private List<AgentOutput> pause(Command command, boolean pause) {
        paused = pause;
        return List.of(new AgentOutput.Send(result(command.commandId(), null, null)));
    }

    private static List<AgentOutput> failed(Command command, String error) {
        return List.of(new AgentOutput.Send(result(command.commandId(), null, error)));
    }

    private static Optional<Integer> whole(JsonObject data, String name, int least, int most) {
        JsonElement value = data.get(name);
        if (value == null
                || !value.isJsonPrimitive()
                || !value.getAsJsonPrimitive().isNumber()) {
            return Optional.empty();
        }
        double number = value.getAsDouble();
        boolean fits = number == Math.rint(number) && number >= least && number <= most;
        return fits ? Optional.of((int) number) : Optional.empty();
    }
}
