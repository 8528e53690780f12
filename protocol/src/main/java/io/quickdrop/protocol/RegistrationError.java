package io.quickdrop.protocol;

/** The values of {@code registration_failed.error}. Each is final for the agent that is told: it exits. */
public final class RegistrationError {
    /** The registry could not store the registration. */
    public static final String STORE_UNAVAILABLE = "store_unavailable";
    /** The enrolment code is not one that was given out, or was used, or is too old. */
    public static final String CODE_WRONG = "code_wrong";
    /** Nobody approved the key on the dashboard in time. */
    public static final String NOT_APPROVED = "not_approved";
    /** The operator refused the key. */
    public static final String REFUSED = "refused";
    /** The key was revoked. */
    public static final String REVOKED = "revoked";
    /** The signature is missing, or does not fit the key, the challenge and this server. */
    public static final String SIGNATURE_WRONG = "signature_wrong";
    /** Another key is enrolled under this {@code clientId}. */
    public static final String CLIENT_ID_TAKEN = "client_id_taken";
    /** The server serves as many desktops as it may. */
    public static final String TOO_MANY_DESKTOPS = "too_many_desktops";

    /** Too many wrong codes, or too many requests for approval, from this address; the hint says how long to wait. */
    public static final String TOO_MANY_TRIES = "too_many_tries";

    private RegistrationError() {}
}
