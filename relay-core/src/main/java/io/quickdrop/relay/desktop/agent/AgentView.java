package io.quickdrop.relay.desktop.agent;

import java.util.List;

/**
 * How an agent is doing, for people.
 *
 * @param state what it is at
 * @param detail a sentence about that, where there is something to say: why the connection went, what to approve; else empty
 * @param pace how fast and how well it may capture
 * @param fps frames a second that were sent over the last seconds
 * @param kbps kilobit a second that were sent over the last seconds
 * @param skipped frames not taken since the registration, because the window was full
 * @param watchers who looks
 * @param roundTripMicros smallest round trip to the server of late; 0 while unknown
 */
public record AgentView(
        State state,
        String detail,
        Pace pace,
        double fps,
        int kbps,
        long skipped,
        List<String> watchers,
        long roundTripMicros) {
    public AgentView {
        watchers = List.copyOf(watchers);
    }

    /** What an agent is at. */
    public enum State {
        /** A connection is being opened, or the server has not said whether it knows us. */
        CONNECTING,
        /** Between two attempts to connect. */
        WAITING,
        /** The operator has to approve this desktop's key. */
        PENDING,
        /** Registered; nobody looks. */
        IDLE,
        /** Somebody looks. */
        CAPTURING,
        /** It ended: closed, or refused for good. */
        ENDED
    }
}
