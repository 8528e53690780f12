package io.quickdrop.demo;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process of the demo, with what it said so far, which also goes into a file. Safe on any thread. */
final class Child implements AutoCloseable {
    private static final Duration FAREWELL = Duration.ofSeconds(5);
    /** Lines that are kept to look for words in; all are in the file. */
    private static final int MOST_LINES = 2_000;

    private final String name;
    private final Path log;
    private final Process process;
    private final List<String> said = new ArrayList<>();

    /**
     * Starts it.
     *
     * @param environment what is added to this process's own
     * @param line told each line that it says, on a thread of its own
     */
    Child(String name, Path log, List<String> command, Map<String, String> environment, Consumer<String> line)
            throws Trouble {
        this.name = name;
        this.log = log;
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new Trouble(name + " can't be started", e);
        }
        Thread reader = new Thread(() -> read(line), name + "-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** The command line that runs a main class of this very build in another process. */
    static List<String> java(String heap, String main) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(List.of(java.toString(), heap, Main.LOG_OPTION));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        return command;
    }

    private void read(Consumer<String> told) {
        try (BufferedReader out =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), Charset.defaultCharset()));
                BufferedWriter file = Files.newBufferedWriter(log, StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                file.write(line);
                file.newLine();
                file.flush();
                synchronized (said) {
                    if (said.size() < MOST_LINES) {
                        said.add(line);
                    }
                }
                told.accept(line);
            }
        } catch (IOException e) {
            told.accept(name + " is not heard any more: " + e.getMessage());
        }
    }

    /** What the first group of a pattern is in a line that it says; waits for that line. */
    String await(Pattern pattern, Duration patience) throws Trouble, InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        while (true) {
            boolean alive = process.isAlive(); // asked first: what it says last is still found
            Optional<String> found = find(pattern);
            if (found.isPresent()) {
                return found.get();
            }
            if (!alive || System.nanoTime() > until) {
                throw new Trouble(name + (alive ? " is not ready after " + patience.toSeconds() + " s" : " has ended")
                        + "; what it said is in " + log);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private Optional<String> find(Pattern pattern) {
        synchronized (said) {
            for (String line : said) {
                Matcher matcher = pattern.matcher(line);
                if (matcher.find()) {
                    return Optional.of(matcher.group(1));
                }
            }
            return Optional.empty();
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it in order, or else at once. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
