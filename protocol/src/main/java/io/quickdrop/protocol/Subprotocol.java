package io.quickdrop.protocol;

/** Names in {@code Sec-WebSocket-Protocol}. */
public final class Subprotocol {
    /** Chooses v2. A connection without a subprotocol speaks v1. */
    public static final String V2 = "quickdrop.v2";
    /** Prefix under which a browser carries its key: browsers can't set {@code Authorization} on a WebSocket. */
    public static final String TOKEN_PREFIX = "quickdrop.token.";

    private Subprotocol() {}
}
