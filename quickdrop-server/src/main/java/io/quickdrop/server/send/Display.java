package io.quickdrop.server.send;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;

/**
 * What the person sees: on a terminal one line that is redrawn, elsewhere a line every few seconds. Safe on any thread.
 */
final class Display {
    private static final Duration LINE_INTERVAL = Duration.ofSeconds(3);
    /** A new state is told sooner, but a connection that comes and goes must not fill the log. */
    private static final Duration NEWS_INTERVAL = Duration.ofMillis(500);

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean terminal;
    private final boolean quiet;
    private final int columns;

    private int drawnChars;
    private boolean over;
    private long lastLineNanos = System.nanoTime() - LINE_INTERVAL.toNanos();
    private Transfer.State lastState = Transfer.State.CONNECTING;

    /**
     * Names the streams.
     *
     * @param terminal whether {@code out} is one
     * @param quiet says nothing but errors
     * @param columns width of the terminal, characters
     */
    Display(PrintWriter out, PrintWriter err, boolean terminal, boolean quiet, int columns) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.quiet = quiet;
        this.columns = columns;
    }

    /** Whether a person sits at standard input and output. */
    @SuppressWarnings("SystemConsoleNull") // newer runtimes are asked below
    static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException beforeJdk22) {
            return true; // there, only a terminal has a console
        }
    }

    /** Shows how an upload stands; cheap to call often. */
    synchronized void show(ProgressLine line, Transfer.Look look, double bytesPerSecond) {
        if (quiet || over) {
            return;
        }
        if (terminal) {
            // The last column stays free: some terminals wrap there.
            String text = line.render(look, bytesPerSecond, columns - 1);
            out.print("\r" + text + " ".repeat(Math.max(0, drawnChars - text.length())));
            out.flush();
            drawnChars = text.length();
            return;
        }
        long now = System.nanoTime();
        Duration sinceLine = Duration.ofNanos(now - lastLineNanos);
        boolean news = look.state() != lastState && sinceLine.compareTo(NEWS_INTERVAL) >= 0;
        if (news || sinceLine.compareTo(LINE_INTERVAL) >= 0) {
            lastLineNanos = now;
            lastState = look.state();
            out.println(line.render(look, bytesPerSecond, Integer.MAX_VALUE));
            out.flush();
        }
    }

    /** Something worth knowing. */
    synchronized void note(String sentence) {
        if (!quiet && !over) {
            wipe();
            out.println(sentence);
            out.flush();
        }
    }

    /** Something went wrong; said also when quiet. */
    synchronized void error(String sentence) {
        if (!over) {
            wipe();
            err.println(sentence);
            err.flush();
        }
    }

    /** The last words: nothing is shown after them. */
    synchronized void farewell(String sentence) {
        if (terminal && !quiet) {
            out.println();
            out.flush();
        }
        error(sentence);
        over = true;
    }

    private void wipe() {
        if (drawnChars > 0) {
            out.print("\r" + " ".repeat(drawnChars) + "\r");
            out.flush();
            drawnChars = 0;
        }
    }
}
