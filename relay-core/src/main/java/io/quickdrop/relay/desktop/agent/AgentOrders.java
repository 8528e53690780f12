package io.quickdrop.relay.desktop.agent;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Command;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What each type of command has an agent do. Pure. */
final class AgentOrders {
    static final String SCREENSHOT = "screenshot";
    static final String CONFIG = "config";
    static final String START = "start_capture";
    static final String STOP = "stop_capture";

    /**
     * What is to be done.
     *
     * @param isOver whether nothing more is to be waited for
     * @param error why it can't be done
     */
    record Carried(List<AgentOutput> orders, boolean isOver, @Nullable String error) {}

    private AgentOrders() {}

    /** Of those that are not about pausing, which is the agent's own state. */
    static Carried carryOut(Command command, long epoch, @Nullable ClientInfo info) {
        return switch (command.commandType()) {
            case SCREENSHOT -> take(command, epoch, info);
            case CONFIG -> configure(command);
            default -> failed("this agent does not know \"" + command.commandType() + "\"");
        };
    }

    static AgentOutput.TakeScreenshot screenshot(Command command, long epoch, boolean again) {
        int screen = whole(command.commandData(), "screen", 0, 255).orElse(0);
        return new AgentOutput.TakeScreenshot(epoch, command.commandId(), command.fence(), screen, again);
    }

    static boolean has(@Nullable ClientInfo info, int screen) {
        return info != null && info.monitors().stream().anyMatch(monitor -> monitor.index() == screen);
    }

    private static Carried take(Command command, long epoch, @Nullable ClientInfo info) {
        Optional<Integer> screen = whole(command.commandData(), "screen", 0, 255);
        if (info == null || screen.isEmpty() || !has(info, screen.get())) {
            int monitors = info == null ? 0 : info.monitors().size();
            return failed("found screen " + command.commandData().get("screen") + "; this desktop has " + monitors
                    + ", counted as it said at its registration");
        }
        return new Carried(List.of(screenshot(command, epoch, false)), false, null);
    }

    private static Carried configure(Command command) {
        JsonObject data = command.commandData();
        Optional<Integer> fps = whole(data, "maxFps", 1, 60);
        Optional<Integer> quality = whole(data, "maxQuality", 1, 100);
        if ((data.has("maxFps") && fps.isEmpty()) || (data.has("maxQuality") && quality.isEmpty())) {
            return failed("found maxFps " + data.get("maxFps") + ", maxQuality " + data.get("maxQuality")
                    + "; allowed are 1 to 60 and 1 to 100");
        }
        return new Carried(List.of(new AgentOutput.Allowed(fps.orElse(null), quality.orElse(null))), true, null);
    }

    private static Carried failed(String error) {
        return new Carried(List.of(), true, error);
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
