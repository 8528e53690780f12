package io.quickdrop.system.desktop;

/** The agent's exit statuses, as its {@code --help} documents them. */
final class ExitStatus {
    static final int REGISTRATION_FAILED = 4;
    static final int SERVER_NOT_TRUSTED = 5;
    static final int REFUSED = 6;
    static final int SUPERSEDED = 7;

    private ExitStatus() {}
}
