package io.quickdrop.server.send;

import io.quickdrop.protocol.Receipt;
import io.quickdrop.protocol.UploadMessage.Saved;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.websocket.ServerAddress;
import io.quickdrop.websocket.WebSocketConnector;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code quickdrop send FILE…}: the same upload as a phone's, from a command line. */
@Command(
        name = "send",
        sortOptions = false,
        header = "Sends files to a QuickDrop server and returns when they are safe there.",
        description = {
            "",
            "Any kind of file. A byte counts as safe when it would survive a power cut at the server; a file is done "
                    + "when the server has verified its SHA-256. A lost connection is made again by itself. After "
                    + "Ctrl-C, or a crash, the same command goes on where it stopped.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every file is saved",
            "1:a file could not be sent; the reason is on standard error, and the other files were still tried",
            "2:the command line was wrong",
            "130:interrupted; the same command goes on"
        })
public final class SendCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int INTERRUPTED = 130;
    private static final int DEFAULT_COLUMNS = 80;

    private final Path home;
    private final boolean terminal;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "What to send, one after the other.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = {"-s", "--server"},
            paramLabel = "URL",
            defaultValue = "https://localhost:8443",
            converter = AddressConverter.class,
            description = "Where to send to (default: ${DEFAULT-VALUE}).")
    private @Nullable ServerAddress server;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:QUICKDROP_TOKEN}",
            showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
            description = "The operator's token or a device key; not needed on the server's own machine. Better given "
                    + "as environment variable QUICKDROP_TOKEN, since others on this machine can see command lines.")
    private @Nullable String token;

    @Option(
            names = {"-l", "--label"},
            paramLabel = "WORDS",
            description = "Words for the name of the recording (default: the file's own name).")
    private @Nullable String label;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description =
                    "Certificate of the authority to trust, PEM or DER, as the server offers at /ca.crt (default: "
                            + "the one of this machine's own server in ~/QuickDrop, and those that the Java runtime trusts).")
    private @Nullable Path authority;

    @Option(
            names = "--give-up-after",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description =
                    "Fail when the server has been out of reach for so long, for example 90s, 10m or 2h (default: "
                            + "keep trying).")
    private @Nullable Duration giveUpAfter;

    @Option(
            names = {"-q", "--quiet"},
            description = "Say nothing but errors.")
    private boolean quiet;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    /** For the real command line: the user's own home, and a progress bar if this is a terminal. */
    public SendCommand() {
        this(Path.of(System.getProperty("user.home")), Display.isTerminal());
    }

    /**
     * With surroundings of choice.
     *
     * @param home where {@code .quickdrop/sends} remembers what was begun, and {@code QuickDrop} may be
     * @param terminal whether to redraw one line instead of printing many
     */
    public SendCommand(Path home, boolean terminal) {
        this.home = home;
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (spec == null || server == null) {
            throw new IllegalStateException("runs only as a picocli command");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Display display = new Display(out, err, terminal, quiet, columns());
        try {
            return send(server, display);
        } catch (SendFailure e) {
            display.error(e.sentence());
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return INTERRUPTED;
        }
    }

    private int send(ServerAddress target, Display display) throws SendFailure, InterruptedException {
        WebSocketConnector connector = new WebSocketConnector(target.socket(), trust(target), blankAsNone(token));
        try (ThreadWorkers workers = new ThreadWorkers()) {
            FileUpload upload = new FileUpload(
                    target,
                    connector,
                    new SendMemory(home.resolve(".quickdrop").resolve("sends")),
                    workers,
                    Clock.systemUTC(),
                    giveUpAfter,
                    display);
            Thread farewell = new Thread(
                    () -> upload.whereItStands().ifPresent(words -> display.farewell("Interrupted. " + words)),
                    "send-farewell");
            Runtime.getRuntime().addShutdownHook(farewell);
            try {
                return sendAll(upload, display);
            } finally {
                removeHook(farewell);
            }
        }
    }

    private int sendAll(FileUpload upload, Display display) throws InterruptedException {
        int failures = 0;
        for (Path path : files) {
            try {
                FileToSend file = FileToSend.look(path);
                Saved saved = upload.send(file, label);
                display.note(file.name() + ": saved as " + saved.fileName() + " (" + ProgressLine.size(saved.bytes())
                        + ", receipt " + Receipt.of(saved.sha256()) + ", SHA-256 " + saved.sha256() + ")");
            } catch (SendFailure e) {
                failures++;
                display.error(e.sentence());
            }
        }
        if (failures > 0 && files.size() > 1) {
            display.error(failures + " of " + files.size() + " files could not be sent.");
        }
        return failures == 0 ? 0 : FAILED;
    }

    private @Nullable SSLContext trust(ServerAddress target) throws SendFailure {
        if (!target.isSecure()) {
            return null;
        }
        if (authority != null) {
            return ServerTrust.only(authority);
        }
        Path ownServers =
                home.resolve("QuickDrop").resolve(".quickdrop").resolve("tls").resolve("ca.crt");
        return Files.isReadable(ownServers) ? ServerTrust.also(ownServers) : null;
    }

    private static @Nullable String blankAsNone(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException goingDown) {
            // then it runs, or has run
        }
    }

    private static int columns() {
        String told = System.getenv("COLUMNS");
        return told != null && told.matches("\\d{2,4}") ? Integer.parseInt(told) : DEFAULT_COLUMNS;
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

    /** Reads {@code --give-up-after}: a number of seconds, or with the unit s, m or h. */
    static final class DurationConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            if (!text.matches("\\d{1,6}[smh]?")) {
                throw new TypeConversionException("found '" + text + "'; allowed are times like 90s, 10m or 2h");
            }
            char unit = text.charAt(text.length() - 1);
            long number = Long.parseLong(text.replaceAll("[smh]", ""));
            return switch (unit) {
                case 'h' -> Duration.ofHours(number);
                case 'm' -> Duration.ofMinutes(number);
                default -> Duration.ofSeconds(number);
            };
        }
    }
}
