package io.quickdrop.agent;

import io.quickdrop.agent.console.AgentConsole;
import io.quickdrop.agent.identity.DesktopName;
import io.quickdrop.agent.screens.Screen;
import io.quickdrop.agent.screens.ScreenChoice;
import io.quickdrop.agent.screens.ScreenFinder;
import io.quickdrop.agent.screens.ScreensUnavailableException;
import io.quickdrop.websocket.ServerAddress;
import io.quickdrop.websocket.ServerPin;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code quickdrop agent}: shows this computer's screens to the operator of a QuickDrop server. */
@Command(
        name = "quickdrop agent",
        sortOptions = false,
        versionProvider = Main.Version.class,
        header = "Shows this computer's screens to the operator of a QuickDrop server.",
        description = {
            "",
            "Nothing is read from the screen while nobody looks, and this console says who does. Ctrl-C stops it.",
            "",
            "The first time, the server has to let this desktop in: with a code that the operator makes on the dashboard "
                    + "(--code and --pin, ready to copy there), or by approving it there.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped by Ctrl-C or a signal",
            "1:an unexpected failure",
            "2:the command line was wrong",
            "3:no screen can be read here; the reason is on standard error",
            "4:the server could not register this desktop, or did not accept its code or key; the reason is on standard error",
            "5:the server's key is not the one that is known for it, or not known at all",
            "6:the operator refused or revoked this desktop",
            "7:another agent registered under the same --id"
        },
        footer = {"", "More about permissions, keys and other platforms: README, \"Desktop agent\"."})
public final class AgentCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-s", "--server"},
            paramLabel = "URL",
            converter = AddressConverter.class,
            description =
                    "The server, for example wss://192.168.1.5:8443. Needed, except with --list-screens. Given again: a "
                            + "further server of the same store, where it goes on when the first is lost; usually not needed, since "
                            + "each server names the others.")
    private List<ServerAddress> servers = List.of();

    @Option(
            names = "--code",
            paramLabel = "CODE",
            description = "The one-time code that the operator was shown; only for the first time.")
    private @Nullable String code;

    @Option(
            names = "--pin",
            paramLabel = "sha256:HEX",
            converter = PinConverter.class,
            description =
                    "The server's key, as its dashboard shows it. Remembered once this desktop is registered; from then "
                            + "on a server with another key is refused. Given again: of the next --server.")
    private List<ServerPin> pins = List.of();

    @Option(
            names = "--id",
            paramLabel = "ID",
            description =
                    "Name of this desktop in the server's records (default: the computer's name and six digits of its key).")
    private @Nullable String id;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of this desktop for people (default: the computer's name).")
    private @Nullable String name;

    @Option(
            names = "--screens",
            paramLabel = "LIST",
            converter = ChoiceConverter.class,
            description = "Which monitors to show: numbers or names with commas between (default: all).")
    private ScreenChoice screens = ScreenChoice.ALL;

    @Option(names = "--list-screens", description = "Print the monitors and exit.")
    private boolean listScreens;

    @Option(
            names = "--max-fps",
            paramLabel = "N",
            defaultValue = "60",
            description = "Never capture more than N pictures a second, 1 to 60 (default: ${DEFAULT-VALUE}).")
    private int maxFps;

    @Option(
            names = "--max-quality",
            paramLabel = "N",
            defaultValue = "100",
            description = "Never encode what moves better than N, 1 to 100 (default: ${DEFAULT-VALUE}).")
    private int maxQuality;

    @Option(names = "--no-pointer", description = "Leave the mouse pointer out of the pictures.")
    private boolean noPointer;

    @Option(
            names = "--home",
            paramLabel = "FOLDER",
            description =
                    "Where this desktop's key and the servers' keys are kept (default: ~/.config/quickdrop on Linux, "
                            + "%%APPDATA%%\\QuickDrop on Windows, ~/Library/Application Support/QuickDrop on macOS).")
    private @Nullable Path home;

    @Option(
            names = {"-q", "--quiet"},
            description = "Say nothing but errors and who is watching.")
    private boolean quiet;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean version;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Override
    public Integer call() throws InterruptedException {
        CommandSpec command = command();
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        try {
            if (listScreens) {
                return list(out);
            }
            AgentOptions options = checked(command);
            AgentConsole console = new AgentConsole(
                    out,
                    err,
                    AgentConsole.isTerminal(),
                    quiet,
                    columns(),
                    options.servers().get(0).web().getAuthority());
            return run(options, console);
        } catch (AgentFailure e) {
            err.println("quickdrop agent: " + e.getMessage());
            err.flush();
            return e.exitCode();
        }
    }

    private static int run(AgentOptions options, AgentConsole console) throws InterruptedException {
        try {
            return new AgentRun(options, console).run();
        } catch (AgentFailure e) {
            console.error("quickdrop agent: " + e.getMessage()); // it wipes its own line first
            return e.exitCode();
        }
    }

    private CommandSpec command() {
        if (spec == null) {
            throw new IllegalStateException("runs only as a picocli command");
        }
        return spec;
    }

    private AgentOptions checked(CommandSpec command) {
        if (servers.isEmpty()) {
            throw wrong(command, "Say which server: --server wss://HOST:8443.");
        }
        if (pins.size() > servers.size()) {
            throw wrong(
                    command,
                    "found " + pins.size() + " times --pin and " + servers.size()
                            + " times --server; each --pin is of one --server, in the same order.");
        }
        if (maxFps < 1 || maxFps > 60) {
            throw wrong(command, "--max-fps " + maxFps + ": allowed are 1 to 60.");
        }
        if (maxQuality < 1 || maxQuality > 100) {
            throw wrong(command, "--max-quality " + maxQuality + ": allowed are 1 to 100.");
        }
        if (id != null && !id.matches(DesktopName.ID_PATTERN)) {
            throw wrong(
                    command, "--id '" + id + "': allowed are 1 to 64 letters, digits, dots, underlines and hyphens.");
        }
        if (name != null && (name.isBlank() || name.length() > 100)) {
            throw wrong(command, "--name: allowed are 1 to 100 characters, not only blanks.");
        }
        if (code != null && code.isBlank()) {
            throw wrong(command, "--code is empty.");
        }
        return new AgentOptions(
                List.copyOf(servers), code, List.copyOf(pins), id, name, screens, maxFps, maxQuality, !noPointer, home);
    }

    private static ParameterException wrong(CommandSpec command, String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }

    private static int list(PrintWriter out) throws AgentFailure {
        try {
            for (Screen screen : new ScreenFinder().find()) {
                out.println(screen.describe());
            }
            out.flush();
            return ExitCode.STOPPED;
        } catch (ScreensUnavailableException e) {
            throw new AgentFailure(ExitCode.NO_SCREEN, e);
        }
    }

    private static int columns() {
        String told = System.getenv("COLUMNS");
        return told != null && told.matches("\\d{2,4}") ? Integer.parseInt(told) : 80;
    }

    /** Reads {@code --server}. */
    static final class AddressConverter implements ITypeConverter<ServerAddress> {
        @Override
        public ServerAddress convert(String text) {
            try {
                return ServerAddress.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Reads {@code --pin}. */
    static final class PinConverter implements ITypeConverter<ServerPin> {
        @Override
        public ServerPin convert(String text) {
            try {
                return ServerPin.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Reads {@code --screens}. */
    static final class ChoiceConverter implements ITypeConverter<ScreenChoice> {
        @Override
        public ScreenChoice convert(String text) {
            try {
                return ScreenChoice.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
