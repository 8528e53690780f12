package io.quickdrop.relay.driver.client;

import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.threads.SerialInbox;
import io.quickdrop.relay.driver.threads.Workers;
import io.quickdrop.relay.link.DrainWatch;
import io.quickdrop.relay.link.Heartbeat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client, from the attempt to its end: finds out by itself that it is dead, and tells its owner
 * nothing more once it was given up. Events may come on any thread; everything else happens on the owner's.
 */
public final class ClientLink implements ConnectionEvents {
    private static final Heartbeat.Timing TIMING = Heartbeat.Timing.defaults();
    /** How often a full socket buffer is looked at. */
    private static final Duration DRAIN_POLL = Duration.ofMillis(10);

    /** Whose connection it is. Called on its thread. */
    public interface Owner {
        /** The connection is open and empty. */
        void opened();

        /** The server says something. */
        void said(Message message);

        /** The server sends a binary message. */
        default void sent(ByteBuffer message) {}

        /** A ping was answered. */
        default void answered(Duration roundTrip) {}

        /** The socket holds that much now. */
        void drained(long pendingBytes);

        /** The connection is gone, or was given up. */
        void lost(int code, String reason);
    }

    private final Workers workers;
    private final SerialInbox<Runnable> inbox;
    private final Owner owner;
    private final Instant connectBy;
    private final DrainWatch drain;
    private Heartbeat heartbeat;
    private @Nullable CountedConnection connection;
    private @Nullable String serverKey;
    private @Nullable Instant pollAt;
    private @Nullable Instant pingedAt;
    private boolean over;

    /**
     * An attempt that a connector is about to make.
     *
     * @param inbox runs tasks on the owner's thread
     * @param patience how long the attempt may take
     */
    public ClientLink(Workers workers, SerialInbox<Runnable> inbox, Owner owner, Duration patience) {
        this.workers = workers;
        this.inbox = inbox;
        this.owner = owner;
        Instant now = workers.now();
        this.connectBy = now.plus(patience);
        this.heartbeat = new Heartbeat(TIMING, now);
        this.drain = new DrainWatch(now);
    }

    @Override
    public void secured(String key) {
        inbox.add(() -> serverKey = key);
    }

    @Override
    public void opened(Connection opened) {
        inbox.add(() -> {
            if (over) {
                opened.close(CloseCode.NORMAL.code(), "too late");
                return;
            }
            connection = new CountedConnection(opened);
            heartbeat.heard(workers.now());
            owner.opened();
            poll();
        });
    }

    @Override
    public void text(String text) {
        inbox.add(() -> {
            if (heard() && TextCodec.decode(text) instanceof Decoded.Accepted<Message> accepted) {
                hear(accepted.value());
                poll();
            } // else a newer server's message that we don't know: ignored, as the protocol asks
        });
    }

    @Override
    public void binary(ByteBuffer message) {
        inbox.add(() -> {
            if (heard()) {
                owner.sent(message);
            }
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
            drain.heard(workers.now());
        }
        return !over;
    }

    private void hear(Message message) {
        Instant asked = pingedAt;
        if (message instanceof LinkMessage.Pong pong
                && asked != null
                && Objects.equals(pong.timestamp(), asked.toEpochMilli())) {
            pingedAt = null;
            owner.answered(Duration.between(asked, workers.now()));
        }
        owner.said(message);
    }

    /** The connection itself, while it is open: may be used on any thread. */
    @Nullable
    public Connection connection() {
        return over ? null : connection;
    }

    /** As {@link ConnectionEvents#secured} told it; null without TLS. */
    @Nullable
    public String serverKey() {
        return serverKey;
    }

    /** The server pings so often; we do as well, if that is more often than by ourselves. */
    public void beat(Duration interval, int silentIntervals) {
        if (interval.compareTo(TIMING.interval()) < 0) {
            heartbeat = new Heartbeat(new Heartbeat.Timing(interval, Math.max(2, silentIntervals)), workers.now());
        }
    }

    /** Measures the round trip. */
    public void ping() {
        Instant now = workers.now();
        pingedAt = now;
        send(new LinkMessage.Ping(now.toEpochMilli(), null));
    }

    /** Sends a message; nothing while the connection is not open. */
    public void send(Message message) {
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
    public Instant deadline() {
        if (connection == null) {
            return connectBy;
        }
        Instant next = heartbeat.deadline();
        next = pollAt != null && pollAt.isBefore(next) ? pollAt : next;
        Instant look = drain.deadline().orElse(next);
        return look.isBefore(next) ? look : next;
    }

    /** Does what is due at {@code now}. */
    public void tick(Instant now) {
        if (connection == null) {
            if (!now.isBefore(connectBy)) {
                giveUp("no answer to the connection attempt");
            }
            return;
        }
        if (pollAt != null && !now.isBefore(pollAt)) {
            poll();
        }
        CountedConnection open = connection;
        if (over || open == null) {
            return;
        }
        if (drain.look(open.givenBytes(), open.pendingBytes(), now)) {
            heartbeat.heard(now);
        }
        switch (heartbeat.poll(now)) {
            case DEAD -> giveUp("no sign of life");
            case PING -> {
                drain.begin(open.givenBytes(), open.pendingBytes(), now);
                ping();
            }
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
    public void watchSocket() {
        if (pollAt == null) {
            pollAt = workers.now().plus(DRAIN_POLL);
        }
    }

    private void giveUp(String reason) {
        abandon(CloseCode.NO_SIGN_OF_LIFE, reason);
        owner.lost(CloseCode.NO_SIGN_OF_LIFE.code(), reason);
    }

    /** Closes; the owner hears nothing more. */
    public void abandon(CloseCode code, String reason) {
        over = true;
        if (connection != null) {
            connection.close(code.code(), reason);
        }
    }
}
