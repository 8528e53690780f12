package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.ViewerMessage;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerExtension;
import org.jspecify.annotations.Nullable;

/** A connection of v2 that may look at desktops. */
final class ViewerSocket implements PeerExtension {
    private final DesktopRelay relay;
    private final String name;
    private final boolean mayWatch;
    /** Made by the first message: dashboards and phones, which say nothing of the kind, cost nothing. */
    private volatile @Nullable ViewerDesk desk;

    ViewerSocket(DesktopRelay relay, String name, boolean mayWatch) {
        this.relay = relay;
        this.name = name;
        this.mayWatch = mayWatch;
    }

    @Override
    public boolean message(Peer peer, Message message) {
        boolean handshake = message instanceof Handshake said
                && said.clientInfo().clientType().equals(ClientInfo.WEB);
        if (!handshake && !(message instanceof ViewerMessage)) {
            return false;
        }
        if (!mayWatch) {
            peer.fault(LinkMessage.Problem.of(ErrorReason.FORBIDDEN, "this connection may not look at desktops"));
            return true;
        }
        ViewerDesk mine = desk;
        if (mine == null) {
            mine = new ViewerDesk(relay, name, new Voice(peer));
            desk = mine;
        }
        if (message instanceof Handshake said) {
            peer.send(new HandshakeAck(said.clientInfo().clientId(), 0, relay.heartbeatTiming(), false, null));
            return true;
        }
        return message instanceof ViewerMessage asked && mine.asked(asked);
    }

    @Override
    public void closed(Peer peer) {
        ViewerDesk mine = desk;
        if (mine != null) {
            mine.closed();
        }
    }

    /** Speaks v2. */
    private record Voice(Peer peer) implements ViewerVoice {
        @Override
        public void tell(ViewerMessage message) {
            peer.send(message);
        }

        @Override
        public void show(Frame frame) {
            peer.sendBinary(frame.pieces());
        }

        @Override
        public void refuse(LinkMessage.Problem problem) {
            peer.send(problem);
        }

        @Override
        public long pendingBytes() {
            return peer.pendingBytes();
        }
    }
}
