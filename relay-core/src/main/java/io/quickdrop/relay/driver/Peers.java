package io.quickdrop.relay.driver;

import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.relay.upload.OwnerId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Who is connected to one relay. Safe on any thread. */
final class Peers {
    private final Map<OwnerId, Peer> peers = new ConcurrentHashMap<>();

    void add(Peer peer) {
        peers.put(peer.id(), peer);
    }

    void remove(Peer peer) {
        peers.remove(peer.id());
    }

    Optional<Peer> find(OwnerId id) {
        return Optional.ofNullable(peers.get(id));
    }

    int uploaders() {
        return (int) peers.values().stream().filter(Peer::isUploader).count();
    }

    List<String> devices() {
        return peers.values().stream()
                .map(peer -> peer.identity().device())
                .distinct()
                .toList();
    }

    /** Closes every connection of a device. */
    void revoke(String device) {
        for (Peer peer : peers.values()) {
            if (peer.identity().device().equals(device)) {
                peer.drop(CloseCode.FORBIDDEN, "this device was revoked");
            }
        }
    }

    /** Tells everybody when to come back, and closes. */
    void goodbye(Duration retryAfter) {
        for (Peer peer : peers.values()) {
            peer.send(new LinkMessage.Goodbye(retryAfter.toMillis()));
            peer.drop(CloseCode.GOING_AWAY, "the server goes down");
        }
    }
}
