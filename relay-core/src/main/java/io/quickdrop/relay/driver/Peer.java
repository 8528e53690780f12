package io.quickdrop.relay.driver;

import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.relay.link.Heartbeat;
import io.quickdrop.relay.link.MessageBudget;
import io.quickdrop.relay.link.ReadGate;
import io.quickdrop.relay.upload.OwnerId;
import io.quickdrop.relay.upload.SessionInput;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The relay's end of one connection. The transport tells it what arrives; it answers through its {@link Connection}.
 *
 * <p>Methods may be called from any thread, but what arrives on one connection must be told in order. The lock guards only
 * this peer's own state: no code of an embedder but its {@link Connection} runs under it, and never a second peer's.
 */
public final class Peer {
    /** Sessions one connection may own at once: those that are being saved, and the one that is being sent. */
    private static final int MAX_SESSIONS = 16;

    private final OwnerId id;
    private final Connection connection;
    private final PeerIdentity identity;
    private final Generation generation;
    private final BiPredicate<Peer, Message> otherMessages;
    private final Relay relay;
    private final Heartbeat heartbeat;
    private final MessageBudget budget;
    private final ReadGate gate;
    private final DeadlineTimer timer;
    private final Instant firstMessageBy;

    private final Set<SessionId> sessions = new LinkedHashSet<>();
    private @Nullable SessionId current;
    private @Nullable ByteBuffer partial;
    private boolean spoke;
    private volatile boolean uploader;
    private volatile boolean closed;

    Peer(
            OwnerId id,
            Connection connection,
            PeerIdentity identity,
            Generation generation,
            BiPredicate<Peer, Message> otherMessages,
            Relay relay) {
        this.id = id;
        this.connection = connection;
        this.identity = identity;
        this.generation = generation;
        this.otherMessages = otherMessages;
        this.relay = relay;
        Instant now = relay.workers().now();
        RelayConfig config = relay.config();
        this.heartbeat = new Heartbeat(config.heartbeat(), now);
        this.budget = new MessageBudget(now);
        this.gate = new ReadGate(config.peerInflowBytes(), config.peerInflowBytes() / 3);
        this.timer = new DeadlineTimer(relay.workers(), this::tick);
        this.firstMessageBy = now.plus(config.firstMessageWithin());
        timer.arm(Optional.of(firstMessageBy));
    }

    /** A text frame came. */
    public void text(String text) {
        Decoded<Message> decoded = TextCodec.decode(text);
        Message other = taken(decoded);
        if (other != null && !otherMessages.test(this, other)) {
            synchronized (this) {
                fault(LinkMessage.Problem.of(
                        ErrorReason.UNKNOWN_TYPE + TextCodec.typeOf(other), "not allowed on this connection"));
            }
        }
    }

    /**
     * A part of a binary message came. The peer keeps the buffer.
     *
     * @param last whether it ends the message
     */
    public synchronized void binary(ByteBuffer part, boolean last) {
        if (closed) {
            return;
        }
        heard();
        if (current == null) {
            if (last) {
                fault(LinkMessage.Problem.of(
                        ErrorReason.BINARY_WITHOUT_SESSION, "a chunk came before any 'start' on this connection"));
            }
        } else if (generation == Generation.V1) {
            int bytes = part.remaining();
            post(current, new SessionInput.RawReceived(id, part, last), bytes);
        } else {
            chunkPart(current, part, last);
        }
    }

    /** Something else came, for example a pong: a sign of life. */
    public synchronized void alive() {
        if (!closed) {
            heard();
        }
    }

    /** The connection is gone, in whatever way. */
    public synchronized void closed() {
        if (closed) {
            return;
        }
        closed = true;
        timer.cancel();
        for (SessionId session : sessions) {
            relay.post(session, new SessionInput.Detached(id));
        }
        sessions.clear();
        relay.gone(this);
    }

    /** Sends a message. */
    public void send(Message message) {
        connection.sendText(TextCodec.encode(message));
    }

    /** Who is at the other end. */
    public PeerIdentity identity() {
        return identity;
    }

    /** Whether the connection is not known to be gone. */
    public boolean isOpen() {
        return !closed;
    }

    /** Closes the connection; the relay behaves as if it were gone from now on. */
    public void drop(CloseCode code, String reason) {
        connection.close(code.code(), reason);
        closed();
    }

    OwnerId id() {
        return id;
    }

    boolean isUploader() {
        return uploader && !closed;
    }

    private Instant heard() {
        Instant now = relay.workers().now();
        heartbeat.heard(now);
        return now;
    }

    /** Deals with a message of ours; returns one that is the embedder's. */
    private synchronized @Nullable Message taken(Decoded<Message> decoded) {
        if (closed) {
            return null;
        }
        if (!budget.allowsMessage(heard())) {
            drop(CloseCode.TOO_FAST, "too many messages");
        } else if (decoded instanceof Decoded.Rejected<Message> rejected) {
            fault(rejected.asProblem());
        } else if (decoded instanceof Decoded.Accepted<Message> accepted) {
            return take(accepted.value());
        }
        return null;
    }

    private @Nullable Message take(Message message) {
        // The first message decides what a peer is: a dashboard's later pings make no phone of it.
        boolean uploads = message instanceof UploadMessage || (message instanceof LinkMessage.Ping && !spoke);
        spoke = true;
        if (uploads && identity.mayUpload() && !uploader) {
            uploader = true;
            relay.uploadersChanged();
        }
        if (message instanceof LinkMessage.Ping ping) {
            send(new LinkMessage.Pong(ping.timestamp(), ping.ts(), relay.wallMillis()));
        } else if (message instanceof UploadMessage upload) {
            if (identity.mayUpload()) {
                upload(upload);
            } else {
                fault(LinkMessage.Problem.of(ErrorReason.FORBIDDEN, "this connection may not send recordings"));
            }
        } else if (!(message instanceof LinkMessage)) {
            return message;
        }
        return null;
    }

    private void upload(UploadMessage message) {
        SessionId session = message.sessionId();
        if (message instanceof UploadMessage.Start start) {
            attach(session, start.description());
        } else if (message instanceof UploadMessage.Resume resume) {
            attach(session, resume.description());
        } else if (!sessions.contains(session)) {
            fault(new LinkMessage.Problem(
                    ErrorReason.END_WITHOUT_START,
                    "session " + session + " was not started on this connection",
                    session,
                    null));
        } else if (message instanceof UploadMessage.End end) {
            relay.post(session, new SessionInput.EndReceived(id, end));
        } else if (message instanceof UploadMessage.Abort) {
            relay.post(session, new SessionInput.AbortReceived(id));
        } else {
            fault(LinkMessage.Problem.of(
                    ErrorReason.UNKNOWN_TYPE + TextCodec.typeOf(message), "only servers send this"));
        }
    }

    private void attach(SessionId session, UploadMessage.Description description) {
        partial = null;
        if (!sessions.contains(session) && !relay.hasRoomFor(session)) {
            current = null; // its bytes must not land in the session before
            send(new LinkMessage.Problem(
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
        relay.post(session, new SessionInput.Attached(id, identity.device(), description, generation == Generation.V1));
    }

    private void chunkPart(SessionId session, ByteBuffer part, boolean last) {
        ByteBuffer whole = part;
        ByteBuffer begun = partial;
        if (begun != null || !last) {
            int length = (begun == null ? 0 : begun.position()) + part.remaining();
            if (length > Limits.MAX_BINARY_BYTES) {
                drop(CloseCode.TOO_BIG, "allowed are " + Limits.MAX_BINARY_BYTES + " bytes a message");
                return;
            }
            if (begun == null || begun.remaining() < part.remaining()) {
                ByteBuffer larger = ByteBuffer.allocate(Math.min(Limits.MAX_BINARY_BYTES, Math.max(2 * length, 4096)));
                begun = begun == null ? larger : larger.put(begun.flip());
            }
            partial = begun.put(part);
            if (!last) {
                return;
            }
            whole = begun.flip();
            partial = null;
        }
        int bytes = whole.remaining();
        Decoded<Chunk> decoded = Chunk.decode(whole);
        if (decoded instanceof Decoded.Accepted<Chunk> accepted) {
            post(session, new SessionInput.ChunkReceived(id, accepted.value()), bytes);
        } else if (decoded instanceof Decoded.Rejected<Chunk> rejected) {
            fault(rejected.asProblem());
        }
    }

    /** Passes bytes on and stops reading while too many are on their way to the disk. */
    private void post(SessionId session, SessionInput input, int bytes) {
        boolean crowded = relay.tookInflow(bytes);
        if (gate.taken(bytes, crowded)) {
            heartbeat.notListening();
            connection.pauseReading();
        }
        relay.post(session, input, () -> settled(bytes));
    }

    private synchronized void settled(int bytes) {
        relay.settledInflow(bytes);
        if (gate.settled(bytes) && !closed) {
            heartbeat.listening(relay.workers().now());
            connection.resumeReading();
        }
    }

    private void fault(LinkMessage.Problem problem) {
        send(problem);
        if (!budget.allowsFault(relay.workers().now())) {
            drop(CloseCode.POLICY, "too many messages that are not allowed; the last: " + problem.reason());
        }
    }

    private synchronized void tick() {
        if (closed) {
            return;
        }
        Instant now = relay.workers().now();
        if (!spoke) {
            if (!now.isBefore(firstMessageBy)) {
                // Not 4401: the key was good, only the way was slow, and the peer is to come back by itself.
                drop(CloseCode.NO_SIGN_OF_LIFE, "the first message did not come in time");
                return;
            }
            timer.arm(Optional.of(firstMessageBy));
            return;
        }
        switch (heartbeat.poll(now)) {
            case DEAD -> {
                drop(CloseCode.NO_SIGN_OF_LIFE, "nothing was heard for too long");
                return;
            }
            case PING -> connection.sendPing();
            case QUIET -> {
                // an early tick
            }
        }
        timer.arm(Optional.of(heartbeat.deadline()));
    }
}
