package io.quickdrop.relay.driver.client;

import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.protocol.UploadMessage.Saved;
import io.quickdrop.relay.driver.threads.DeadlineTimer;
import io.quickdrop.relay.driver.threads.SerialInbox;
import io.quickdrop.relay.driver.threads.Workers;
import io.quickdrop.relay.link.Backoff;
import io.quickdrop.relay.link.Reconnector;
import io.quickdrop.relay.upload.SenderConfig;
import io.quickdrop.relay.upload.SenderInput;
import io.quickdrop.relay.upload.SenderOutput;
import io.quickdrop.relay.upload.UploadSender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sends one recording, over as many connections as it takes: runs an {@link UploadSender}, connects again with full
 * jitter, and finds a dead connection by itself.
 *
 * <p>Safe on any thread.
 */
public final class UploadClient implements AutoCloseable {

    /** Closes after which coming back by oneself would be wrong, and what a person is told. */
    private static final Map<Integer, String> FINAL_CLOSES = Map.of(
            CloseCode.NOT_AUTHENTICATED.code(), "the server does not know this device's key",
            CloseCode.FORBIDDEN.code(), "this device may not send, or was revoked",
            CloseCode.SUPERSEDED.code(), "another connection took this upload over",
            CloseCode.POLICY.code(), "the server refused what was sent",
            CloseCode.TOO_BIG.code(), "the server refused a message as too big");

    /** The bytes to send. Called on the client's thread only. */
    public interface Source {
        /** Bytes from {@code offset} on, exactly {@code length}, ready to read. */
        ByteBuffer read(long offset, int length) throws IOException;

        /** Everything below {@code offset} survives a power cut at the server and is asked for again only to mend a mismatch. */
        default void forget(long offset) {}

        /**
         * Whether every byte can be read again until it is saved, forgotten or not, as those of a file can: then what the
         * server turns out to have otherwise is mended. Asked when the source has ended.
         */
        default boolean isRereadable() {
            return false;
        }
    }

    /** How it goes. Called on the client's thread; must not block. */
    public interface Listener {
        /** Bytes were acknowledged or sent. */
        default void moved(long acknowledgedBytes, long sentBytes) {}

        /** Something that a person wants to know: "connected", "waiting …", "storage_full …". */
        default void status(String text) {}

        /**
         * The connection is gone, or could not be made.
         *
         * @param wait until the next attempt
         */
        default void offline(String reason, Duration wait) {}
    }

    /** It can't go on. What was not acknowledged is still at the source. */
    public static final class UploadFailedException extends Exception {
        private static final long serialVersionUID = 1;

        private final String reason;

        UploadFailedException(String reason, String detail) {
            super(detail);
            this.reason = reason;
        }

        /** As in {@code error.reason}, or {@code closed} or {@code source}. */
        public String reason() {
            return reason;
        }
    }

    private final SessionId id;
    private final UploadSender sender;
    private final Source source;
    private final Workers workers;
    private final Listener listener;
    private final SerialInbox<Runnable> inbox;
    private final DeadlineTimer timer;
    private final Dialer dialer;
    private final CompletableFuture<Saved> outcome = new CompletableFuture<>();
    private @Nullable SourceHashing hashing;

    /** Begins to connect at once; after a cut it waits as {@link Backoff} does by default. */
    public UploadClient(
            SessionId id,
            Description description,
            SenderConfig config,
            Source source,
            Connector connector,
            Workers workers,
            Listener listener) {
        this(id, description, config, source, connector, workers, listener, new Backoff());
    }

    /**
     * Begins to connect at once.
     *
     * @param backoff how long to wait after a cut; from now on the client's own
     */
    public UploadClient(
            SessionId id,
            Description description,
            SenderConfig config,
            Source source,
            Connector connector,
            Workers workers,
            Listener listener,
            Backoff backoff) {
        this.id = id;
        this.sender = new UploadSender(id, description, config);
        this.source = source;
        this.workers = workers;
        this.listener = listener;
        this.inbox = new SerialInbox<>(workers.machines(), this::run);
        this.timer = new DeadlineTimer(workers, () -> inbox.add(this::tick));
        this.dialer =
                new Dialer(workers, inbox, connector, new Reconnector(backoff, FINAL_CLOSES), new ConnectionOwner());
        inbox.add(dialer::dial);
    }

    /** The source has grown to {@code totalBytes}. */
    public void produced(long totalBytes) {
        inbox.add(() -> {
            tell(new SenderInput.Produced(totalBytes));
            poll();
        });
    }

    /** The source has ended, at what was {@link #produced}. */
    public void ended(@Nullable String sha256) {
        inbox.add(() -> tell(new SenderInput.Ended(sha256, source.isRereadable())));
    }

    /** Throws the recording away, here and at the server. */
    public void abort() {
        inbox.add(() -> tell(new SenderInput.AbortRequested()));
    }

    /** Completes with {@code saved}, or exceptionally with {@link UploadFailedException}, or cancelled by {@link #close}. */
    public CompletionStage<Saved> outcome() {
        return outcome;
    }

    /** Lets go of the connection; the session stays at the server and can be resumed. */
    @Override
    public void close() {
        inbox.add(() -> {
            outcome.cancel(false);
            leave();
        });
    }

    private void run(Runnable task) {
        try {
            task.run(); // also behind the end: a connection that opens too late must be closed
        } catch (RuntimeException | AssertionError bug) {
            outcome.completeExceptionally(bug); // whoever waits must not wait for ever
            leave();
        }
        ClientLink link = dialer.link();
        if (outcome.isDone() && link == null) {
            return;
        }
        if (link != null && sender.waitsForSocket()) {
            link.watchSocket();
        }
        timer.arm(Stream.of(sender.deadline(), dialer.deadline())
                .flatMap(Optional::stream)
                .min(Instant::compareTo));
    }

    private void tick() {
        dialer.tick(workers.now());
        tell(new SenderInput.Tick());
    }

    private void poll() {
        if (dialer.link() != null) {
            dialer.link().poll();
        }
    }

    private void tell(SenderInput input) {
        for (SenderOutput order : sender.handle(input, workers.now())) {
            carryOut(order);
        }
    }

    private void carryOut(SenderOutput order) {
        if (order instanceof SenderOutput.SendMessage send) {
            if (dialer.link() != null) {
                dialer.link().send(send.message());
            }
        } else if (order instanceof SenderOutput.SendChunk chunk) {
            sendChunk(chunk.offset(), chunk.length(), Chunk::of);
        } else if (order instanceof SenderOutput.SendRepair chunk) {
            sendChunk(chunk.offset(), chunk.length(), Chunk::repairOf);
        } else if (order instanceof SenderOutput.HashSource hash) {
            hashing = new SourceHashing(source, hash);
            listener.status("integrity_mismatch: comparing with what the server has");
            hashOn(hashing);
        } else if (order instanceof SenderOutput.Forget forget) {
            source.forget(forget.offset());
            listener.moved(sender.acknowledgedBytes(), sender.sentBytes());
        } else if (order instanceof SenderOutput.Waiting waiting) {
            listener.status(waiting.reason() + ": " + waiting.detail());
        } else if (order instanceof SenderOutput.Flowing) {
            dialer.acknowledged();
            listener.status("connected");
        } else if (order instanceof SenderOutput.Done done) {
            outcome.complete(done.saved());
            leave();
        } else if (order instanceof SenderOutput.Aborted) {
            outcome.cancel(false);
            leave();
        } else if (order instanceof SenderOutput.Failed failed) {
            fail(failed.reason(), failed.detail());
        } else {
            throw new AssertionError("order without a case: " + order);
        }
    }

    /** One step now and the next one behind what came meanwhile. */
    private void hashOn(SourceHashing current) {
        if (current != hashing || outcome.isDone()) {
            return;
        }
        try {
            current.step()
                    .ifPresentOrElse(hashed -> inbox.add(() -> tell(hashed)), () -> inbox.add(() -> hashOn(current)));
        } catch (IOException e) {
            fail("source", "can't read the bytes to compare: " + e.getMessage());
        }
    }

    private void sendChunk(long offset, int length, BiFunction<Long, ByteBuffer, Chunk> chunkOf) {
        ClientLink link = dialer.link();
        if (link == null || outcome.isDone()) {
            return;
        }
        try {
            link.send(chunkOf.apply(offset, source.read(offset, length)));
            listener.moved(sender.acknowledgedBytes(), sender.sentBytes());
        } catch (IOException e) {
            fail("source", "can't read the bytes to send: " + e.getMessage());
        }
    }

    private void fail(String reason, String detail) {
        outcome.completeExceptionally(new UploadFailedException(reason, detail));
        leave();
    }

    private void leave() {
        timer.cancel();
        dialer.end("done");
    }

    /** What the connections tell, on this client's thread. */
    private final class ConnectionOwner implements Dialer.Owner {
        @Override
        public void opened() {
            tell(new SenderInput.Connected());
        }

        @Override
        public void said(Message message) {
            if (concernsUs(message)) {
                tell(new SenderInput.Received(message));
            }
        }

        private boolean concernsUs(Message message) {
            if (message instanceof UploadMessage upload) {
                return upload.sessionId().equals(id);
            }
            return message instanceof LinkMessage.Problem problem
                    && (problem.sessionId() == null || problem.sessionId().equals(id));
        }

        @Override
        public void drained(long pendingBytes) {
            tell(new SenderInput.Drained(pendingBytes));
        }

        @Override
        public void offline(String reason, Duration wait) {
            tell(new SenderInput.Disconnected());
            listener.status("connection lost (" + reason + "), trying again");
            listener.offline(reason, wait);
        }

        @Override
        public void refused(int code, String meaning, String reason) {
            fail(code == CloseCode.SUPERSEDED.code() ? "superseded" : "closed", meaning + " (" + reason + ")");
        }
    }
}
