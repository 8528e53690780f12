package io.quickdrop.system.harness;

import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.protocol.UploadMessage.Saved;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.relay.driver.client.UploadClient;
import io.quickdrop.relay.driver.threads.Workers;
import io.quickdrop.relay.link.Backoff;
import io.quickdrop.relay.upload.SenderConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One upload by {@code relay-core}'s own client, watched from the side: what the server acknowledged is remembered here,
 * independently of the client, and a server that goes back on it is caught.
 */
public final class TestUpload implements AutoCloseable {
    /** Comes back soon, so that a thousand cuts fit into a test. */
    public static Backoff quickBackoff() {
        return new Backoff(Duration.ofMillis(5), Duration.ofMillis(100));
    }

    private final SessionId id;
    private final SeededBytes bytes;
    private final UploadClient client;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong beganAt = new AtomicLong(-1);
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> brokenPromises = new CopyOnWriteArrayList<>();
    private final List<String> statuses = new CopyOnWriteArrayList<>();
    private final List<Consumer<Message>> hearers = new CopyOnWriteArrayList<>();

    /** Begins at once. */
    public TestUpload(String id, SeededBytes bytes, Connector connector, Workers workers, Backoff backoff) {
        this.id = new SessionId(id);
        this.bytes = bytes;
        UploadClient.Listener listener = new UploadClient.Listener() {
            @Override
            public void status(String text) {
                statuses.add(text);
            }
        };
        client = new UploadClient(
                this.id,
                new Description("video/webm", "webm", null, 1_700_000_000_000L, null),
                SenderConfig.defaults(),
                bytes,
                events -> connector.connect(new Watched(events)),
                workers,
                listener,
                backoff);
    }

    /** Everything is there to be sent, and it ends. */
    public TestUpload whole() {
        client.produced(bytes.length());
        client.ended(bytes.sha256());
        return this;
    }

    /** The recorder made this many bytes so far. */
    public TestUpload produced(long totalBytes) {
        client.produced(totalBytes);
        return this;
    }

    /** Calls {@code hearer} for each message of the server, on the connection's thread. */
    public TestUpload hear(Consumer<Message> hearer) {
        hearers.add(hearer);
        return this;
    }

    /** The session. */
    public SessionId id() {
        return id;
    }

    /** What is sent. */
    public SeededBytes bytes() {
        return bytes;
    }

    /** The highest offset that the server ever acknowledged. */
    public long acknowledged() {
        return acknowledged.get();
    }

    /** The offset from which the server first let it send, or -1 before. */
    public long beganAt() {
        return beganAt.get();
    }

    /** Connections so far. */
    public int connections() {
        return connections.get();
    }

    /** What a person was told so far. */
    public List<String> statuses() {
        return List.copyOf(statuses);
    }

    /** The underlying client. */
    public UploadClient client() {
        return client;
    }

    /** {@code saved}, or an error that says how it went instead. */
    public Saved await(Duration patience) {
        try {
            CompletableFuture<Saved> outcome = client.outcome().toCompletableFuture();
            Saved saved = outcome.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (!brokenPromises.isEmpty()) {
                throw new AssertionError("the server went back on what it had acknowledged: " + brokenPromises);
            }
            return saved;
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(
                    "session " + id + " (" + bytes + ") was not saved; acknowledged are " + acknowledged
                            + " bytes over "
                            + connections + " connections; last words: "
                            + statuses.subList(Math.max(0, statuses.size() - 5), statuses.size()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private void look(String text) {
        if (!(TextCodec.decode(text) instanceof Decoded.Accepted<Message> accepted)) {
            brokenPromises.add("the server said what nobody understands: " + text);
            return;
        }
        Message message = accepted.value();
        if (message instanceof UploadMessage.Started started) {
            beganAt.compareAndSet(-1, started.bytes());
            promised(started.bytes(), text);
        } else if (message instanceof UploadMessage.Progress progress) {
            promised(progress.bytes(), text);
        }
        hearers.forEach(hearer -> hearer.accept(message));
    }

    private final class Watched implements ConnectionEvents {
        private final ConnectionEvents events;

        Watched(ConnectionEvents events) {
            this.events = events;
        }

        private volatile int number;

        @Override
        public void opened(Connection connection) {
            number = connections.incrementAndGet();
            events.opened(connection);
        }

        @Override
        public void text(String text) {
            if (number == connections.get()) { // what a given-up connection says late is in no order with the rest
                look(text);
            }
            events.text(text);
        }

        @Override
        public void alive() {
            events.alive();
        }

        @Override
        public void closed(int code, String reason) {
            events.closed(code, reason);
        }
    }

    /** An offset, once told, never goes down: not over cuts, not over kills. */
    private void promised(long offset, String text) {
        long before = acknowledged.getAndAccumulate(offset, Math::max);
        if (offset < before) {
            brokenPromises.add("after " + before + " came " + text);
        }
    }
}
