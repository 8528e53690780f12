package io.quickdrop.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.agent.testing.VirtualDisplay;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@Timeout(180)
final class AgentCommandTest {
    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init")
    AgentCommandTest() {}

    @Test
    void helpListsEveryOptionAndEveryExitCode() {
        StringWriter out = new StringWriter();
        CommandLine command = Main.commandLine().setOut(new PrintWriter(out));
        assertThat(command.execute("--help")).isZero();
        assertThat(out.toString())
                .contains("--server", "--code", "--pin", "--id", "--name", "--screens", "--list-screens", "--max-fps")
                .contains("--max-quality", "--no-pointer", "--home", "--quiet", "--version");
        for (int code = 0; code <= 7; code++) {
            assertThat(out.toString()).containsPattern("(?m)^  " + code + "   \\S");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|Say which server",
                "--server ftp://x|allowed is an address",
                "--server http://192.168.1.5:8443|not encrypted",
                "--server localhost --pin sha256:12|64 hex digits",
                "--server localhost --pin md5:00|64 hex digits",
                "--server localhost --max-fps 0|allowed are 1 to 60",
                "--server localhost --max-fps many|max-fps",
                "--server localhost --max-quality 101|allowed are 1 to 100",
                "--server localhost --id a/b|allowed are 1 to 64 letters",
                "--server localhost --screens 0,,1|numbers and names of monitors",
                "--server localhost --frobnicate|Unknown option",
                "--server localhost extra|Unmatched argument"
            })
    void aWrongCommandLineIsASentenceAndExitCode2(String line, String words) {
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine().setErr(new PrintWriter(err));
        String[] arguments = line == null ? new String[0] : line.split(" ");
        assertThat(command.execute(arguments)).isEqualTo(2);
        assertThat(err.toString()).contains(words).doesNotContain("\tat ");
    }

    @Test
    void monitorsAreListedOneOrTwo() throws Exception {
        try (VirtualDisplay display = new VirtualDisplay(2560, 720)) {
            try (AgentProcess one = new AgentProcess(folder, display, "--list-screens")) {
                assertThat(one.exitCode()).isZero();
                assertThat(one.said().lines()).containsExactly("0  screen  2560 × 720 at 0, 0  (primary)");
            }
            display.run("xrandr", "--setmonitor", "LEFT", "1280/300x720/200+0+0", "screen");
            display.run("xrandr", "--setmonitor", "RIGHT", "1280/300x720/200+1280+0", "none");
            try (AgentProcess two = new AgentProcess(folder, display, "--list-screens")) {
                assertThat(two.exitCode()).isZero();
                assertThat(two.said().lines())
                        .containsExactly("0  LEFT  1280 × 720 at 0, 0  (primary)", "1  RIGHT  1280 × 720 at 1280, 0");
            }
            try (AgentProcess none =
                    new AgentProcess(folder, display, "--server", "localhost:1", "--screens", "LEFT,TOP")) {
                assertThat(none.exitCode()).isEqualTo(2);
                assertThat(none.said()).contains("found 'TOP' in --screens; there are 0 (LEFT), 1 (RIGHT)");
            }
        }
    }

    @Test
    void withoutAScreenItSaysWhyAndExitsWith3() throws Exception {
        try (AgentProcess none = new AgentProcess(folder, null, List.of(), "--server", "localhost:1");
                AgentProcess wrong = new AgentProcess(folder, ":4711", List.of(), "--server", "localhost:1");
                AgentProcess headless = new AgentProcess(
                        folder, ":4711", List.of("-Djava.awt.headless=true"), "--server", "localhost:1")) {
            assertThat(none.exitCode()).isEqualTo(3);
            assertThat(none.said()).contains("DISPLAY is not set").doesNotContain("\tat ");
            assertThat(wrong.exitCode()).isEqualTo(3);
            assertThat(wrong.said())
                    .contains("The X server of DISPLAY=:4711 can't be reached")
                    .doesNotContain("\tat ");
            assertThat(headless.exitCode()).isEqualTo(3);
            assertThat(headless.said()).contains("headless").doesNotContain("\tat ");
        }
    }

    @Test
    void itWaitsForAServerThatIsNotThereMakesItsKeyOnceAndStopsInOrder() throws Exception {
        int freePort;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            freePort = taken.getLocalPort();
        }
        try (VirtualDisplay display = new VirtualDisplay(320, 200);
                AgentProcess agent = new AgentProcess(folder, display, "--server", "localhost:" + freePort)) {
            agent.awaitWords("can't be reached");
            agent.stop();
            assertThat(agent.exitCode()).isZero();
            assertThat(agent.said())
                    .contains("Stopped.")
                    .doesNotContain("\tat ")
                    .doesNotContain("[x11grab");
        }
        Path key = folder.resolve("config").resolve("quickdrop").resolve("agent-key.pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
    }
}
