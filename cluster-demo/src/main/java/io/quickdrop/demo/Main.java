package io.quickdrop.demo;

import picocli.CommandLine;

/** Starts {@code ./quickdrop cluster-demo}. */
public final class Main {
    /** Where logback reads what is logged; the demo's children are told the same. */
    static final String LOG_OPTION = "-Dlogback.configurationFile=logback-demo.xml";

    private Main() {}

    /** Runs the command and exits with its status. */
    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "logback-demo.xml");
        if (System.getenv("QUICKDROP_LOG") == null) {
            System.setProperty("QUICKDROP_LOG", "WARN"); // the demo's own output is for people
        }
        System.exit(new CommandLine(new DemoCommand()).execute(arguments));
    }
}
