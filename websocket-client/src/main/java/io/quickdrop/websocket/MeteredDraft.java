package io.quickdrop.websocket;

import io.quickdrop.protocol.Subprotocol;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongConsumer;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.Handshakedata;
import org.java_websocket.protocols.Protocol;

/**
 * RFC 6455 as our client speaks it: {@code quickdrop.v2}, no extensions (so no compression), a bound on frames
 * where the library's own is 2 GiB; and every byte that is queued for the socket is counted.
 */
final class MeteredDraft extends Draft_6455 {
    private final LongConsumer queued;
    private final int maxBytes;

    /**
     * @param queued told the length of everything that is about to be queued, bytes
     * @param maxBytes longest message that may come
     */
    MeteredDraft(LongConsumer queued, int maxBytes) {
        super(List.of(), List.of(new Protocol(Subprotocol.V2)), maxBytes);
        this.queued = queued;
        this.maxBytes = maxBytes;
    }

    @Override
    public Draft copyInstance() {
        return new MeteredDraft(queued, maxBytes);
    }

    @Override
    public ByteBuffer createBinaryFrame(Framedata frame) {
        ByteBuffer bytes = super.createBinaryFrame(frame);
        queued.accept(bytes.remaining());
        return bytes;
    }

    @Override
    public List<ByteBuffer> createHandshake(Handshakedata handshake, boolean withContent) {
        List<ByteBuffer> parts = super.createHandshake(handshake, withContent);
        parts.forEach(part -> queued.accept(part.remaining()));
        return parts;
    }

    // Two drafts are equal as the library sees it if they negotiate the same; the meter is no part of that.

    @Override
    public boolean equals(Object other) {
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
