package io.quickdrop.agent;

/** The exit codes of {@code quickdrop agent}, as its help and the README list them. */
final class ExitCode {
    static final int STOPPED = 0;
    static final int UNEXPECTED = 1;
    static final int USAGE = 2;
    static final int NO_SCREEN = 3;
    static final int REGISTRATION_FAILED = 4;
    static final int SERVER_KEY = 5;
    static final int REFUSED = 6;
    static final int SUPERSEDED = 7;

    private ExitCode() {}
}
