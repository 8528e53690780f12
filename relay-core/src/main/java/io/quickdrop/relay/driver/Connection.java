package io.quickdrop.relay.driver;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * One WebSocket connection to a peer, as the relay needs it. One of the two interfaces that an embedder implements; every
 * implementation passes {@code ConnectionContract}.
 *
 * <p>Every method returns at once, may be called from any thread, does nothing on a closed connection, and keeps the
 * order of the calls.
 */
public interface Connection {
    /** Sends a text frame. */
    void sendText(String text);

    /** Sends a binary frame of what {@code payload} has left to read. The bytes must not change afterwards. */
    void sendBinary(ByteBuffer payload);

    /**
     * Sends one binary frame of what {@code pieces} have left to read, one behind the other. The bytes must not change
     * afterwards; a transport that can gather does not copy them.
     */
    default void sendBinary(List<ByteBuffer> pieces) {
        int bytes = 0;
        for (ByteBuffer piece : pieces) {
            bytes += piece.remaining();
        }
        ByteBuffer whole = ByteBuffer.allocate(bytes);
        pieces.forEach(piece -> whole.put(piece.duplicate()));
        sendBinary(whole.flip());
    }

    /** Sends a WebSocket ping without data. */
    void sendPing();

    /** Bytes that were given to this connection and have not reached the socket. */
    long pendingBytes();

    /** Stops reading from the socket; what the transport has read already may still be delivered. */
    void pauseReading();

    /** Goes on reading. */
    void resumeReading();

    /**
     * Closes: a close frame where the peer still listens, and the socket itself soon after, whether the peer answers or
     * not.
     *
     * @param code see {@link io.quickdrop.protocol.CloseCode}
     * @param reason for people, at most 123 bytes of UTF-8
     */
    void close(int code, String reason);
}
