package io.quickdrop.server.api;

import io.quickdrop.server.http.HttpProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Opens the desktop's file manager at a file. */
public final class FileManager {
    private static final long PATIENCE_SECONDS = 5;

    private final String system;
    private final Map<String, String> environment;

    /** The file manager of this machine. */
    public FileManager() {
        this(System.getProperty("os.name", ""), System.getenv());
    }

    FileManager(String system, Map<String, String> environment) {
        this.system = system.toLowerCase(Locale.ROOT);
        this.environment = environment;
    }

    /** @throws HttpProblem 501 with a sentence where there is no desktop */
    void reveal(Path file) throws HttpProblem {
        List<String> command =
                command(file).orElseThrow(() -> noDesktop("this server runs without a desktop; the file is " + file));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            boolean failed =
                    ended && process.exitValue() != 0 && !command.get(0).equals("explorer");
            if (failed) {
                throw noDesktop(command.get(0) + " could not open the folder; the file is " + file);
            }
        } catch (IOException e) {
            throw noDesktop(command.get(0) + " is not installed; the file is " + file);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Optional<List<String>> command(Path file) {
        if (system.contains("mac")) {
            return Optional.of(List.of("open", "-R", file.toString()));
        }
        if (system.contains("windows")) {
            return Optional.of(List.of("explorer", "/select," + file)); // answers 1 even when it works
        }
        boolean desktop = environment.containsKey("DISPLAY") || environment.containsKey("WAYLAND_DISPLAY");
        Path folder = file.toAbsolutePath().getParent();
        return desktop && folder != null ? Optional.of(List.of("xdg-open", folder.toString())) : Optional.empty();
    }

    private static HttpProblem noDesktop(String sentence) {
        return new HttpProblem(501, "NO_DESKTOP", sentence);
    }
}
