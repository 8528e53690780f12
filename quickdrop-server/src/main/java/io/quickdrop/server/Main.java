package io.quickdrop.server;

import io.quickdrop.server.send.SendCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: {@code quickdrop server}, {@code quickdrop send}. */
@Command(
        name = "quickdrop",
        description = "Record on a phone, have it on the laptop: while recording, byte for byte.",
        subcommands = {ServerCommand.class, SendCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "  agent   Shows this computer's screens to the operator of a QuickDrop server",
            "          (a program of its own: ./quickdrop agent --help)."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
public final class Main implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

    private Main() {}

    /** Runs a command and exits with its status. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public void run() {
        if (spec != null) {
            throw new CommandLine.ParameterException(spec.commandLine(), "Say which command: server, send or agent.");
        }
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"QuickDrop Relay " + (version == null ? "(development)" : version)};
        }
    }
}
