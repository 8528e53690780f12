package io.quickdrop.relay.driver;

import io.quickdrop.protocol.Message;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Two extensions of one connection: the second is asked about what the first does not take. */
record ChainedExtension(PeerExtension first, PeerExtension second) implements PeerExtension {
    @Override
    public boolean message(Peer peer, Message message) {
        return first.message(peer, message) || second.message(peer, message);
    }

    @Override
    public void opened(Peer peer) {
        first.opened(peer);
        second.opened(peer);
    }

    @Override
    public boolean text(Peer peer, String text) {
        return first.text(peer, text) || second.text(peer, text);
    }

    @Override
    public boolean binary(Peer peer, ByteBuffer part, boolean last) {
        return first.binary(peer, part, last) || second.binary(peer, part, last);
    }

    @Override
    public int maxTextBytes() {
        return Math.max(first.maxTextBytes(), second.maxTextBytes());
    }

    @Override
    public Optional<SessionRouter> router() {
        return first.router().or(second::router);
    }

    @Override
    public void closed(Peer peer) {
        first.closed(peer);
        second.closed(peer);
    }
}
