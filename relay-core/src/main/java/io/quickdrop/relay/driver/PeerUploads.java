package io.quickdrop.relay.driver;

import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.relay.upload.OwnerId;
import io.quickdrop.relay.upload.SessionInput;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The recordings that one connection sends. Called under its peer's lock only. */
final class PeerUploads {
    /** Sessions one connection may own at once: those that are being saved, and the one that is being sent. */
    private static final int MAX_SESSIONS = 16;

    static final String TOO_LONG = "allowed are " + Limits.MAX_BINARY_BYTES + " bytes a message";

    private final Peer peer;
    private final OwnerId id;
    private final Generation generation;
    private final Relay relay;
    private final Set<SessionId> sessions = new LinkedHashSet<>();
    private final MessageParts parts = new MessageParts();
    private final PutThrough through;
    private @Nullable SessionId current;
    /** The session that was started last is not taken now: its bytes are dropped, until the sender has read why. */
    private boolean refused;

    PeerUploads(Peer peer, Generation generation, Relay relay, Optional<SessionRouter> router) {
        this.peer = peer;
        this.id = peer.id();
        this.generation = generation;
        this.relay = relay;
        this.through = new PutThrough(peer, this, router);
    }

    /** Whether binary messages belong to a recording. */
    boolean isSending() {
        return current != null || refused || through.isSending();
    }

    void message(UploadMessage message) {
        if (!through.takes(message)) {
            here(message);
        }
    }

    /** A message that is this relay's, as far as is known. */
    void here(UploadMessage message) {
        SessionId session = message.sessionId();
        if (message instanceof UploadMessage.Start start) {
            attach(session, start.description());
        } else if (message instanceof UploadMessage.Resume resume) {
            attach(session, resume.description());
        } else if (!sessions.contains(session)) {
            peer.fault(new LinkMessage.Problem(
                    ErrorReason.END_WITHOUT_START,
                    "session " + session + " was not started on this connection",
                    session,
                    null));
        } else if (message instanceof UploadMessage.End end) {
            relay.post(session, new SessionInput.EndReceived(id, end));
        } else if (message instanceof UploadMessage.Compare compare) {
            relay.post(session, new SessionInput.CompareReceived(id, compare));
        } else if (message instanceof UploadMessage.Abort) {
            relay.post(session, new SessionInput.AbortReceived(id));
        } else {
            peer.fault(LinkMessage.Problem.of(
                    ErrorReason.UNKNOWN_TYPE + TextCodec.typeOf(message), "only servers send this"));
        }
    }

    /** The session is another server's from now on, or nobody's that is there. */
    void leaves(SessionId session) {
        parts.clear();
        current = null;
        refused = true;
        if (sessions.remove(session)) {
            relay.post(session, new SessionInput.Detached(id));
        }
    }

    private void attach(SessionId session, UploadMessage.Description description) {
        parts.clear();
        refused = false;
        if (!sessions.contains(session) && !relay.hasRoomFor(session)) {
            current = null; // its bytes must not land in the session before
            peer.send(new LinkMessage.Problem(
                    ErrorReason.SESSION_LIMIT,
                    "allowed are " + relay.config().maxActiveSessions()
                            + " recordings at once, and three times as many interrupted ones",
                    session,
                    null));
            return;
        }
        sessions.remove(session);
        sessions.add(session);
        current = session;
        if (sessions.size() > MAX_SESSIONS) {
            SessionId oldest = sessions.iterator().next();
            sessions.remove(oldest);
            relay.post(oldest, new SessionInput.Detached(id));
        }
        relay.post(
                session,
                new SessionInput.Attached(id, peer.identity().device(), description, generation == Generation.V1));
    }

    void binary(ByteBuffer part, boolean last) {
        if (through.takes(part, last)) {
            return;
        }
        SessionId session = current;
        if (session == null) {
            if (!refused) {
                throw new AssertionError("binary without a session");
            }
            return;
        }
        int bytes = part.remaining();
        if (generation == Generation.V1) {
            post(session, new SessionInput.RawReceived(id, part, last), bytes);
        } else if (parts.wouldBeTooLong(part)) {
            peer.drop(CloseCode.TOO_BIG, TOO_LONG);
        } else {
            ByteBuffer whole = parts.add(part, last);
            if (whole != null) {
                chunk(session, whole);
            }
        }
    }

    private void chunk(SessionId session, ByteBuffer message) {
        int bytes = message.remaining();
        Decoded<Chunk> decoded = Chunk.decode(message);
        if (decoded instanceof Decoded.Accepted<Chunk> accepted) {
            post(session, new SessionInput.ChunkReceived(id, accepted.value()), bytes);
        } else if (decoded instanceof Decoded.Rejected<Chunk> rejected) {
            peer.fault(rejected.asProblem());
        }
    }

    /** Passes bytes on and stops reading while too many are on their way to the disk. */
    private void post(SessionId session, SessionInput input, int bytes) {
        peer.took(bytes);
        relay.post(session, input, () -> peer.settled(bytes));
    }

    /** The connection is gone. */
    void detach() {
        through.detach();
        for (SessionId session : sessions) {
            relay.post(session, new SessionInput.Detached(id));
        }
        sessions.clear();
    }
}
