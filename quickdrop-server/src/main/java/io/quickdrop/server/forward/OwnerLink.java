package io.quickdrop.server.forward;

import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.SessionRouter;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.threads.DeadlineTimer;
import io.quickdrop.relay.driver.threads.Workers;
import io.quickdrop.relay.link.Heartbeat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the server that has sessions of one of our uploaders. What the uploader sends goes there in its order, and
 * what is said there comes back to it. Nothing piles up: bytes count as read from the uploader's socket until they have left
 * for the other server, and the other one is not read while the uploader does not read. When the link is lost, the uploader's
 * connection is closed, so that it comes back and is put through anew, to whoever has its sessions then.
 */
final class OwnerLink implements SessionRouter.Upstream {
    /** More waits for the socket to the other server only as long as the uploader's own bound allows. */
    private static final long BUSY_BYTES = 256 * 1024;
    /** More than that is said to an uploader that does not read: then the other server is not listened to. */
    private static final long UNREAD_BYTES = 256 * 1024;

    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);
    private static final int REASON_CHARS = 100;

    private record Frame(@Nullable String text, @Nullable ByteBuffer binary, Runnable sent) {}

    private final Peer peer;
    private final String server;
    private final Workers workers;
    private final DeadlineTimer timer;
    private final Heartbeat heartbeat;
    /** Until the connection is open. */
    private final Queue<Frame> early = new ArrayDeque<>();
    /** Given to the connection, and not known to have left it. */
    private final Queue<Runnable> unsent = new ArrayDeque<>();

    private @Nullable Connection connection;
    private boolean paused;
    private boolean over;

    OwnerLink(Peer peer, String server, Workers workers) {
        this.peer = peer;
        this.server = server;
        this.workers = workers;
        this.timer = new DeadlineTimer(workers, this::look);
        this.heartbeat = new Heartbeat(Heartbeat.Timing.defaults(), workers.now());
    }

    @Override
    public synchronized void text(String text) {
        send(new Frame(text, null, () -> {}));
    }

    @Override
    public synchronized void binary(ByteBuffer whole, Runnable sent) {
        if (over) {
            workers.machines().execute(sent);
        } else {
            send(new Frame(null, whole, sent));
        }
    }

    private void send(Frame frame) {
        Connection open = connection;
        if (open == null) {
            early.add(frame);
            return;
        }
        if (frame.text != null) {
            open.sendText(frame.text);
        } else if (frame.binary != null) {
            open.sendBinary(frame.binary);
            unsent.add(frame.sent);
            settle(open);
        }
    }

    /** The sockets of clients say how much waits, not when it went: so that is asked again soon. */
    private void settle(Connection open) {
        if (open.pendingBytes() < BUSY_BYTES) {
            // Not within this call: who sends holds the peer's lock, and who settles takes it.
            List<Runnable> gone = new ArrayList<>(unsent);
            unsent.clear();
            if (!gone.isEmpty()) {
                workers.machines().execute(() -> gone.forEach(Runnable::run));
            }
        }
        arm();
    }

    private void arm() {
        Instant next = heartbeat.deadline();
        Instant soon = workers.now().plus(LOOK_AGAIN);
        timer.arm(Optional.of((paused || !unsent.isEmpty()) && soon.isBefore(next) ? soon : next));
    }

    private void look() {
        boolean silent = false;
        synchronized (this) {
            Connection open = connection;
            if (over) {
                return;
            }
            Heartbeat.Verdict verdict = heartbeat.poll(workers.now());
            silent = verdict == Heartbeat.Verdict.DEAD;
            if (open != null) {
                if (verdict == Heartbeat.Verdict.PING) {
                    open.sendPing();
                }
                if (paused && peer.pendingBytes() < UNREAD_BYTES / 2) {
                    paused = false;
                    heartbeat.listening(workers.now());
                    open.resumeReading();
                }
                settle(open);
            } else {
                arm();
            }
        }
        if (silent) {
            lost(CloseCode.TRY_AGAIN_LATER, "is silent");
        }
    }

    /** Hears the other server. */
    ConnectionEvents events() {
        return new ConnectionEvents() {
            @Override
            public void opened(Connection opened) {
                begin(opened);
            }

            @Override
            public void text(String text) {
                hear(text);
            }

            @Override
            public void alive() {
                sign();
            }

            @Override
            public void closed(int code, String reason) {
                gone(code, reason);
            }
        };
    }

    private synchronized void begin(Connection opened) {
        if (over) {
            opened.close(CloseCode.NORMAL.code(), "the uploader is gone");
            return;
        }
        connection = opened;
        heartbeat.heard(workers.now());
        for (Frame frame = early.poll(); frame != null; frame = early.poll()) {
            send(frame);
        }
        arm();
    }

    private void hear(String text) {
        synchronized (this) {
            if (over) {
                return;
            }
            heartbeat.heard(workers.now());
        }
        if (isOurs(text)) {
            return;
        }
        peer.sendText(text);
        synchronized (this) {
            Connection open = connection;
            if (open != null && !paused && peer.pendingBytes() > UNREAD_BYTES) {
                paused = true;
                heartbeat.notListening();
                open.pauseReading();
                arm();
            }
        }
    }

    /** Said to the link and not to the uploader, which was greeted here and hears of a goodbye as a loss. */
    private static boolean isOurs(String text) {
        return TextCodec.decode(text) instanceof Decoded.Accepted<Message> accepted
                && (accepted.value() instanceof LinkMessage.Hello
                        || accepted.value() instanceof LinkMessage.Pong
                        || accepted.value() instanceof LinkMessage.Goodbye);
    }

    private synchronized void sign() {
        heartbeat.heard(workers.now());
    }

    private void gone(int code, String reason) {
        // A decision about the uploader is the uploader's to hear; anything else is a link that was lost.
        CloseCode told = CloseCode.TRY_AGAIN_LATER;
        for (CloseCode known :
                List.of(CloseCode.SUPERSEDED, CloseCode.FORBIDDEN, CloseCode.TOO_FAST, CloseCode.TOO_BIG)) {
            told = known.code() == code ? known : told;
        }
        lost(told, told == CloseCode.TRY_AGAIN_LATER ? "can't be reached" : reason);
    }

    private void lost(CloseCode code, String what) {
        if (end()) {
            String reason = "the server " + server + ", which has the session, " + what;
            peer.drop(code, reason.length() <= REASON_CHARS ? reason : reason.substring(0, REASON_CHARS));
        }
    }

    @Override
    public void close() {
        end();
    }

    /** Whether it was not over yet. */
    private boolean end() {
        List<Runnable> left;
        Connection open;
        synchronized (this) {
            if (over) {
                return false;
            }
            over = true;
            timer.cancel();
            left = new ArrayList<>(unsent);
            early.forEach(frame -> left.add(frame.sent));
            unsent.clear();
            early.clear();
            open = connection;
        }
        workers.machines().execute(() -> left.forEach(Runnable::run));
        if (open != null) {
            open.close(CloseCode.NORMAL.code(), "the uploader is gone");
        }
        return true;
    }
}
