package io.quickdrop.relay.driver.agent;

import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.RegistrationError;
import io.quickdrop.relay.driver.client.Dialer;
import java.util.Map;
import java.util.Set;

/** The server will not have this desktop, and trying again would not help. */
public final class RegistrationException extends Exception {
    private static final long serialVersionUID = 1;

    /** Value of {@link #error}: another agent registered the same desktop after us. */
    public static final String SUPERSEDED = "superseded";
    /** Value of {@link #error}: the server closed the connection for good, and said only what {@link #hint} repeats. */
    public static final String CLOSED = "closed";

    /** Closes after which coming back by oneself would be wrong, and what a person can do. */
    static final Map<Integer, String> FINAL_CLOSES = Map.of(
            CloseCode.NOT_AUTHENTICATED.code(),
            "the server does not take agents at this address; check it",
            CloseCode.FORBIDDEN.code(),
            "the operator revoked this desktop's key; have it enrolled again",
            CloseCode.SUPERSEDED.code(),
            "another agent registered the same desktop; stop one, or give it another id",
            CloseCode.POLICY.code(),
            "the server refused this agent; unless the reason says more, check that both are of one version",
            CloseCode.TOO_BIG.code(),
            "the server refused a message as too big; check that both are of one version",
            Dialer.CERTIFICATE_REFUSED,
            "the server is not the one that this agent trusts; check its address and key");

    /** Those of {@link #FINAL_CLOSES} that speak of this desktop: every server of the same store would say them. */
    static final Set<Integer> SAID_BY_EVERY_SERVER = Set.of(CloseCode.FORBIDDEN.code(), CloseCode.SUPERSEDED.code());

    private final String error;
    private final String hint;

    RegistrationException(String error, String hint) {
        super(error + ": " + hint);
        this.error = error;
        this.hint = hint;
    }

    /** A close code of {@link #FINAL_CLOSES} came. */
    static RegistrationException closed(int code, String meaning, String reason) {
        String error = CLOSED;
        if (code == CloseCode.FORBIDDEN.code()) {
            error = RegistrationError.REVOKED;
        } else if (code == CloseCode.SUPERSEDED.code()) {
            error = SUPERSEDED;
        }
        return new RegistrationException(error, meaning + " (" + reason + ")");
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
