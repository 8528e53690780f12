package io.quickdrop.system.faults.trial;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A program of the system that does one thing and ends: mount, losetup, perl. */
public final class Command {
    private Command() {}

    /**
     * How it went.
     *
     * @param status 127 where there is no such program
     * @param output what it printed, errors included
     */
    public record Result(int status, String output) {
        /** Whether it did what it should. */
        public boolean worked() {
            return status == 0;
        }
    }

    /** Runs it and waits for its end. */
    public static Result run(String... words) {
        Process process;
        try {
            process = new ProcessBuilder(words).redirectErrorStream(true).start();
        } catch (IOException missing) {
            return new Result(127, missing.toString());
        }
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** The same for what must work; returns what it printed. */
    public static String must(String... words) {
        Result result = run(words);
        if (!result.worked()) {
            throw new AssertionError(String.join(" ", words) + ": status " + result.status() + ": " + result.output());
        }
        return result.output();
    }
}
