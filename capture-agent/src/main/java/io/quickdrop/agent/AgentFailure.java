package io.quickdrop.agent;

/** The agent can't go on. Its message is for people and says what to check. */
final class AgentFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    AgentFailure(int exitCode, String sentence) {
        super(sentence);
        this.exitCode = exitCode;
    }

    /** @param cause speaks for people */
    AgentFailure(int exitCode, Exception cause) {
        super(cause.getMessage(), cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
