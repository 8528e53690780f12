package io.quickdrop.system.desktop;

/** The agent's exit statuses, as its {@code --help} documents them. */
final class ExitStatus {
    static final int REGISTRATION_FAILED = 3;
    static final int SERVER_NOT_TRUSTED = 4;
    static final int SUPERSEDED = 5;

    private ExitStatus() {}
}
