package io.quickdrop.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the demo's desktop shows: the real screen, or where there is none a virtual one with something that moves. */
final class Screen implements AutoCloseable {
    private final String words;
    private final Map<String, String> environment;
    private final List<Process> processes;
    private final @Nullable Child picture;

    private Screen(String words, Map<String, String> environment, List<Process> processes, @Nullable Child picture) {
        this.words = words;
        this.environment = environment;
        this.processes = processes;
        this.picture = picture;
    }

    /**
     * Finds the real one, or starts a virtual one.
     *
     * @param virtual not the real one, though there is one
     */
    static Screen open(Path folder, boolean virtual) throws Trouble {
        boolean x11 = !System.getProperty("os.name", "").matches("(Windows|Mac).*");
        String display = System.getenv("DISPLAY");
        if (!virtual && (!x11 || (display != null && !display.isEmpty()))) {
            return new Screen("this computer's screen", Map.of(), List.of(), null);
        }
        if (!x11) {
            throw new Trouble("--virtual-screen needs Xvfb, which is there for Linux only");
        }
        List<Process> started = new ArrayList<>();
        try {
            Process server = new ProcessBuilder(
                            "Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-noreset", "-nolisten", "tcp")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            started.add(server);
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.US_ASCII));
            String number = out.readLine();
            if (number == null) {
                throw new IOException("Xvfb has ended at once");
            }
            Map<String, String> environment = Map.of("DISPLAY", ":" + number);
            Child picture = new Child(
                    "the moving picture",
                    folder.resolve("picture.log"),
                    Child.java("-Xmx64m", MovingPicture.class.getName()),
                    environment,
                    line -> {});
            return new Screen("a virtual screen, since there is no real one", environment, started, picture);
        } catch (IOException e) {
            started.forEach(Process::destroy);
            throw new Trouble(
                    "no screen to show: DISPLAY is not set, and Xvfb, which makes a virtual one, does not start. Install it "
                            + "(Debian: apt-get install xvfb), or run the demo in an X11 session",
                    e);
        }
    }

    /** For people. */
    String words() {
        return words;
    }

    /** By which an agent finds it. */
    Map<String, String> environment() {
        return environment;
    }

    /** All of its processes. */
    List<Long> pids() {
        List<Long> pids = new ArrayList<>(processes.stream().map(Process::pid).toList());
        if (picture != null) {
            pids.add(picture.pid());
        }
        return pids;
    }

    @Override
    public void close() {
        if (picture != null) {
            picture.close();
        }
        processes.forEach(Process::destroy);
    }
}
