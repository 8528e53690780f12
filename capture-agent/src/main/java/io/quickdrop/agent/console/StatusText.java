package io.quickdrop.agent.console;

import io.quickdrop.relay.desktop.agent.AgentView;
import java.util.List;
import java.util.Locale;

/** Words for how an agent is doing. */
final class StatusText {
    private StatusText() {}

    /** One line with everything. */
    static String line(AgentView view, String server) {
        return switch (view.state()) {
            case CONNECTING -> "connecting to " + server + " …";
            case WAITING -> "offline: " + detail(view, "no connection") + "; trying again";
            case PENDING -> "waiting for approval: " + detail(view, "approve this desktop on the dashboard");
            case IDLE -> "ready · nobody is watching";
            case CAPTURING ->
                String.format(
                        Locale.ROOT,
                        "live · %.1f fps · %d kbit/s · %s · quality %d · %d skipped%s",
                        view.fps(),
                        view.kbps(),
                        viewers(view.watchers().size()),
                        view.pace().quality(),
                        view.skipped(),
                        view.detail().isEmpty() ? "" : " · " + view.detail());
            case ENDED -> "stopped";
        };
    }

    /** Who looks. */
    static String watchers(List<String> names) {
        if (names.isEmpty()) {
            return "nobody is watching";
        }
        return String.join(", ", names) + (names.size() == 1 ? " is" : " are") + " watching";
    }

    private static String viewers(int count) {
        return count == 1 ? "1 viewer" : count + " viewers";
    }

    private static String detail(AgentView view, String otherwise) {
        return view.detail().isEmpty() ? otherwise : view.detail();
    }
}
