package io.quickdrop.agent.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.relay.desktop.agent.AgentView;
import io.quickdrop.relay.desktop.agent.Pace;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AgentConsoleTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private AgentConsole console(boolean terminal, boolean quiet) {
        return new AgentConsole(new PrintWriter(out), new PrintWriter(err), terminal, quiet, 80, "desk:8443");
    }

    private static AgentView view(AgentView.State state, String detail, String... watchers) {
        return new AgentView(state, detail, new Pace(8, 75), 7.96, 840, 3, List.of(watchers), 900);
    }

    @Test
    void onATerminalOneLineIsRedrawn() {
        AgentConsole console = console(true, false);
        console.status(view(AgentView.State.CAPTURING, "", "operator at 127.0.0.1"));
        console.status(view(AgentView.State.IDLE, ""));
        assertThat(out.toString())
                .startsWith("\rlive · 8.0 fps · 840 kbit/s · 1 viewer · quality 75 · 3 skipped")
                .doesNotContain("\n");
        console.note("A note.");
        assertThat(out.toString()).endsWith("\rA note.\n".replace("\n", System.lineSeparator()));
    }

    @Test
    void elsewhereALineIsWrittenAtEachChangeOnly() {
        AgentConsole console = console(false, false);
        console.status(view(AgentView.State.CONNECTING, ""));
        console.status(view(AgentView.State.IDLE, ""));
        console.status(view(AgentView.State.IDLE, ""));
        console.status(view(AgentView.State.WAITING, "nobody answers there"));
        console.status(view(AgentView.State.ENDED, ""));
        assertThat(out.toString().lines())
                .containsExactly(
                        "connecting to desk:8443 …",
                        "ready · nobody is watching",
                        "offline: nobody answers there; trying again");
    }

    @Test
    void whoWatchesIsSaidAlsoWhenQuiet() {
        AgentConsole console = console(false, true);
        console.status(view(AgentView.State.IDLE, ""));
        console.note("unheard");
        console.watchers(List.of("operator at 192.168.1.5"));
        console.watchers(List.of("operator at 192.168.1.5"));
        console.watchers(List.of("a", "b"));
        console.watchers(List.of());
        assertThat(out.toString().lines())
                .containsExactly("operator at 192.168.1.5 is watching", "a, b are watching", "nobody is watching");
        console.error("broken");
        assertThat(err.toString()).startsWith("broken");
    }

    @Test
    void nothingIsSaidBehindTheFarewell() {
        AgentConsole console = console(false, false);
        console.farewell("Stopped.");
        console.status(view(AgentView.State.IDLE, ""));
        console.watchers(List.of("late"));
        assertThat(out.toString().lines()).containsExactly("Stopped.");
    }
}
