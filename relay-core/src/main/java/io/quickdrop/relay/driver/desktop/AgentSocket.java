package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.MessageParts;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerExtension;
import io.quickdrop.relay.driver.PeerIdentity;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A connection of an agent of v2: registers it, and then hands what it sends to its desktop's room. */
final class AgentSocket implements PeerExtension {
    private final DesktopRelay relay;
    private final PeerIdentity identity;
    private final Challenge challenge;
    private final MessageParts parts = new MessageParts();
    private volatile @Nullable AgentRegistration registration;

    AgentSocket(DesktopRelay relay, PeerIdentity identity, Challenge challenge) {
        this.relay = relay;
        this.identity = identity;
        this.challenge = challenge;
    }

    @Override
    public void opened(Peer peer) {
        registration = relay.began(Generation.V2, identity, challenge, peer::isOpen, new Voice(peer));
        if (registration == null) {
            peer.drop(CloseCode.TOO_FAST, "too many agents are connected");
            return;
        }
        peer.send(challenge);
    }

    @Override
    public boolean message(Peer peer, Message message) {
        AgentRegistration mine = registration;
        if (mine == null) {
            return true; // it is being closed
        }
        AgentRegistration.Served served = mine.served();
        if (message instanceof Handshake handshake) {
            mine.handshake(handshake);
        } else if (served == null) {
            mine.other(TextCodec.typeOf(message));
        } else if (message instanceof AgentMessage said) {
            served.desktop().fromAgent(served.id(), said);
        } else {
            return false;
        }
        return true;
    }

    @Override
    public boolean binary(Peer peer, ByteBuffer part, boolean last) {
        AgentRegistration mine = registration;
        if (mine == null) {
            return true;
        }
        AgentRegistration.Served served = mine.served();
        if (served == null) {
            if (last) {
                mine.other("a frame");
            }
            parts.clear();
        } else if (parts.wouldBeTooLong(part)) {
            peer.drop(CloseCode.TOO_BIG, "allowed are " + Limits.MAX_BINARY_BYTES + " bytes a message");
        } else {
            ByteBuffer whole = parts.add(part, last);
            if (whole != null) {
                frame(peer, served, whole);
            }
        }
        return true;
    }

    private static void frame(Peer peer, AgentRegistration.Served served, ByteBuffer message) {
        int bytes = message.remaining();
        Decoded<Frame> decoded = Frame.decode(message);
        if (decoded instanceof Decoded.Accepted<Frame> accepted) {
            peer.took(bytes);
            served.desktop().frame(served.id(), accepted.value(), () -> peer.settled(bytes));
        } else if (decoded instanceof Decoded.Rejected<Frame> rejected) {
            peer.fault(rejected.asProblem());
        }
    }

    @Override
    public void closed(Peer peer) {
        AgentRegistration mine = registration;
        if (mine != null) {
            mine.closed();
        }
    }

    /** Speaks v2. */
    private record Voice(Peer peer) implements AgentVoice {
        @Override
        public void tell(AgentMessage message) {
            peer.send(message);
        }

        @Override
        public void fault(LinkMessage.Problem problem) {
            peer.fault(problem);
        }

        @Override
        public void drop(CloseCode code, String reason) {
            peer.drop(code, reason);
        }
    }
}
