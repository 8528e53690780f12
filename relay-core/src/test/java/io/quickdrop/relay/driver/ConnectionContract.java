package io.quickdrop.relay.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.relay.testing.FramePeer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link Connection} keeps to. Extend it with your transport; all of its facts have to hold. */
@Timeout(60)
public abstract class ConnectionContract {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int PIECE = 64 * 1024;

    /** Remembers what an end is told. Safe on any thread. */
    protected static final class Inbox {
        private final List<String> texts = new ArrayList<>();
        private final List<byte[]> binaries = new ArrayList<>();
        private final List<Integer> closes = new ArrayList<>();
        private long bytes;
        private int signsOfLife;

        public Inbox() {}

        /** A text frame came. */
        public synchronized void text(String text) {
            texts.add(text);
        }

        /** A whole binary frame came. */
        public synchronized void binary(ByteBuffer payload) {
            byte[] copy = new byte[payload.remaining()];
            payload.duplicate().get(copy);
            binaries.add(copy);
            bytes += copy.length;
        }

        /** A ping or a pong came. */
        public synchronized void alive() {
            signsOfLife++;
        }

        /** The connection is gone; 1006 where no close frame told the code. */
        public synchronized void closed(int code) {
            closes.add(code);
        }

        synchronized List<String> texts() {
            return List.copyOf(texts);
        }

        synchronized List<byte[]> binaries() {
            return List.copyOf(binaries);
        }

        synchronized long bytes() {
            return bytes;
        }

        synchronized int signsOfLife() {
            return signsOfLife;
        }

        synchronized List<Integer> closes() {
            return List.copyOf(closes);
        }
    }

    /** The peer: what is at the other end of the wire. Its sends may block while nobody reads. */
    protected interface Remote {
        /** Sends a text frame. */
        void sendText(String text) throws Exception;

        /** Sends a binary frame. */
        void sendBinary(byte[] payload) throws Exception;

        /** Reads nothing any more from its socket, and so answers nothing. */
        void stopReading() throws Exception;

        /** Reads again. */
        void startReading() throws Exception;

        /** Closes with 1000. */
        void close() throws Exception;

        /** Drops the socket without a close frame. */
        void drop() throws Exception;
    }

    /** Tells an inbox what a peer hears. */
    protected static FramePeer.Heard heardBy(Inbox inbox) {
        return new FramePeer.Heard() {
            @Override
            public void text(String text) {
                inbox.text(text);
            }

            @Override
            public void binary(ByteBuffer payload) {
                inbox.binary(payload);
            }

            @Override
            public void closed(int code) {
                inbox.closed(code);
            }
        };
    }

    /** A peer on a real socket. */
    protected static Remote remote(FramePeer peer) {
        return new Remote() {
            @Override
            public void sendText(String text) throws Exception {
                peer.sendText(text);
            }

            @Override
            public void sendBinary(byte[] payload) throws Exception {
                peer.sendBinary(payload);
            }

            @Override
            public void stopReading() {
                peer.stopReading();
            }

            @Override
            public void startReading() {
                peer.startReading();
            }

            @Override
            public void close() throws Exception {
                peer.close();
            }

            @Override
            public void drop() throws Exception {
                peer.drop();
            }
        };
    }

    private final Inbox local = new Inbox();
    private final Inbox remoteInbox = new Inbox();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Connection connection;
    private Remote remote;

    /**
     * Opens a connection.
     *
     * @param local to be told what the connection's own side hears
     * @param remote to be told what the peer hears
     * @return the peer
     */
    protected abstract Remote connect(Inbox local, Inbox remote) throws Exception;

    /** The connection that {@link #connect} opened, at the side that is put to the test. */
    protected abstract Connection connection() throws Exception;

    /** Ends what {@link #connect} began, behind each test. */
    protected void stopTransport() throws Exception {}

    /** Fields are set by {@link #open}. */
    @SuppressWarnings("NullAway.Init")
    protected ConnectionContract() {}

    @BeforeEach
    void open() throws Exception {
        remote = connect(local, remoteInbox);
        connection = connection();
    }

    @AfterEach
    void stop() throws Exception {
        remote.drop();
        threads.shutdownNow();
        stopTransport();
    }

    @Test
    public void framesArriveInTheOrderInWhichTheyWereSent() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            connection.sendText("text " + i);
            expected.add("text " + i);
            if (i % 10 == 0) {
                connection.sendBinary(ByteBuffer.wrap(new byte[] {(byte) (i / 10)}));
            }
        }
        await().atMost(SOON).until(() -> remoteInbox.texts().size() == 2_000 && remoteInbox.bytes() == 200);
        assertThat(remoteInbox.texts()).isEqualTo(expected);
        for (int i = 0; i < 200; i++) {
            assertThat(remoteInbox.binaries().get(i)).containsExactly((byte) i);
        }
    }

    @Test
    public void whatThePeerSendsIsToldInOrder() throws Exception {
        for (int i = 0; i < 500; i++) {
            remote.sendText("text " + i);
            remote.sendBinary(new byte[] {(byte) i});
        }
        await().atMost(SOON).until(() -> local.texts().size() == 500 && local.bytes() == 500);
        for (int i = 0; i < 500; i++) {
            assertThat(local.texts().get(i)).isEqualTo("text " + i);
            assertThat(local.binaries().get(i)).containsExactly((byte) i);
        }
    }

    @Test
    public void manyThreadsMaySendAtOnceAndEachKeepsItsOrder() throws Exception {
        List<Future<?>> senders = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            String name = "thread " + thread + " ";
            senders.add(threads.submit(() -> {
                for (int i = 0; i < 500; i++) {
                    connection.sendText(name + i);
                }
            }));
        }
        for (Future<?> sender : senders) {
            sender.get();
        }
        await().atMost(SOON).until(() -> remoteInbox.texts().size() == 2_000);
        for (int thread = 0; thread < 4; thread++) {
            String name = "thread " + thread + " ";
            List<String> ofThread = remoteInbox.texts().stream()
                    .filter(text -> text.startsWith(name))
                    .toList();
            for (int i = 0; i < 500; i++) {
                assertThat(ofThread.get(i)).isEqualTo(name + i);
            }
        }
    }

    @Test
    public void largeMessagesArriveWholeBothWays() throws Exception {
        byte[] large = pattern(1 << 20);
        ByteBuffer around = ByteBuffer.allocate(large.length + 20);
        around.position(10).put(large).position(10).limit(10 + large.length);
        connection.sendBinary(around);
        String text = "é".repeat(30_000);
        connection.sendText(text);
        remote.sendBinary(large);
        await().atMost(SOON)
                .until(() -> local.bytes() == large.length
                        && remoteInbox.bytes() == large.length
                        && remoteInbox.texts().size() == 1);
        assertThat(local.binaries().get(0)).isEqualTo(large);
        assertThat(remoteInbox.binaries().get(0)).isEqualTo(large);
        assertThat(remoteInbox.texts()).containsExactly(text);
    }

    @Test
    public void piecesAreSentAsOneFrameAndStayAsTheyAre() {
        byte[] all = pattern(300_000);
        List<ByteBuffer> pieces = new ArrayList<>();
        for (int at = 0, size = 1; at < all.length; at += size, size = size * 3 + 1) {
            ByteBuffer piece = ByteBuffer.wrap(all, at, Math.min(size, all.length - at));
            pieces.add(pieces.size() % 2 == 0 ? piece : piece.slice().asReadOnlyBuffer());
        }
        connection.sendBinary(pieces);
        connection.sendBinary(pieces);
        await().atMost(SOON).until(() -> remoteInbox.bytes() == 2L * all.length);
        assertThat(remoteInbox.binaries()).hasSize(2).allSatisfy(frame -> assertThat(frame)
                .isEqualTo(all));
        assertThat(pieces).allSatisfy(piece -> assertThat(piece.remaining()).isPositive());
        await().atMost(SOON).until(() -> connection.pendingBytes() == 0);
    }

    @Test
    public void aPingIsAnsweredAndTheAnswerIsASignOfLife() {
        connection.sendPing();
        await().atMost(SOON).until(() -> local.signsOfLife() > 0);
    }

    @Test
    public void pendingBytesGrowWhileThePeerDoesNotReadAndGoBackToZero() throws Exception {
        remote.stopReading();
        int sent = fill();
        assertThat(connection.pendingBytes()).isGreaterThanOrEqualTo(PIECE);
        remote.startReading();
        await().atMost(SOON).until(() -> connection.pendingBytes() == 0);
        await().atMost(SOON).until(() -> remoteInbox.bytes() == (long) sent * PIECE);
    }

    @Test
    public void pausedReadingStopsDeliveryAndResumedGoesOn() throws Exception {
        int pieces = 512; // 32 MiB: more than any socket's buffers
        connection.pauseReading();
        Future<?> sending = threads.submit(() -> {
            for (int i = 0; i < pieces; i++) {
                remote.sendBinary(pattern(PIECE));
            }
            return null;
        });
        await().during(Duration.ofMillis(500)).atMost(SOON).until(() -> local.bytes() <= 4L << 20);
        connection.resumeReading();
        await().atMost(SOON).until(() -> local.bytes() == (long) pieces * PIECE);
        sending.get();
        assertThat(local.binaries()).allSatisfy(piece -> assertThat(piece).hasSize(PIECE));
    }

    @Test
    public void aCloseIsToldToThePeerBehindEverythingThatWasSent() {
        for (int i = 0; i < 100; i++) {
            connection.sendText("text " + i);
        }
        connection.close(4409, "a newer connection");
        await().atMost(SOON).until(() -> !remoteInbox.closes().isEmpty());
        assertThat(remoteInbox.closes()).first().isEqualTo(4409);
        assertThat(remoteInbox.texts()).hasSize(100);
        await().atMost(SOON).until(() -> !local.closes().isEmpty());
    }

    @Test
    public void theLongestReasonIsTaken() {
        connection.close(1008, "é".repeat(61) + "x"); // 123 bytes of UTF-8
        await().atMost(SOON).until(() -> !remoteInbox.closes().isEmpty());
        assertThat(remoteInbox.closes()).first().isEqualTo(1008);
    }

    @Test
    public void everythingAfterACloseIsHarmless() {
        connection.close(1001, "first");
        useEverything();
        await().atMost(SOON)
                .until(() -> !local.closes().isEmpty() && !remoteInbox.closes().isEmpty());
        useEverything();
        assertThat(remoteInbox.closes()).first().isEqualTo(1001);
        assertThat(remoteInbox.texts()).isEmpty();
        assertThat(remoteInbox.binaries()).isEmpty();
    }

    @Test
    public void everythingAfterThePeerHasGoneIsHarmless() throws Exception {
        remote.drop();
        useEverything();
        await().atMost(SOON).until(() -> !local.closes().isEmpty());
        useEverything();
    }

    @Test
    public void aCloseCompletesAlthoughThePeerNeverAnswers() throws Exception {
        remote.stopReading();
        fill();
        connection.close(1001, "going away");
        await().atMost(SOON).until(() -> !local.closes().isEmpty());
    }

    @Test
    public void aCloseCompletesAlsoWhileReadingIsPaused() {
        connection.pauseReading();
        connection.close(1001, "going away");
        await().atMost(SOON).until(() -> !local.closes().isEmpty());
        await().atMost(SOON).until(() -> !remoteInbox.closes().isEmpty());
    }

    @Test
    public void aPeerThatClosesIsNoticed() throws Exception {
        remote.sendText("last words");
        remote.close();
        await().atMost(SOON).until(() -> !local.closes().isEmpty());
        assertThat(local.texts()).containsExactly("last words");
    }

    @Test
    public void aPeerThatDropsIsNoticed() throws Exception {
        remote.drop();
        await().atMost(SOON).until(() -> !local.closes().isEmpty());
    }

    /** Sends until one piece at least has not reached the socket; returns the number of pieces. */
    private int fill() {
        int sent = 0;
        do {
            assertThat(sent).as("pieces that disappear in buffers").isLessThan(1_000);
            for (int i = 0; i < 16; i++) {
                connection.sendBinary(ByteBuffer.wrap(pattern(PIECE)));
                sent++;
            }
        } while (!staysFull());
        return sent;
    }

    /** Some transports write on another thread, which may only be slow. */
    private boolean staysFull() {
        try {
            await().pollInterval(Duration.ofMillis(10))
                    .during(Duration.ofMillis(200))
                    .atMost(Duration.ofMillis(400))
                    .until(() -> connection.pendingBytes() >= PIECE);
            return true;
        } catch (ConditionTimeoutException drained) {
            return false;
        }
    }

    private void useEverything() {
        connection.sendText("late");
        connection.sendBinary(ByteBuffer.wrap(new byte[10]));
        connection.sendPing();
        connection.pauseReading();
        connection.resumeReading();
        connection.close(1000, "again");
        assertThat(connection.pendingBytes()).isGreaterThanOrEqualTo(0);
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >>> 8));
        }
        return bytes;
    }
}
