package io.quickdrop.relay.driver;

import io.quickdrop.protocol.SessionId;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Finds out which of several servers has a session, for one connection: what an uploader sends of a session that another one
 * has is put through to it. Asked for every start and resume; what comes behind one waits for the answer.
 */
@FunctionalInterface
public interface SessionRouter {
    /**
     * Finds the way; returns at once. Called under the peer's lock.
     *
     * @param answer to be called once, on any thread, also within this call
     */
    void find(Peer peer, SessionId session, Consumer<Route> answer);

    /** Where a session's messages go. */
    sealed interface Route {
        /** To this relay. */
        record Here() implements Route {}

        /** To another server. */
        record Through(Upstream upstream) implements Route {}

        /**
         * Nowhere now.
         *
         * @param reason a word of {@link io.quickdrop.protocol.ErrorReason}
         * @param detail what is known and what helps, for people
         */
        record Closed(String reason, String detail) implements Route {}
    }

    /**
     * A connection to another server on behalf of one peer; what comes back it sends to the peer itself. One for all sessions
     * of the peer that the other server has, so that their messages keep their order. Every method returns at once, and keeps
     * the order of the calls.
     */
    interface Upstream {
        /** Sends a text frame. */
        void text(String text);

        /**
         * Sends a binary frame.
         *
         * @param sent to be called once, when nothing of the frame waits here any more, also if it never will be sent
         */
        void binary(ByteBuffer whole, Runnable sent);

        /** The peer is gone. */
        void close();
    }
}
