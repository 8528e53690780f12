package io.quickdrop.agent.console;

import io.quickdrop.agent.stream.Station;
import io.quickdrop.relay.desktop.agent.AgentView;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says on the desktop's own console how it goes: on a terminal one line that is redrawn, elsewhere a line at each change and one
 * every few seconds while someone looks. Safe on any thread.
 */
public final class AgentConsole implements Station.Listener {
    private static final Duration LINE_INTERVAL = Duration.ofSeconds(10);

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean terminal;
    private final boolean quiet;
    private final int columns;
    private String server;

    private int drawnChars;
    private boolean over;
    private AgentView.@Nullable State lastState;
    private String lastDetail = "";
    private long lastLineNanos = System.nanoTime();
    private List<String> watchers = List.of();

    /**
     * Names the streams.
     *
     * @param terminal whether a person sits at {@code out}
     * @param quiet says nothing but errors and who looks
     * @param columns width of the terminal, characters
     * @param server as a person knows it
     */
    public AgentConsole(PrintWriter out, PrintWriter err, boolean terminal, boolean quiet, int columns, String server) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.quiet = quiet;
        this.columns = columns;
        this.server = server;
    }

    /** Whether a person sits at standard input and output. */
    @SuppressWarnings("SystemConsoleNull") // newer runtimes are asked below
    public static boolean isTerminal() {
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

    /** Told also when quiet: nobody shall be watched without being told. */
    @Override
    public synchronized void watchers(List<String> names) {
        if (over || names.equals(watchers)) {
            return;
        }
        watchers = List.copyOf(names);
        wipe();
        out.println(StatusText.watchers(names));
        out.flush();
    }

    @Override
    public synchronized void status(AgentView view) {
        if (over || quiet || view.state() == AgentView.State.ENDED) {
            return; // why it ended is told by whoever ended it
        }
        String line = StatusText.line(view, server);
        if (terminal) {
            draw(line);
            return;
        }
        long now = System.nanoTime();
        boolean news = view.state() != lastState || !view.detail().equals(lastDetail);
        boolean due = view.state() == AgentView.State.CAPTURING && now - lastLineNanos >= LINE_INTERVAL.toNanos();
        if (news || due) {
            lastState = view.state();
            lastDetail = view.detail();
            lastLineNanos = now;
            out.println(line);
            out.flush();
        }
    }

    private void draw(String line) {
        // The last column stays free: some terminals wrap there.
        String text = line.length() < columns ? line : line.substring(0, columns - 2) + "…";
        out.print("\r" + text + " ".repeat(Math.max(0, drawnChars - text.length())));
        out.flush();
        drawnChars = text.length();
    }

    /** Which server it is at, or is about to go to, as a person knows it. */
    public synchronized void server(String name) {
        server = name;
    }

    /** Something worth knowing. */
    public synchronized void note(String sentence) {
        if (!quiet && !over) {
            wipe();
            out.println(sentence);
            out.flush();
        }
    }

    /** Something went wrong; said also when quiet. */
    public synchronized void error(String sentence) {
        if (!over) {
            wipe();
            err.println(sentence);
            err.flush();
        }
    }

    /** The last words: nothing is shown after them. */
    public synchronized void farewell(String sentence) {
        note(sentence);
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
