package io.quickdrop.agent;

import io.quickdrop.agent.testing.VirtualDisplay;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** {@code quickdrop agent} as a process of its own, with its own folder. */
final class AgentProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path out;

    /** @param display {@code null} for an environment without one */
    AgentProcess(Path folder, @Nullable String display, List<String> jvm, String... arguments) throws IOException {
        out = Files.createTempFile(folder, "agent", ".txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path", ""), Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.redirectInput(new File("/dev/null"));
        builder.environment().remove("DISPLAY");
        builder.environment().remove("WAYLAND_DISPLAY");
        builder.environment().remove("XDG_SESSION_TYPE");
        builder.environment().put("XDG_CONFIG_HOME", folder.resolve("config").toString());
        if (display != null) {
            builder.environment().put("DISPLAY", display);
        }
        process = builder.start();
    }

    AgentProcess(Path folder, VirtualDisplay display, String... arguments) throws IOException {
        this(folder, display.name(), List.of(), arguments);
    }

    /** Waits for the end. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("it still runs; it said: " + said());
        }
        return process.exitValue();
    }

    /** All that it has printed. */
    String said() {
        try {
            return Files.readString(out, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    void awaitWords(String words) {
        Awaitility.await().atMost(PATIENCE).until(() -> said().contains(words));
    }

    /** Asks it to end, as Ctrl-C does; by SIGTERM, since whoever runs tests in the background makes children deaf to SIGINT. */
    void stop() {
        process.destroy();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
