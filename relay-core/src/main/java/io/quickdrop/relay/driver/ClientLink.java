package io.quickdrop.relay.driver;

import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.relay.link.Heartbeat;
import io.quickdrop.relay.link.Reconnector;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client, from the attempt to its end: finds out by itself that it is dead, and tells its owner
 * nothing more once it was given up. Events may come on any thread; everything else happens on the owner's.
 */
final class ClientLink implements ConnectionEvents {
    /** How often a full socket buffer is looked at. */
    private static final Duration DRAIN_POLL = Duration.ofMillis(10);

    /** Whose connection it is. Called on its thread. */
    interface Owner {
        /** The connection is open and empty. */
        void opened();

        /** The server says something. */
        void said(Message message);

        /** The socket holds that much now. */
        void drained(long pendingBytes);

        /** The connection is gone, or was given up. */
        void lost(int code, String reason);
    }

    private final Workers workers;
    private final SerialInbox<Runnable> inbox;
    private final Owner owner;
    private final Instant connectBy;
    private final Heartbeat heartbeat;
    private @Nullable Connection connection;
    private @Nullable Instant pollAt;
    private boolean over;

    /** @param inbox runs tasks on the owner's thread */
    ClientLink(Workers workers, SerialInbox<Runnable> inbox, Owner owner) {
        this.workers = workers;
        this.inbox = inbox;
        this.owner = owner;
        Instant now = workers.now();
        this.connectBy = now.plus(Reconnector.CONNECT_PATIENCE);
        this.heartbeat = new Heartbeat(Heartbeat.Timing.defaults(), now);
    }

    @Override
    public void opened(Connection opened) {
        inbox.add(() -> {
            if (over) {
                opened.close(CloseCode.NORMAL.code(), "too late");
                return;
            }
            connection = opened;
            heartbeat.heard(workers.now());
            owner.opened();
            poll();
        });
    }

    @Override
    public void text(String text) {
        inbox.add(() -> {
            if (heard() && TextCodec.decode(text) instanceof Decoded.Accepted<Message> accepted) {
                owner.said(accepted.value());
                poll();
            } // else a newer server's message that we don't know: ignored, as the protocol asks
        });
    }

    @Override
    public void alive() {
        inbox.add(this::heard);
    }

    @Override
    public void closed(int code, String reason) {
        inbox.add(() -> {
            if (!over) {
                over = true;
                owner.lost(code, reason);
            }
        });
    }

    private boolean heard() {
        if (!over) {
            heartbeat.heard(workers.now());
        }
        return !over;
    }

    void send(Message message) {
        if (connection != null) {
            connection.sendText(TextCodec.encode(message));
        }
    }

    void send(Chunk chunk) {
        if (connection != null) {
            connection.sendBinary(chunk.encode());
        }
    }

    /** When {@link #tick} has something to do. */
    Instant deadline() {
        if (connection == null) {
            return connectBy;
        }
        Instant beat = heartbeat.deadline();
        return pollAt != null && pollAt.isBefore(beat) ? pollAt : beat;
    }

    void tick(Instant now) {
        if (connection == null) {
            if (!now.isBefore(connectBy)) {
                giveUp("no answer to the connection attempt");
            }
            return;
        }
        if (pollAt != null && !now.isBefore(pollAt)) {
            poll();
        }
        if (over) {
            return;
        }
        switch (heartbeat.poll(now)) {
            case DEAD -> giveUp("no sign of life");
            case PING -> send(new LinkMessage.Ping(now.toEpochMilli(), null));
            case QUIET -> {
                // an early tick
            }
        }
    }

    /** Tells the owner what the socket still holds. */
    void poll() {
        if (connection != null && !over) {
            pollAt = null;
            owner.drained(connection.pendingBytes());
        }
    }

    /** Looks again soon, since a full socket keeps the owner from sending. */
    void watchSocket() {
        if (pollAt == null) {
            pollAt = workers.now().plus(DRAIN_POLL);
        }
    }

    private void giveUp(String reason) {
        abandon(CloseCode.NO_SIGN_OF_LIFE, reason);
        owner.lost(CloseCode.NO_SIGN_OF_LIFE.code(), reason);
    }

    /** Closes; the owner hears nothing more. */
    void abandon(CloseCode code, String reason) {
        over = true;
        if (connection != null) {
            connection.close(code.code(), reason);
        }
    }
}
