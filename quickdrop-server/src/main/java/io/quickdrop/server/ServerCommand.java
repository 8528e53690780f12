package io.quickdrop.server;

import io.quickdrop.server.addresses.HostAddress;
import io.quickdrop.server.addresses.HostName;
import io.quickdrop.server.qr.QrCode;
import io.quickdrop.server.qr.TerminalQr;
import io.quickdrop.server.retention.RetentionPolicy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quickdrop server}: starts the server, prints where it is and the code to scan, and stays. */
@Command(
        name = "server",
        description = "Start the server on this computer and show the code that a phone scans.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:stopped as asked (Ctrl-C)",
            "1:could not start; the sentence on the error output says why",
            "2:the command line is not understood"
        })
final class ServerCommand implements Callable<Integer> {
    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "${env:PORT:-8443}",
            description = "Port for pages and uploads (default: ${DEFAULT-VALUE}; environment: PORT; 0: any free one).")
    private int port;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            defaultValue = "${env:QUICKDROP_OUT:-${sys:user.home}/QuickDrop}",
            description = "Where recordings go (default: ${DEFAULT-VALUE}; environment: QUICKDROP_OUT).")
    private @Nullable Path output;

    @Option(
            names = "--name",
            paramLabel = "HOST",
            description = "A further name or address under which this server is reached; may be repeated.")
    private List<String> names = List.of();

    @Option(
            names = "--allow-v1",
            description =
                    "Let old (v1) phones, desktops and viewers on the network in: they can't prove who they are, so "
                            + "anybody on the network may then send recordings and watch every desktop.")
    private boolean allowV1;

    @Option(names = "--local-only", description = "Start although no phone can reach this computer.")
    private boolean localOnly;

    @Option(
            names = "--keep-unfinished",
            paramLabel = "DAYS",
            defaultValue = "7",
            description = "Days that an interrupted upload waits for its phone before it becomes a partial recording "
                    + "(default: ${DEFAULT-VALUE}; fractions are allowed; at least 20 seconds).")
    private double keepUnfinishedDays;

    @Option(
            names = "--keep-partial",
            paramLabel = "DAYS",
            defaultValue = "30",
            description =
                    "Days that a partial recording is kept before it goes to the trash (default: ${DEFAULT-VALUE}; "
                            + "0: for ever). Days are counted while the server runs.")
    private double keepPartialDays;

    @Option(
            names = "--keep-received",
            paramLabel = "DAYS",
            defaultValue = "1",
            description = "Days that a take is kept as it was received, beside the file that was made seekable of it "
                    + "(default: ${DEFAULT-VALUE}; fractions are allowed).")
    private double keepReceivedDays;

    @Option(
            names = "--database",
            paramLabel = "URL",
            defaultValue = "${env:QUICKDROP_DATABASE}",
            description = "Share this PostgreSQL database with other instances: "
                    + "postgresql://user:password@host:port/database (environment: QUICKDROP_DATABASE, where other users "
                    + "of this computer do not see the password). Without: SQLite in the data folder.")
    private @Nullable String database;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:QUICKDROP_URL}",
            description =
                    "How other instances and agents reach this one: https://host:port (environment: QUICKDROP_URL; "
                            + "default: the preferred address).")
    private @Nullable URI url;

    @Option(
            names = "--instance",
            paramLabel = "NAME",
            description = "What people call this instance (default: host and port of its URL).")
    private @Nullable String instance;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "Where keys, tokens and the audit log are (default: .quickdrop in the folder of recordings).")
    private @Nullable Path data;

    @Option(
            names = "--shared-folder",
            description = "Other instances write the same folder of recordings; each needs its own --data.")
    private boolean sharedFolder;

    @Option(
            names = "--cluster-secret-file",
            paramLabel = "FILE",
            description = "What the instances have in common, the same at each, one line of at least 32 characters "
                    + "(default: the first instance makes one and keeps it in the database).")
    private @Nullable Path secretFile;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Override
    public Integer call() {
        ServerSettings settings = settings();
        QuickDropServer server;
        try {
            server = QuickDropServer.start(settings);
        } catch (StartFailure failure) {
            System.err.println("quickdrop: " + failure.getMessage());
            return 1;
        }
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            server.close();
                            closed.countDown();
                        },
                        "shutdown"));
        printWelcome(server, settings);
        showCodesOnEnter(server);
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private ServerSettings settings() {
        CommandLine.Model.CommandSpec command = spec;
        if (command == null || output == null) {
            throw new AssertionError("picocli has set neither the command nor its defaults");
        }
        Set<HostName> extra = new LinkedHashSet<>();
        for (String name : names) {
            extra.add(HostName.parse(name)
                    .orElseThrow(() -> new CommandLine.ParameterException(
                            command.commandLine(), "--name '" + name + "': allowed are a DNS name or an IP address")));
        }
        try {
            return new ServerSettings(
                    port,
                    output.toAbsolutePath().normalize(),
                    extra,
                    allowV1,
                    localOnly,
                    retention(),
                    days(keepReceivedDays),
                    cluster());
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(command.commandLine(), "--" + e.getMessage(), e);
        }
    }

    private ClusterSettings cluster() {
        return new ClusterSettings(
                database,
                url,
                instance,
                data == null ? null : data.toAbsolutePath().normalize(),
                sharedFolder,
                secretFile == null ? null : secretFile.toAbsolutePath().normalize());
    }

    private RetentionPolicy retention() {
        return new RetentionPolicy(days(keepUnfinishedDays), days(keepPartialDays));
    }

    /** A hundred years are for ever, and fit into every clock. */
    private static Duration days(double days) {
        return Duration.ofMillis(
                (long) (Math.min(days, 36_525) * Duration.ofDays(1).toMillis()));
    }

    private static void printWelcome(QuickDropServer server, ServerSettings settings) {
        PrintStream out = System.out;
        out.println();
        out.println("QuickDrop Relay is running. Ctrl-C stops it.");
        out.println();
        out.println("  Dashboard    https://localhost:" + server.port() + "/");
        out.println("               from another computer, with the operator's token:");
        for (HostAddress address : server.addresses().list()) {
            out.println("               " + address.url(server.port()) + "/#token="
                    + server.operatorToken().value() + "   (" + address.kind().words() + ")");
        }
        out.println("  Recordings   " + settings.output() + "   (room for " + gigabytes(server.freeBytes()) + ")");
        out.println("  Phone page   " + server.phoneUrl());
        out.println();
        server.addresses().problem().ifPresent(problem -> out.println("  " + problem + System.lineSeparator()));
        printCode(server);
    }

    private static void printCode(QuickDropServer server) {
        PrintStream out = System.out;
        Charset charset = terminalCharset();
        QrCode code = QrCode.of(server.newPairingUrl());
        out.println("  Scan with the phone's camera. Good for one phone and ten minutes; Enter shows a new one.");
        out.println("  The phone warns of the certificate once: it was made by this computer.");
        out.println();
        out.print(TerminalQr.forCharset(charset).render(code));
        out.println();
        out.println(
                "  To show another computer's screen here, start this on it (good once, for ten minutes; Enter: a new one):");
        out.println("  " + server.newAgentCommand());
        out.println();
        out.flush();
    }

    /** What {@code System.out} writes; newer JDKs tell it in the first property, JDK 17 in the last. */
    private static Charset terminalCharset() {
        String name = System.getProperty(
                "stdout.encoding", System.getProperty("sun.stdout.encoding", System.getProperty("native.encoding")));
        return name == null ? Charset.defaultCharset() : Charset.forName(name);
    }

    /** A daemon thread: it waits for Enter as long as the process lives. */
    private static void showCodesOnEnter(QuickDropServer server) {
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader in =
                            new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()))) {
                        while (in.readLine() != null) {
                            printCode(server);
                        }
                    } catch (IOException noTerminal) {
                        // without a terminal there is nobody to press Enter; the dashboard has codes too
                    }
                },
                "enter-shows-a-code");
        reader.setDaemon(true);
        reader.start();
    }

    private static String gigabytes(long bytes) {
        return bytes >= 10L << 30 ? (bytes >> 30) + " GB" : (bytes >> 20) + " MB";
    }
}
