package io.quickdrop.relay.sim;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.protocol.UploadMessage.Saved;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.UploadClient;
import io.quickdrop.relay.upload.SenderConfig;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One recording of the world: its bytes as they come into being, its client, and what that client was promised. */
final class SimulatedUpload {
    /** What the world lends it. */
    interface World {
        /** Opens a connection for the upload, at once; every outcome is told to {@code events}. */
        void connect(SimulatedUpload upload, SimulatedProcess process, UploadClient.Events events);

        /** Bytes that would survive a power cut now. */
        long durableBytes(SessionId id);

        /** A promise is broken. */
        void broken(String promise);
    }

    final SessionId id;
    final byte[] source;
    private final VirtualTime time;
    private final SplittableRandom random;
    private final SenderConfig config;
    private final World world;
    private final Description description;

    private SimulatedProcess process;
    private UploadClient client;
    private SimulatedLink.@Nullable End line;
    private int produced;
    private boolean ended;
    private long forgotten;

    boolean abortAsked;
    boolean keepAsked;
    /** Its client was killed and nobody started it again. */
    boolean abandoned;

    /** Set once: how it ended for its client. */
    @Nullable
    Saved saved;

    boolean aborted;
    boolean failed;

    /** The most that the server said is durable. */
    long told;
    /** The newest connection that was told to send, by the order in which the server accepted them. */
    long owner;

    SimulatedUpload(SessionId id, VirtualTime time, SplittableRandom random, SenderConfig config, World world) {
        this.id = id;
        this.time = time;
        this.random = random;
        this.config = config;
        this.world = world;
        this.source =
                new byte[random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(random.nextInt(8) == 0 ? 6_000 : 1_500)];
        for (int i = 0; i < source.length; i++) {
            source[i] = (byte) random.nextInt();
        }
        this.description =
                new Description("video/mp4", "mp4", null, 1_000, random.nextBoolean() ? null : (long) source.length);
        this.process = newProcess();
        this.client = newClient(process);
        grow();
    }

    SimulatedProcess process() {
        return process;
    }

    boolean isOver() {
        return saved != null || aborted || failed || abandoned;
    }

    void abort() {
        if (!isOver()) {
            abortAsked = true;
            client.abort();
        }
    }

    /** The client's process is killed; with {@code back} it is started again, with all that was produced. */
    void kill(boolean back) {
        if (isOver() || abortAsked) {
            return;
        }
        process.kill();
        if (line != null) {
            line.processDied(random.nextBoolean());
        }
        if (back) {
            process = newProcess();
            client = newClient(process);
            client.produced(produced);
            if (ended) {
                client.ended(hash());
            }
        } else {
            abandoned = true;
        }
    }

    /** A live source grows by and by; a file is there at once. */
    private void grow() {
        int pieces = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(8);
        double seconds = pieces == 1 ? 0 : random.nextDouble() * 15;
        for (int i = 1; i <= pieces; i++) {
            boolean last = i == pieces;
            int upTo = last ? source.length : random.nextInt(source.length + 1);
            time.afterMillis(seconds * 1000 * i / pieces, () -> produce(upTo, last));
        }
    }

    private void produce(int upTo, boolean last) {
        produced = Math.max(produced, upTo);
        if (!abandoned) {
            client.produced(produced);
        }
        if (last) {
            ended = true;
            client.ended(hash());
        }
    }

    private @Nullable String hash() {
        return source.length % 3 == 0 ? null : sha256(source);
    }

    private SimulatedProcess newProcess() {
        return new SimulatedProcess(time, random, () -> 0);
    }

    private UploadClient newClient(SimulatedProcess in) {
        forgotten = 0;
        UploadClient fresh = new UploadClient(
                id, description, config, new Bytes(), events -> world.connect(this, in, events), in, new Silent());
        fresh.outcome().whenComplete((result, failure) -> {
            if (result != null) {
                saved = result;
            } else if (failure instanceof CancellationException) {
                aborted = true;
            } else {
                failed = true;
                boolean ordered = keepAsked
                        && failure instanceof UploadClient.UploadFailedException refusal
                        && refusal.reason().equals("session_unknown");
                if (!ordered) {
                    world.broken("client of " + id + " gave up: " + failure);
                }
            }
        });
        return fresh;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** Looks at what the client is about to send, and lets chunks be altered. */
    Connection watched(SimulatedLink.End opened, UnaryOperator<ByteBuffer> altered) {
        line = opened;
        return new WatchedConnection(opened, altered, pending -> {
            long most = config.bufferedBytes() + config.chunkBytes() + 1_500;
            if (pending > most) {
                world.broken("client of " + id + " gave its socket " + pending + " bytes; allowed are " + most);
            }
        });
    }

    private record WatchedConnection(SimulatedLink.End line, UnaryOperator<ByteBuffer> altered, Consumer<Long> pending)
            implements Connection {
        @Override
        public void sendText(String text) {
            line.sendText(text);
        }

        @Override
        public void sendBinary(ByteBuffer payload) {
            line.sendBinary(altered.apply(payload));
            pending.accept(line.pendingBytes());
        }

        @Override
        public void sendPing() {
            line.sendPing();
        }

        @Override
        public long pendingBytes() {
            return line.pendingBytes();
        }

        @Override
        public void pauseReading() {
            line.pauseReading();
        }

        @Override
        public void resumeReading() {
            line.resumeReading();
        }

        @Override
        public void close(int code, String reason) {
            line.close(code, reason);
        }
    }

    private record Silent() implements UploadClient.Listener {}

    /** The source as its client sees it: what was forgotten is gone. */
    private final class Bytes implements UploadClient.Source {
        @Override
        public ByteBuffer read(long offset, int length) {
            if (offset < forgotten) {
                world.broken("client of " + id + " needs byte " + offset + ", forgotten are " + forgotten);
            }
            if (offset + length - forgotten > config.windowBytes()) {
                world.broken("client of " + id + " has " + (offset + length - forgotten)
                        + " bytes in flight; allowed are " + config.windowBytes());
            }
            return ByteBuffer.wrap(source, (int) offset, length).slice();
        }

        @Override
        public void forget(long offset) {
            if (!abortAsked && offset > world.durableBytes(id)) {
                world.broken(
                        "client of " + id + " forgets " + offset + " bytes; durable are " + world.durableBytes(id));
            }
            forgotten = offset;
        }
    }
}
