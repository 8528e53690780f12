package io.quickdrop.relay.driver;

/** The server will not have this desktop, and trying again would not help. */
public final class RegistrationException extends Exception {
    private static final long serialVersionUID = 1;

    /** Value of {@link #error}: another agent registered the same desktop after us. */
    public static final String SUPERSEDED = "superseded";
    /** Value of {@link #error}: the server closed the connection for good, and said only what {@link #hint} repeats. */
    public static final String CLOSED = "closed";

    private final String error;
    private final String hint;

    RegistrationException(String error, String hint) {
        super(error + ": " + hint);
        this.error = error;
        this.hint = hint;
    }

    /** One of {@link io.quickdrop.protocol.RegistrationError}, or of the constants here. */
    public String error() {
        return error;
    }

    /** What a person can do. */
    public String hint() {
        return hint;
    }
}
