package io.quickdrop.server.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.server.send.Transfer.Look;
import io.quickdrop.server.send.Transfer.State;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DisplayTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final ProgressLine line = new ProgressLine("a", 100);

    @Test
    void aTerminalHasOneLineThatIsRedrawnAndWipedBeforeASentence() {
        Display display = display(true, false, 200);
        display.show(line, look(State.CONNECTING), 0);
        display.show(line, look(State.SENDING), 0);
        display.note("done");

        assertThat(out.toString()).doesNotContain("\n\r").endsWith("\rdone" + System.lineSeparator());
        assertThat(out.toString().split("\r", -1)[2]).startsWith("a [").contains("safe, sending   ");
    }

    @Test
    void theLineNeverWraps() {
        display(true, false, 40).show(line, look(State.SENDING), 0);

        assertThat(out.toString()).startsWith("\r").hasSize(40);
    }

    @Test
    void aLogFileGetsALineNowAndThenAndNoneForEveryRedraw() {
        Display display = display(false, false, 80);
        for (int i = 0; i < 50; i++) {
            display.show(line, look(i % 2 == 0 ? State.SENDING : State.OFFLINE), 0);
        }

        assertThat(out.toString().lines()).hasSize(1);
    }

    @Test
    void nothingFollowsTheFarewell() {
        Display display = display(true, false, 80);
        display.show(line, look(State.SENDING), 0);
        display.farewell("Interrupted.");
        String before = out.toString();
        display.show(line, look(State.SENDING), 0);
        display.note("late");

        assertThat(out.toString()).isEqualTo(before);
        assertThat(err.toString().strip()).isEqualTo("Interrupted.");
    }

    @Test
    void aQuietOneStillTellsErrors() {
        Display display = display(true, true, 80);
        display.show(line, look(State.SENDING), 0);
        display.note("done");
        display.error("failed");

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().strip()).isEqualTo("failed");
    }

    private Display display(boolean terminal, boolean quiet, int columns) {
        return new Display(new PrintWriter(out), new PrintWriter(err), terminal, quiet, columns);
    }

    private static Look look(State state) {
        return new Look(state, "", 10, 10, Duration.ZERO, Duration.ZERO);
    }
}
