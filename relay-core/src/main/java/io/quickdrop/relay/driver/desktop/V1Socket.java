package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.v1.V1Codec;
import io.quickdrop.protocol.v1.V1Message;
import io.quickdrop.protocol.v1.V1Texts;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerExtension;
import io.quickdrop.relay.driver.PeerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * A connection of v1: a phone, until its query or its first message says that it is a desktop or a viewer. What phones say
 * goes past this.
 */
final class V1Socket implements PeerExtension {
    private final DesktopRelay relay;
    private final PeerIdentity identity;
    private final LinkMessage.HelloV1 hello;
    private final @Nullable String clientType;
    private final @Nullable String clientId;
    private final String name;
    private volatile @Nullable V1Desktop desktop;
    private volatile @Nullable V1Viewer viewer;

    V1Socket(
            DesktopRelay relay,
            PeerIdentity identity,
            LinkMessage.HelloV1 hello,
            @Nullable String clientType,
            @Nullable String clientId,
            String name) {
        this.relay = relay;
        this.identity = identity;
        this.hello = hello;
        this.clientType = clientType;
        this.clientId = clientId;
        this.name = name;
    }

    @Override
    public void opened(Peer peer) {
        boolean asDesktop = ClientInfo.DESKTOP.equals(clientType);
        if (!asDesktop && !ClientInfo.WEB.equals(clientType)) {
            peer.send(hello);
            return;
        }
        peer.sendText(V1Texts.connectionEstablished(clientId, relay.wallTime().toEpochMilli()));
        become(peer, asDesktop);
    }

    private void become(Peer peer, boolean asDesktop) {
        if (asDesktop) {
            desktop = new V1Desktop(relay, peer, identity, clientId);
        } else {
            viewer = new V1Viewer(relay, peer, name, clientId);
        }
    }

    @Override
    public boolean text(Peer peer, String text) {
        V1Desktop asDesktop = desktop;
        V1Viewer asViewer = viewer;
        if (asDesktop != null) {
            asDesktop.text(text);
        } else if (asViewer != null) {
            asViewer.text(text);
        } else {
            return first(peer, text);
        }
        return true;
    }

    /** Phones and the others share {@code ping}, which makes nobody a desktop. */
    private boolean first(Peer peer, String text) {
        Decoded<V1Message> decoded = V1Codec.decode(text, clientType, clientId);
        if (!(decoded instanceof Decoded.Accepted<V1Message> accepted) || accepted.value() instanceof V1Message.Ping) {
            return false;
        }
        V1Message message = accepted.value();
        boolean viewing = message instanceof V1Message.Asked || message instanceof V1Message.Seen;
        boolean asDesktop = message instanceof V1Message.Handshake handshake
                ? handshake.info().clientType().equals(ClientInfo.DESKTOP)
                : !viewing;
        become(peer, asDesktop);
        return text(peer, text);
    }

    @Override
    public boolean message(Peer peer, Message message) {
        return false;
    }

    @Override
    public int maxTextBytes() {
        V1Desktop asDesktop = desktop;
        return asDesktop != null && asDesktop.isIntroduced() ? V1Codec.MAX_TEXT_BYTES : Limits.MAX_TEXT_BYTES;
    }

    @Override
    public void closed(Peer peer) {
        V1Desktop asDesktop = desktop;
        V1Viewer asViewer = viewer;
        if (asDesktop != null) {
            asDesktop.closed();
        }
        if (asViewer != null) {
            asViewer.closed();
        }
    }
}
