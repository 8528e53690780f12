package io.quickdrop.relay.driver;

import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.relay.driver.SessionRouter.Route;
import io.quickdrop.relay.driver.SessionRouter.Upstream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one connection that another server has, and what waits until it is known who has one. Called under its peer's
 * lock only, but for the answer, which takes it.
 */
final class PutThrough {
    /** As many as one connection may own here. */
    private static final int MAX_SESSIONS = 16;
    /** What a text frame counts that waits; those of uploads are short. */
    private static final int TEXT_BYTES = 512;

    private record Held(@Nullable UploadMessage message, @Nullable ByteBuffer part, boolean last, int bytes) {}

    private final Peer peer;
    private final PeerUploads uploads;
    private final @Nullable SessionRouter router;
    private final Map<SessionId, Upstream> elsewhere = new LinkedHashMap<>();
    private final MessageParts parts = new MessageParts();
    private final Queue<Held> held = new ArrayDeque<>();
    private boolean asking;
    private @Nullable Upstream sending;

    PutThrough(Peer peer, PeerUploads uploads, Optional<SessionRouter> router) {
        this.peer = peer;
        this.uploads = uploads;
        this.router = router.orElse(null);
    }

    /** Whether binary messages go elsewhere, or wait for where they go. */
    boolean isSending() {
        return asking || sending != null;
    }

    /** Whether the message was taken: it waits, its session is elsewhere, or somebody is asked where it is. */
    boolean takes(UploadMessage message) {
        SessionRouter ways = router;
        if (ways == null) {
            return false;
        }
        if (asking) {
            hold(new Held(message, null, true, TEXT_BYTES));
            return true;
        }
        if (message instanceof UploadMessage.Start || message instanceof UploadMessage.Resume) {
            asking = true;
            sending = null;
            parts.clear();
            ways.find(peer, message.sessionId(), route -> answered(message, route));
            return true;
        }
        Upstream to = elsewhere.get(message.sessionId());
        if (to != null) {
            to.text(TextCodec.encode(message));
        }
        return to != null;
    }

    /** Whether the part was taken. The buffer is kept. */
    boolean takes(ByteBuffer part, boolean last) {
        Upstream to = sending;
        if (asking) {
            hold(new Held(null, part, last, part.remaining()));
        } else if (to == null) {
            return false;
        } else if (parts.wouldBeTooLong(part)) {
            peer.drop(CloseCode.TOO_BIG, PeerUploads.TOO_LONG);
        } else {
            ByteBuffer whole = parts.add(part, last);
            if (whole != null) {
                int bytes = whole.remaining();
                peer.took(bytes);
                to.binary(whole, () -> peer.settled(bytes));
            }
        }
        return true;
    }

    private void hold(Held one) {
        held.add(one);
        peer.took(one.bytes);
    }

    private void answered(UploadMessage first, Route route) {
        synchronized (peer) {
            if (!peer.isOpen()) {
                if (route instanceof Route.Through late) {
                    late.upstream().close();
                }
                return;
            }
            asking = false;
            go(first, route);
            while (!asking && peer.isOpen() && !held.isEmpty()) {
                Held next = held.remove();
                peer.settled(next.bytes);
                if (next.message != null) {
                    uploads.message(next.message);
                } else if (next.part != null) {
                    uploads.binary(next.part, next.last);
                }
            }
        }
    }

    private void go(UploadMessage first, Route route) {
        SessionId session = first.sessionId();
        elsewhere.remove(session);
        if (route instanceof Route.Here) {
            uploads.here(first);
        } else if (route instanceof Route.Through through) {
            uploads.leaves(session);
            elsewhere.put(session, through.upstream());
            sending = through.upstream();
            if (elsewhere.size() > MAX_SESSIONS) {
                elsewhere.remove(elsewhere.keySet().iterator().next()); // the other server lets it go as well
            }
            through.upstream().text(TextCodec.encode(first));
        } else if (route instanceof Route.Closed closed) {
            uploads.leaves(session);
            peer.send(new LinkMessage.Problem(closed.reason(), closed.detail(), session, null));
        } else {
            throw new AssertionError("route without a case: " + route);
        }
    }

    /** The connection is gone. */
    void detach() {
        for (Held left : held) {
            peer.settled(left.bytes);
        }
        held.clear();
        new HashSet<>(elsewhere.values()).forEach(Upstream::close);
        elsewhere.clear();
        sending = null;
    }
}
