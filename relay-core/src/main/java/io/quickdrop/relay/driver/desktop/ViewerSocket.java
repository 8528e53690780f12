package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.AgentMessage.RequestKeyframe;
import io.quickdrop.protocol.AgentMessage.ViewerReport;
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
    private final boolean instance;
    /** Made by the first message: dashboards and phones, which say nothing of the kind, cost nothing. */
    private volatile @Nullable ViewerDesk desk;

    /** @param instance whether it is another instance, which looks at one desktop for viewers of its own */
    ViewerSocket(DesktopRelay relay, String name, boolean mayWatch, boolean instance) {
        this.relay = relay;
        this.name = name;
        this.mayWatch = mayWatch;
        this.instance = instance;
    }

    @Override
    public boolean message(Peer peer, Message message) {
        boolean handshake = message instanceof Handshake said
                && said.clientInfo().clientType().equals(ClientInfo.WEB);
        boolean forOthers = instance && (message instanceof ViewerReport || message instanceof RequestKeyframe);
        if (!handshake && !forOthers && !(message instanceof ViewerMessage)) {
            return false;
        }
        if (!mayWatch) {
            peer.fault(LinkMessage.Problem.of(ErrorReason.FORBIDDEN, "this connection may not look at desktops"));
            return true;
        }
        ViewerDesk mine = desk;
        if (mine == null) {
            mine = new ViewerDesk(relay, name, new Voice(peer, instance));
            desk = mine;
        }
        if (message instanceof Handshake said) {
            peer.send(new HandshakeAck(said.clientInfo().clientId(), 0, relay.heartbeatTiming(), false, null));
            return true;
        }
        if (message instanceof ViewerReport report) {
            mine.reported(report);
            return true;
        }
        if (message instanceof RequestKeyframe request) {
            mine.wholeWanted(request);
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
    private record Voice(Peer peer, boolean isInstance) implements ViewerVoice {
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
