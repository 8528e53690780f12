package io.quickdrop.system.faults.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs a {@link Trial} on a mutant, or on the build as it is. */
final class TrialRun {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** Of {@link TrialMain}, which says in one line what it found. */
    static final String VERDICT = "VERDICT ";

    static final int GREEN = 0;
    static final int RED = 1;

    /**
     * What a trial said.
     *
     * @param red whether a test failed
     * @param words the first failure, or how many tests passed
     */
    record Outcome(boolean red, String words, double seconds) {}

    private TrialRun() {}

    /**
     * Runs it and waits for its end.
     *
     * @param mutant empty for the build as it is
     * @param folder an empty one, for everything that the run makes
     */
    static Outcome of(Trial trial, Optional<Mutant> mutant, Path folder) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        Path output = folder.resolve("output.txt");
        Files.createDirectories(folder.resolve("tmp"));
        ProcessBuilder builder = trial.isOfPages()
                ? MutantBuild.pageTests(trial, mutant, folder)
                : javaTests(trial, MutantBuild.classPath(mutant, folder), folder);
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(
                        trial.title() + " neither passed nor failed within " + PATIENCE + tail(output));
            }
        } finally {
            process.destroyForcibly();
        }
        int status = process.exitValue();
        String words = trial.isOfPages() ? MutantBuild.pageVerdict(output) : verdict(output);
        if ((status != GREEN && status != RED) || words.isEmpty()) {
            throw new AssertionError(trial.title() + " could not be run, status " + status + tail(output));
        }
        return new Outcome(status == RED, words, (System.nanoTime() - begun) / 1e9);
    }

    private static ProcessBuilder javaTests(Trial trial, String classPath, Path folder) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx512m",
                "-Djava.io.tmpdir=" + folder.resolve("tmp")));
        trial.properties().forEach(property -> command.add("-D" + property));
        command.addAll(List.of("-cp", classPath, TrialMain.class.getName()));
        command.addAll(trial.tests());
        return new ProcessBuilder(command);
    }

    private static String verdict(Path output) throws IOException {
        return Files.readAllLines(output).stream()
                .filter(line -> line.startsWith(VERDICT))
                .map(line -> line.substring(VERDICT.length()))
                .findFirst()
                .orElse("");
    }

    private static String tail(Path output) throws IOException {
        List<String> lines = Files.readAllLines(output);
        return "; its output ends with:\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }
}
