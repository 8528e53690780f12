package io.quickdrop.relay.driver;

import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.protocol.ViewerMessage;
import io.quickdrop.relay.driver.threads.DeadlineTimer;
import io.quickdrop.relay.link.Heartbeat;
import io.quickdrop.relay.link.MessageBudget;
import io.quickdrop.relay.link.ReadGate;
import io.quickdrop.relay.upload.OwnerId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The relay's end of one connection. The transport tells it what arrives; it answers through its {@link Connection}.
 *
 * <p>Methods may be called from any thread, but what arrives on one connection must be told in order. The lock guards only
 * this peer's own state: no code of an embedder but its {@link Connection} runs under it, and never a second peer's.
 */
public final class Peer {
    private final OwnerId id;
    private final Connection connection;
    private final PeerIdentity identity;
    private final Generation generation;
    private final PeerExtension extension;
    private final Relay relay;
    private final Heartbeat heartbeat;
    private final MessageBudget budget;
    private final ReadGate gate;
    private final DeadlineTimer timer;
    private final Instant firstMessageBy;
    private final PeerUploads uploads;
    private final AtomicLong handedBytes = new AtomicLong();

    private boolean spoke;
    private volatile boolean uploader;
    private volatile boolean closed;

    Peer(
            OwnerId id,
            Connection connection,
            PeerIdentity identity,
            Generation generation,
            PeerExtension extension,
            Relay relay) {
        this.id = id;
        this.connection = connection;
        this.identity = identity;
        this.generation = generation;
        this.extension = extension;
        this.relay = relay;
        Instant now = relay.workers().now();
        RelayConfig config = relay.config();
        this.heartbeat = new Heartbeat(config.heartbeat(), now);
        this.budget = new MessageBudget(now);
        this.gate = new ReadGate(config.peerInflowBytes(), config.peerInflowBytes() / 3);
        this.timer = new DeadlineTimer(relay.workers(), this::tick);
        this.firstMessageBy = now.plus(config.firstMessageWithin());
        this.uploads = new PeerUploads(this, generation, relay, extension.router());
        timer.arm(Optional.of(firstMessageBy));
    }

    /** A text frame came. */
    public void text(String text) {
        if (generation == Generation.V1 && takenByExtension(text)) {
            return;
        }
        Message other = taken(TextCodec.decode(text));
        if (other != null && !extension.message(this, other)) {
            fault(LinkMessage.Problem.of(
                    ErrorReason.UNKNOWN_TYPE + TextCodec.typeOf(other), "not allowed on this connection"));
        }
    }

    /**
     * A part of a binary message came. The peer keeps the buffer.
     *
     * @param last whether it ends the message
     */
    public void binary(ByteBuffer part, boolean last) {
        synchronized (this) {
            if (closed) {
                return;
            }
            heard();
            if (uploads.isSending()) {
                uploads.binary(part, last);
                return;
            }
        }
        if (!extension.binary(this, part, last) && last) {
            fault(LinkMessage.Problem.of(
                    ErrorReason.BINARY_WITHOUT_SESSION, "a chunk came before any 'start' on this connection"));
        }
    }

    /** Something else came, for example a pong, or some bytes of a frame: a sign of life. */
    public synchronized void alive() {
        if (!closed) {
            heard();
        }
    }

    /** Longest text frame that the transport should collect now, bytes. Beyond it the peer is to be dropped with 1009. */
    public int maxTextBytes() {
        return extension.maxTextBytes();
    }

    /** The connection is gone, in whatever way. */
    public synchronized void closed() {
        if (closed) {
            return;
        }
        closed = true;
        timer.cancel();
        uploads.detach();
        relay.gone(this);
        relay.workers().machines().execute(() -> extension.closed(this)); // not under the lock
    }

    /** Sends a message. */
    public void send(Message message) {
        sendText(TextCodec.encode(message));
    }

    /** Sends a text frame as it is. */
    public void sendText(String text) {
        handedBytes.addAndGet(text.length());
        connection.sendText(text);
    }

    /** Sends a binary frame made of pieces, see {@link Connection#sendBinary(List)}. */
    public void sendBinary(List<ByteBuffer> pieces) {
        long bytes = 0;
        for (ByteBuffer piece : pieces) {
            bytes += piece.remaining();
        }
        handedBytes.addAndGet(bytes);
        connection.sendBinary(pieces);
    }

    /** Bytes that wait for the socket. */
    public long pendingBytes() {
        return connection.pendingBytes();
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

    /** Tells the peer of a mistake of its own; one that keeps making them is closed. */
    public synchronized void fault(LinkMessage.Problem problem) {
        if (closed) {
            return;
        }
        send(problem);
        if (!budget.allowsFault(relay.workers().now())) {
            drop(CloseCode.POLICY, "too many messages that are not allowed; the last: " + problem.reason());
        }
    }

    /** Counts bytes that came and are kept for now, and stops reading while they are too many. */
    public synchronized void took(int bytes) {
        boolean crowded = relay.tookInflow(bytes);
        if (gate.taken(bytes, crowded)) {
            heartbeat.notListening();
            connection.pauseReading();
        }
    }

    /** Counts bytes that were {@link #took taken} and are not kept any more. */
    public synchronized void settled(int bytes) {
        relay.settledInflow(bytes);
        if (gate.settled(bytes) && !closed) {
            heartbeat.listening(relay.workers().now());
            connection.resumeReading();
        }
    }

    OwnerId id() {
        return id;
    }

    Connection connection() {
        return connection;
    }

    boolean speaksV1() {
        return generation == Generation.V1;
    }

    boolean isUploader() {
        return uploader && !closed;
    }

    private Instant heard() {
        Instant now = relay.workers().now();
        heartbeat.heard(now);
        return now;
    }

    /** Offers a frame of v1 to the extension, whose v1 is another one than that of phones. */
    private boolean takenByExtension(String text) {
        if (closed) {
            return true;
        }
        if (!extension.text(this, text)) {
            return false;
        }
        synchronized (this) {
            spoke = true;
            if (!closed && !budget.allowsReport(heard())) {
                drop(CloseCode.TOO_FAST, "too many messages");
            }
        }
        return true;
    }

    /** Deals with a message of ours; returns one that is the extension's. */
    private synchronized @Nullable Message taken(Decoded<Message> decoded) {
        if (closed) {
            return null;
        }
        if (!isWithinBudget(decoded, heard())) {
            drop(CloseCode.TOO_FAST, "too many messages");
        } else if (decoded instanceof Decoded.Rejected<Message> rejected) {
            fault(rejected.asProblem());
        } else if (decoded instanceof Decoded.Accepted<Message> accepted) {
            return take(accepted.value());
        }
        return null;
    }

    private boolean isWithinBudget(Decoded<Message> decoded, Instant now) {
        boolean report =
                decoded instanceof Decoded.Accepted<Message> a && a.value() instanceof ViewerMessage.PaintedAck;
        return report ? budget.allowsReport(now) : budget.allowsMessage(now);
    }

    private @Nullable Message take(Message message) {
        // The first message decides what a peer is: a dashboard's later pings make no phone of it.
        boolean sends = message instanceof UploadMessage || (message instanceof LinkMessage.Ping && !spoke);
        spoke = true;
        if (sends && identity.mayUpload() && !uploader) {
            uploader = true;
            relay.uploadersChanged();
        }
        if (message instanceof LinkMessage.Ping ping) {
            send(new LinkMessage.Pong(ping.timestamp(), ping.ts(), relay.wallMillis()));
        } else if (message instanceof UploadMessage upload) {
            if (identity.mayUpload()) {
                uploads.message(upload);
            } else {
                fault(LinkMessage.Problem.of(ErrorReason.FORBIDDEN, "this connection may not send recordings"));
            }
        } else if (!(message instanceof LinkMessage)) {
            return message;
        }
        return null;
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
        heartbeat.sent(handedBytes.get(), connection.pendingBytes(), now);
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
