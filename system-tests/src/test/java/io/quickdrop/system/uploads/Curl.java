package io.quickdrop.system.uploads;

import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real {@code curl}, trusting the server's authority and showing a device's key. */
record Curl(Door door, Path authority, String key) {
    /** What came of it; {@code output} holds everything that it printed. */
    record Run(int exitCode, String output) {}

    static Curl to(ServerProcess server, Door door, String key) {
        return new Curl(door, server.caFile(), key);
    }

    /** Runs to its end; {@code target} is a path and a query. */
    Run run(String target, String... arguments) throws IOException, InterruptedException {
        Process process = start(target, arguments);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("curl does not end: " + output);
        }
        return new Run(process.exitValue(), output);
    }

    Process start(String target, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("curl", "--silent", "--show-error", "--include"));
        command.addAll(List.of("--cacert", authority.toString(), "--header", "Authorization: Bearer " + key));
        String host = door.authority().substring(0, door.authority().lastIndexOf(':'));
        command.addAll(List.of(
                "--connect-to",
                door.authority() + ":" + door.route().getAddress().getHostAddress() + ":"
                        + door.route().getPort(),
                "--noproxy",
                host));
        command.addAll(List.of(arguments));
        command.add("https://" + door.authority() + target);
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
