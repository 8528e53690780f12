package io.quickdrop.protocol;

/** The WebSocket close codes that this protocol uses (RFC 6455 section 7.4, and 44xx of our own). */
public enum CloseCode {
    /** The purpose is fulfilled. */
    NORMAL(1000),
    /** The server goes down or restarts; sent after {@code goodbye}. */
    GOING_AWAY(1001),
    /** The peer broke RFC 6455. */
    PROTOCOL_ERROR(1002),
    /** A text frame was not UTF-8. */
    NOT_UTF8(1007),
    /** The peer keeps sending what is not allowed. */
    POLICY(1008),
    /** A message is longer than the limits that {@code hello} states. */
    TOO_BIG(1009),
    /** The server can't store right now and the client (v1) has no message to be told so: come back and resume. */
    TRY_AGAIN_LATER(1013),
    /** No valid credentials in time. */
    NOT_AUTHENTICATED(4401),
    /** Not allowed, or revoked. */
    FORBIDDEN(4403),
    /** Nothing was heard of the peer for too long. */
    NO_SIGN_OF_LIFE(4408),
    /** A newer connection took over the same session or desktop. */
    SUPERSEDED(4409),
    /** Too many messages, connections or sessions. */
    TOO_FAST(4429);

    private final int code;

    CloseCode(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }
}
