package io.quickdrop.demo;

import picocli.CommandLine;

/** Starts {@code ./quickdrop cluster-demo}. */
public final class Main {
    private Main() {}

    /** Runs the command and exits with its status. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new DemoCommand()).execute(arguments));
    }
}
