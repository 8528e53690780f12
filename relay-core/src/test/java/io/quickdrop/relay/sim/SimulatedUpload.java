package io.quickdrop.relay.sim;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.protocol.UploadMessage.Saved;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.client.UploadClient;
import io.quickdrop.relay.driver.client.UploadClient.UploadFailedException;
import io.quickdrop.relay.upload.SenderConfig;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
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
        void connect(SimulatedUpload upload, Tab tab, ConnectionEvents events);

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

    private final List<Tab> tabs = new ArrayList<>();
    private final boolean isV1;
    private final boolean rereadable;
    private SimulatedProcess process;
    private int produced;
    private boolean ended;
    private boolean everOpened;

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

    /** How often its bytes may still be damaged behind the back of both ends. */
    private int damagesLeft;
    /** Whether they were. */
    boolean damaged;

    SimulatedUpload(
            SessionId id, VirtualTime time, SplittableRandom random, SenderConfig config, World world, int damages) {
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
        this.isV1 = random.nextInt(4) == 0;
        this.damagesLeft = isV1 || hash() == null ? 0 : damages; // else nothing could find it out
        this.rereadable = damagesLeft > 0;
        this.process = newProcess();
        openTab();
        grow();
    }

    /** Takes one damage, if one is left. */
    boolean takeDamage() {
        if (damagesLeft == 0 || isOver()) {
            return false;
        }
        damagesLeft--;
        damaged = true;
        return true;
    }

    Generation generation() {
        return isV1 ? Generation.V1 : Generation.V2;
    }

    SimulatedProcess process() {
        return process;
    }

    boolean isOver() {
        return saved != null || aborted || failed || abandoned;
    }

    void abort() {
        if (!isOver() && !isV1) {
            abortAsked = true;
            newest().abort();
        }
    }

    /** Another client of the same recording starts beside the first; the server listens to the newer connection. */
    void openSecondTab() {
        if (!isOver() && !isV1) {
            process = newProcess();
            openTab();
        }
    }

    /** The client's process is killed; with {@code back} it is started again, with all that was produced. */
    void kill(boolean back) {
        if (isOver() || abortAsked) {
            return;
        }
        newest().kill();
        tabs.clear();
        if (back) {
            process = newProcess();
            openTab();
        } else {
            abandoned = true;
        }
    }

    private Tab newest() {
        return tabs.get(tabs.size() - 1);
    }

    private void openTab() {
        Tab tab = new Tab(process);
        tabs.add(tab);
        tab.produced(produced);
        if (ended) {
            tab.ended();
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
        tabs.forEach(tab -> tab.produced(produced));
        if (last) {
            ended = true;
            tabs.forEach(Tab::ended);
        }
    }

    private @Nullable String hash() {
        return source.length % 3 == 0 ? null : sha256(source);
    }

    private SimulatedProcess newProcess() {
        return new SimulatedProcess(time, random, () -> 0);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
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

    /** One client of the recording, in a process of its own. */
    final class Tab implements UploadClient.Source {
        private final SimulatedProcess in;
        private final boolean begunBefore;
        private final @Nullable UploadClient client;
        private final @Nullable SimulatedV1Phone phone;
        private SimulatedLink.@Nullable End line;
        private long forgotten;

        Tab(SimulatedProcess in) {
            this.in = in;
            this.begunBefore = everOpened;
            everOpened = true;
            client = isV1 ? null : newClient();
            phone = isV1 ? newPhone() : null;
        }

        private SimulatedV1Phone newPhone() {
            return new SimulatedV1Phone(
                    id,
                    description,
                    source,
                    time,
                    in,
                    random,
                    begunBefore,
                    events -> world.connect(SimulatedUpload.this, this, events),
                    recording -> saved = recording,
                    this::gaveUp);
        }

        private UploadClient newClient() {
            UploadClient fresh = new UploadClient(
                    id,
                    description,
                    config,
                    this,
                    events -> world.connect(SimulatedUpload.this, this, events),
                    in,
                    new UploadClient.Listener() {});
            fresh.outcome().whenComplete((recording, failure) -> {
                if (recording != null) {
                    saved = recording;
                } else if (failure instanceof CancellationException) {
                    aborted = true;
                } else {
                    gaveUp(failure instanceof UploadFailedException refusal ? refusal.reason() : "" + failure);
                }
            });
            return fresh;
        }

        SimulatedProcess process() {
            return in;
        }

        void produced(int bytes) {
            if (client != null) {
                client.produced(bytes);
            } else if (phone != null) {
                phone.produced(bytes);
            }
        }

        void ended() {
            if (client != null) {
                client.ended(hash());
            } else if (phone != null) {
                phone.ended();
            }
        }

        void abort() {
            if (client != null) {
                client.abort();
            }
        }

        void kill() {
            in.kill();
            if (line != null) {
                line.processDied(random.nextBoolean());
            }
        }

        private void gaveUp(String reason) {
            if (reason.equals("superseded") && tabs.size() > 1) {
                tabs.remove(this);
                return;
            }
            failed = true;
            boolean ordered = reason.equals("session_unknown") && keepAsked;
            if (!ordered) {
                world.broken("client of " + id + " gave up: " + reason);
            }
        }

        /** The connection as this client uses it: looked at, and chunks altered where the world is. */
        Connection watched(SimulatedLink.End opened, UnaryOperator<ByteBuffer> altered) {
            line = opened;
            return new WatchedConnection(opened, isV1 ? UnaryOperator.identity() : altered, pending -> {
                long most = isV1 ? 4_000 : config.bufferedBytes() + config.chunkBytes() + 1_500;
                if (pending > most) {
                    world.broken("client of " + id + " gave its socket " + pending + " bytes; allowed are " + most);
                }
            });
        }

        /** What was forgotten is gone. */
        @Override
        public ByteBuffer read(long offset, int length) {
            if (offset < forgotten && !rereadable) {
                world.broken("client of " + id + " needs byte " + offset + ", forgotten are " + forgotten);
            }
            if (!rereadable && offset + length - forgotten > config.windowBytes()) {
                world.broken("client of " + id + " has " + (offset + length - forgotten)
                        + " bytes in flight; allowed are " + config.windowBytes());
            }
            return ByteBuffer.wrap(source, (int) offset, length).slice();
        }

        @Override
        public boolean isRereadable() {
            return rereadable;
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
