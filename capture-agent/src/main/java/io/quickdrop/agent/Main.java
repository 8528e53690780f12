package io.quickdrop.agent;

import picocli.CommandLine;

/** Starts {@code quickdrop agent}. */
public final class Main {
    private Main() {}

    /** Runs the command and exits with its status. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new AgentCommand()).setExecutionExceptionHandler((failure, commandLine, parsed) -> {
            commandLine.getErr().println("quickdrop agent: an unexpected failure: " + failure);
            return ExitCode.UNEXPECTED;
        });
    }

    /** Tells {@code --version}. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"QuickDrop Relay " + (version == null ? "(development)" : version)};
        }
    }
}
