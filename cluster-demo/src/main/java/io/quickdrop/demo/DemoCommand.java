package io.quickdrop.demo;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code quickdrop cluster-demo}: several instances on one PostgreSQL, and a desktop, on this computer. */
@Command(
        name = "quickdrop cluster-demo",
        sortOptions = false,
        header = "Starts PostgreSQL, two instances and a desktop on this computer, and says what to look at.",
        description = {
            "",
            "Nothing else on this computer is touched: all of it lies in one folder and ends with Ctrl-C.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped by Ctrl-C or a signal",
            "1:something is missing or did not start; it says what",
            "2:the command line was wrong"
        })
final class DemoCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description =
                    "Where the database, recordings and logs lie; kept for the next time (default: a temporary one, "
                            + "removed at the end).")
    private @Nullable Path folder;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8543",
            description = "Port of the first instance; the others have the next ones (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--instances",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many, 2 to 5 (default: ${DEFAULT-VALUE}).")
    private int instances;

    @Option(
            names = "--virtual-screen",
            description = "Show a virtual screen with something that moves, though there is a real one (needs Xvfb).")
    private boolean virtualScreen;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Override
    public Integer call() throws InterruptedException {
        if (port < 1 || port > 65_535 - instances) {
            throw wrong("--port " + port + ": allowed are 1 to " + (65_535 - instances) + ".");
        }
        if (instances < 2 || instances > 5) {
            throw wrong("--instances " + instances + ": allowed are 2 to 5.");
        }
        try (Demo demo = new Demo(folder, port, instances, virtualScreen)) {
            demo.run();
            return 0;
        } catch (Trouble e) {
            System.err.println("quickdrop cluster-demo: " + e.getMessage());
            return 1;
        }
    }

    private ParameterException wrong(String sentence) {
        if (spec == null) {
            throw new IllegalStateException("runs only as a picocli command");
        }
        return new ParameterException(spec.commandLine(), sentence);
    }
}
