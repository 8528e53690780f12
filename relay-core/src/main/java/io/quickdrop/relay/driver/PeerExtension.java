package io.quickdrop.relay.driver;

import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.Message;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What one connection is beside an uploader: a dashboard, a desktop, a viewer. One instance each connection.
 *
 * <p>{@link #text}, {@link #message} and {@link #binary} are called in the order in which things arrive, one at a time, on
 * the transport's thread, which must not be kept waiting. {@link #closed} comes once, on a thread of the relay, and may
 * overtake a call that has begun.
 */
@FunctionalInterface
public interface PeerExtension {
    /** Nothing beside recordings. */
    PeerExtension NONE = (peer, message) -> false;

    /** A message that is not about recordings; says whether it is allowed here, else the peer is told that it is not. */
    boolean message(Peer peer, Message message);

    /** The connection is open and greeted; nothing has arrived yet. */
    default void opened(Peer peer) {}

    /**
     * A text frame of a {@link Generation#V1} connection, before anybody else reads it; says whether it was taken.
     * {@link #message} is not asked about what was taken here.
     */
    default boolean text(Peer peer, String text) {
        return false;
    }

    /**
     * A part of a binary message that belongs to no recording; says whether it was taken. The extension keeps the buffer.
     *
     * @param last whether it ends the message
     */
    default boolean binary(Peer peer, ByteBuffer part, boolean last) {
        return false;
    }

    /** Longest text frame that may come now, bytes. Asked on the transport's thread as it grows. */
    default int maxTextBytes() {
        return Limits.MAX_TEXT_BYTES;
    }

    /** Knows which server has a session, where there are several and this connection may be put through; else empty. */
    default Optional<SessionRouter> router() {
        return Optional.empty();
    }

    /** The connection is gone, in whatever way. */
    default void closed(Peer peer) {}

    /** This, and what it doesn't take goes to {@code next}. */
    default PeerExtension or(PeerExtension next) {
        return new ChainedExtension(this, next);
    }
}
