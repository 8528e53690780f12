package io.quickdrop.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the command line says when the server can't start: one clear sentence and a status that is not 0. */
final class ServerCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private record Outcome(int status, String errors) {}

    private static Outcome run(String... arguments) {
        PrintStream before = System.err;
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        StringWriter usage = new StringWriter();
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        try {
            CommandLine commandLine = Main.commandLine().setErr(new PrintWriter(usage, true));
            int status = commandLine.execute(arguments);
            return new Outcome(status, errors.toString(StandardCharsets.UTF_8) + usage);
        } finally {
            System.setErr(before);
        }
    }

    private String out() {
        return folder.resolve("out").toString();
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            String port = Integer.toString(taken.getLocalPort());

            Outcome outcome = run("server", "--local-only", "--out", out(), "--port", port);

            assertThat(outcome.status).isEqualTo(1);
            assertThat(outcome.errors)
                    .contains("port " + port + " is in use by another program")
                    .contains("--port");
        }
    }

    @Test
    void aFolderThatCanNotBeMadeIsNamed() throws IOException {
        Path file = Files.createFile(folder.resolve("a-file"));

        Outcome outcome = run("server", "--local-only", "--port", "0", "--out", file.toString());

        assertThat(outcome.status).isEqualTo(1);
        assertThat(outcome.errors).contains(file.toString());
    }

    @Test
    void aPortThatIsNoneIsAnErrorOfUse() {
        Outcome outcome = run("server", "--out", out(), "--port", "70000");

        assertThat(outcome.status).isEqualTo(2);
        assertThat(outcome.errors).contains("70000").contains("0 to 65535");
    }

    @Test
    void aNameThatIsNoneIsAnErrorOfUse() {
        Outcome outcome = run("server", "--out", out(), "--name", "not a host");

        assertThat(outcome.status).isEqualTo(2);
        assertThat(outcome.errors).contains("not a host");
    }

    @Test
    void withoutACommandItSaysWhichThereAre() {
        Outcome outcome = run();

        assertThat(outcome.status).isEqualTo(2);
        assertThat(outcome.errors).contains("server").contains("send");
    }
}
