package io.quickdrop.server.uploads;

import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerExtension;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.threads.SerialInbox;
import io.quickdrop.server.http.Exchange;
import io.quickdrop.server.http.Response;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session's owner that speaks HTTP: to the relay a connection like any other, fed by one request after another. Between two
 * requests it stays for as long as a silent connection would, so that a sender of many small parts keeps its session, and
 * dashboards don't see it leave and come. A request that can't use it makes another one, which supersedes it.
 *
 * <p>Everything happens on its inbox, one thing at a time.
 */
final class UploadOwner implements Connection {
    private static final Logger LOG = LoggerFactory.getLogger(UploadOwner.class);

    private final Consumer<UploadOwner> forget;
    private final SerialInbox<Runnable> inbox;
    private @Nullable Peer peer;
    private @Nullable Transfer transfer;
    private UploadMessage.@Nullable Started standing;
    private boolean closed;
    private volatile boolean paused;

    /** @param forget told when it is over */
    UploadOwner(Relay relay, Consumer<UploadOwner> forget) {
        this.forget = forget;
        this.inbox = new SerialInbox<>(relay.workers().machines(), this::guarded);
    }

    /** A mistake of ours must not leave a request waiting for ever. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException bug) {
            LOG.error("an upload over HTTP is dropped by a bug; it can be resumed", bug);
            Transfer last = transfer;
            transfer = null;
            if (last != null) {
                last.exchange()
                        .answer(UploadProblem.answer(500, "internal", "the server made a mistake; its log says which"));
            }
            leave();
        }
    }

    /** Comes to the relay with its first request. */
    void open(Relay relay, Transfer first) {
        inbox.add(() -> {
            Peer opened = relay.connected(
                    this, new PeerIdentity(first.asked().device(), true), Generation.V2, PeerExtension.NONE);
            peer = opened;
            transfer = first;
            opened.text(TextCodec.encode(new UploadMessage.Start(
                    first.asked().session(), first.asked().description(), false)));
            if (first.asked().kind() == Asked.Kind.ABORT) { // not only once the disk works
                opened.text(
                        TextCodec.encode(new UploadMessage.Abort(first.asked().session())));
            }
        });
    }

    /** Takes another request, if it is idle and knows where its session stands; else runs {@code otherwise}. */
    void offer(Transfer next, String device, Runnable otherwise) {
        inbox.add(() -> {
            Peer mine = peer;
            UploadMessage.Started at = standing;
            boolean idle = !closed && transfer == null;
            if (!idle || mine == null || at == null || !mine.identity().device().equals(device)) {
                otherwise.run();
                return;
            }
            mine.alive();
            transfer = next;
            after(next, next.started(at, mine));
        });
    }

    /** A part of the body of {@code from} came. */
    void part(Transfer from, ByteBuffer bytes) {
        inbox.add(() -> {
            Peer mine = peer;
            UploadOwner other = from.movedTo();
            if (other != null && other != this) {
                other.part(from, bytes);
                return;
            }
            if (transfer != from || mine == null) {
                return;
            }
            mine.alive();
            after(from, from.part(bytes, mine));
            if (!paused && transfer == from && from.isReading()) {
                from.exchange().read();
            }
        });
    }

    /** The body of {@code from} is whole. */
    void ended(Transfer from) {
        inbox.add(() -> {
            Peer mine = peer;
            UploadOwner other = from.movedTo();
            if (other != null && other != this) {
                other.ended(from);
            } else if (transfer == from && mine != null) {
                mine.alive();
                after(from, from.ended(mine));
            }
        });
    }

    /** The other end of {@code from} is gone: what came of it stays, and the session is anybody's. */
    void gone(Transfer from) {
        inbox.add(() -> {
            UploadOwner other = from.movedTo();
            if (other != null && other != this) {
                other.gone(from);
            } else if (transfer == from) {
                transfer = null;
                leave();
            }
        });
    }

    private void after(Transfer of, Transfer.After what) {
        if (what == Transfer.After.GOES_ON || transfer != of) {
            return;
        }
        transfer = null;
        if (what == Transfer.After.LEAVES) {
            leave();
        }
    }

    private void leave() {
        if (closed) {
            return;
        }
        closed = true;
        forget.accept(this);
        Peer mine = peer;
        if (mine != null) {
            mine.closed();
        }
    }

    @Override
    public void sendText(String text) {
        inbox.add(() -> {
            Decoded<Message> decoded = TextCodec.decode(text);
            if (decoded instanceof Decoded.Accepted<Message> accepted) {
                said(accepted.value());
            }
        });
    }

    private void said(Message message) {
        Transfer to = transfer;
        Peer mine = peer;
        if (message instanceof UploadMessage.Started started) {
            standing = new UploadMessage.Started(
                    started.sessionId(), started.fileName(), true, started.bytes()); // as the next request finds it
        } else if (message instanceof UploadMessage.Progress progress && standing != null) {
            standing = new UploadMessage.Started(
                    progress.sessionId(), standing.fileName(), true, Math.max(standing.bytes(), progress.bytes()));
        }
        if (to == null || mine == null) {
            if (message instanceof LinkMessage.Problem) {
                leave(); // between two requests the session ended, or its disk is in trouble: the next one asks anew
            }
            return;
        }
        if (message instanceof UploadMessage.Started started) {
            after(to, to.started(started, mine));
        } else if (message instanceof UploadMessage.Progress progress) {
            after(to, to.progressed(progress.bytes()));
        } else if (message instanceof UploadMessage.Saved saved) {
            after(to, to.saved(saved));
        } else if (message instanceof UploadMessage.Aborted) {
            after(to, to.aborted());
        } else if (message instanceof LinkMessage.Problem problem) {
            after(to, to.complained(problem));
        }
    }

    @Override
    public void sendBinary(ByteBuffer payload) {
        // uploaders are sent no pictures
    }

    /** A request that waits for us is alive, though it can't say so. */
    @Override
    public void sendPing() {
        inbox.add(() -> {
            Transfer waiting = transfer;
            Peer mine = peer;
            if (waiting != null && mine != null && waiting.waitsForUs()) {
                mine.alive();
            }
        });
    }

    @Override
    public long pendingBytes() {
        return 0;
    }

    @Override
    public void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        paused = false;
        inbox.add(() -> {
            Transfer waiting = transfer;
            if (waiting != null && waiting.isReading()) {
                waiting.exchange().read();
            }
        });
    }

    @Override
    public void close(int code, String reason) {
        inbox.add(() -> {
            Transfer last = transfer;
            transfer = null;
            if (last != null) {
                farewell(last.exchange(), code, reason);
            }
            leave();
        });
    }

    private static void farewell(Exchange exchange, int code, String reason) {
        if (code == CloseCode.NO_SIGN_OF_LIFE.code()) {
            exchange.cut(); // nobody is there to read an answer
            return;
        }
        Response answer = UploadProblem.answer(503, UploadProblem.GOING_AWAY, reason);
        if (code == CloseCode.SUPERSEDED.code()) {
            answer = UploadProblem.answer(409, UploadProblem.SUPERSEDED, reason);
        } else if (code == CloseCode.FORBIDDEN.code()) {
            answer = UploadProblem.answer(403, ErrorReason.FORBIDDEN, reason);
        }
        exchange.answer(answer);
    }
}
