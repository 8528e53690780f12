package io.quickdrop.relay.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.ObserverMessage;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.sim.SimulatedProcess;
import io.quickdrop.relay.sim.VirtualTime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** The relay's end of a connection, in virtual time. */
class PeerTest {
    private static final Description DESCRIPTION = new Description("video/mp4", "mp4", null, 1, null);
    private static final SessionId A = new SessionId("a");
    private static final SessionId B = new SessionId("b");

    private final VirtualTime time = new VirtualTime(new SplittableRandom(1));
    private double diskMillis = 1;
    private final SimulatedProcess process = new SimulatedProcess(time, new SplittableRandom(2), () -> diskMillis);
    private final InMemoryRecordingStore store = new InMemoryRecordingStore(time::now);
    private final List<Integer> uploaderCounts = new ArrayList<>();
    private RelayConfig config = RelayConfig.defaults("test");

    /** What the peer is told, one line each: the message's type, or what else happens to it. */
    private static final class Wire implements Connection {
        final List<String> heard = new ArrayList<>();
        boolean paused;
        long pending;

        @Override
        public void sendText(String text) {
            Message message = ((Decoded.Accepted<Message>) TextCodec.decode(text)).value();
            heard.add(message instanceof LinkMessage.Problem problem ? problem.reason() : TextCodec.typeOf(message));
        }

        @Override
        public void sendBinary(ByteBuffer payload) {
            throw new AssertionError("a relay sends no binary frames");
        }

        @Override
        public void sendPing() {
            heard.add("ws-ping");
        }

        @Override
        public long pendingBytes() {
            return pending;
        }

        @Override
        public void pauseReading() {
            paused = true;
        }

        @Override
        public void resumeReading() {
            paused = false;
        }

        @Override
        public void close(int code, String reason) {
            heard.add("closed " + code);
        }
    }

    private final Wire wire = new Wire();

    private Relay relay() {
        return new Relay(config, store, process, () -> Instant.ofEpochMilli(77), new RelayListener() {
            @Override
            public void uploadersChanged(int connected) {
                uploaderCounts.add(connected);
            }
        });
    }

    private Peer connected(Relay relay, Wire to, PeerIdentity identity, Generation generation) {
        return relay.connected(
                to,
                identity,
                generation,
                relay.hello(),
                (peer, message) -> message instanceof ObserverMessage.SubscribeObserver);
    }

    private Peer phone() {
        return connected(relay(), wire, new PeerIdentity("phone", true), Generation.V2);
    }

    private void pass(Duration duration) {
        long until = time.nowNanos() + duration.toNanos();
        boolean[] reached = {false};
        time.atNanos(until, () -> reached[0] = true);
        while (!reached[0]) {
            time.step();
        }
    }

    private static void say(Peer peer, Message message) {
        peer.text(TextCodec.encode(message));
    }

    private void start(Peer peer, SessionId id) {
        say(peer, new UploadMessage.Start(id, DESCRIPTION, false));
        pass(Duration.ofMillis(50));
    }

    private static ByteBuffer chunk(long offset, int length) {
        return Chunk.of(offset, ByteBuffer.allocate(length)).encode();
    }

    @Test
    void aRecordingGoesAllTheWay() {
        Peer peer = phone();
        start(peer, A);
        peer.binary(chunk(0, 1000), true);
        pass(Duration.ofSeconds(1));
        say(peer, new UploadMessage.End(A, 1000, 1L, null));
        pass(Duration.ofSeconds(1));
        assertThat(wire.heard).containsExactly("hello", "started", "progress", "saved");
        assertThat(store.bytes(A)).hasValue(new byte[1000]);
    }

    @Test
    void twoRecordingsInARowOnOneConnectionDontMix() {
        Peer peer = phone();
        start(peer, A);
        peer.binary(chunk(0, 1000), true);
        say(peer, new UploadMessage.End(A, 1000, 1L, null));
        say(peer, new UploadMessage.Start(B, DESCRIPTION, false));
        pass(Duration.ofSeconds(1));
        peer.binary(chunk(0, 500), true);
        say(peer, new UploadMessage.End(B, 500, 1L, null));
        pass(Duration.ofSeconds(1));
        assertThat(store.bytes(A)).hasValue(new byte[1000]);
        assertThat(store.bytes(B)).hasValue(new byte[500]);
        assertThat(wire.heard).filteredOn("saved"::equals).hasSize(2);
    }

    @Test
    void aChunkMayComeInAnyParts() {
        Peer peer = phone();
        start(peer, A);
        ByteBuffer whole = chunk(0, 20_000);
        for (int at = 0; at < whole.limit(); at += 777) {
            int length = Math.min(777, whole.limit() - at);
            peer.binary(whole.slice(at, length), false);
        }
        peer.binary(ByteBuffer.allocate(0), true);
        peer.binary(chunk(20_000, 5), true);
        say(peer, new UploadMessage.End(A, 20_005, 2L, null));
        pass(Duration.ofSeconds(1));
        assertThat(wire.heard).contains("saved");
    }

    @Test
    void aMessageInPartsIsNotCollectedBeyondItsLimit() {
        Peer peer = phone();
        start(peer, A);
        for (int i = 0; i <= Limits.MAX_BINARY_BYTES / 65_536; i++) {
            peer.binary(ByteBuffer.allocate(65_536), false);
        }
        assertThat(wire.heard).endsWith("closed 1009");
    }

    @Test
    void aSilentPeerIsClosedAndMayComeBack() {
        phone();
        pass(Duration.ofSeconds(6));
        assertThat(wire.heard).containsExactly("hello", "closed 4408");
    }

    @Test
    void aPeerThatFallsSilentIsPingedAndThenClosed() {
        Peer peer = phone();
        say(peer, new LinkMessage.Ping(1L, null));
        pass(Duration.ofMillis(15_100));
        assertThat(wire.heard).containsExactly("hello", "pong", "ws-ping", "ws-ping", "closed 4408");
    }

    @Test
    void anAnswerToAPingKeepsItAlive() {
        Peer peer = phone();
        say(peer, new LinkMessage.Ping(1L, null));
        for (int i = 0; i < 100; i++) {
            pass(Duration.ofSeconds(5));
            peer.alive();
        }
        assertThat(wire.heard).doesNotContain("closed 4408");
    }

    @Test
    void aSlowDiskPausesReadingAndSilenceIsNotHeldAgainstThePeerThen() {
        config = new RelayConfig(
                "test",
                config.session(),
                config.heartbeat(),
                config.firstMessageWithin(),
                config.timeslice(),
                10,
                100_000,
                1_000_000);
        Peer peer = phone();
        start(peer, A);
        diskMillis = 60_000;
        peer.binary(chunk(0, 60_000), true);
        assertThat(wire.paused).isFalse();
        peer.binary(chunk(60_000, 60_000), true);
        assertThat(wire.paused).isTrue();
        pass(Duration.ofSeconds(50));
        assertThat(wire.paused).isTrue();
        assertThat(wire.heard).contains("progress").doesNotContain("closed 4408");
        pass(Duration.ofSeconds(20));
        assertThat(wire.paused).isFalse();
    }

    @Test
    void interruptedRecordingsAreBoundedToo() {
        config = new RelayConfig(
                "test",
                config.session(),
                config.heartbeat(),
                config.firstMessageWithin(),
                config.timeslice(),
                1,
                config.peerInflowBytes(),
                config.totalInflowBytes());
        Relay relay = relay();
        for (int i = 0; i < 4; i++) {
            Peer peer = connected(relay, wire, new PeerIdentity("phone", true), Generation.V2);
            start(peer, new SessionId("left-" + i));
            peer.closed();
            pass(Duration.ofSeconds(1));
        }
        assertThat(wire.heard).doesNotContain("session_limit");

        Peer fifth = connected(relay, wire, new PeerIdentity("phone", true), Generation.V2);
        start(fifth, B);
        assertThat(wire.heard).endsWith("session_limit");

        start(fifth, new SessionId("left-2"));
        assertThat(wire.heard).endsWith("started");
    }

    @Test
    void nonsenseIsAnsweredAndSoonClosed() {
        Peer peer = phone();
        for (int i = 0; i < 25; i++) {
            peer.text("{");
        }
        assertThat(wire.heard).filteredOn("bad_json"::equals).hasSize(21);
        assertThat(wire.heard).endsWith("closed 1008");
    }

    @Test
    void tooManyMessagesAreClosed() {
        Peer peer = phone();
        for (int i = 0; i < 500; i++) {
            say(peer, new LinkMessage.Ping(1L, null));
        }
        assertThat(wire.heard).endsWith("closed 4429");
    }

    @Test
    void whatWasNotStartedHereIsToldSo() {
        Peer peer = phone();
        peer.binary(chunk(0, 10), true);
        say(peer, new UploadMessage.End(A, 0, null, null));
        say(peer, new UploadMessage.Abort(A));
        say(peer, new UploadMessage.Aborted(A));
        say(peer, new UploadMessage.Saved(A, "x", 0, 0, "0".repeat(64), 0));
        peer.text("{\"type\":\"phone_status\",\"connected\":1}");
        assertThat(wire.heard)
                .containsExactly(
                        "hello",
                        "binary_without_session",
                        "end_without_start",
                        "end_without_start",
                        "end_without_start",
                        "end_without_start",
                        "unknown_type:phone_status");
    }

    @Test
    void anEndOfASessionThatIsOverLongAgoAsksForAResume() {
        Peer peer = phone();
        start(peer, A);
        say(peer, new UploadMessage.End(A, 0, null, null));
        for (int i = 0; i < 30; i++) {
            pass(Duration.ofSeconds(5));
            peer.alive();
        }
        say(peer, new UploadMessage.End(A, 0, null, null));
        assertThat(wire.heard).endsWith("end_without_start");
        start(peer, A);
        say(peer, new UploadMessage.End(A, 0, null, null));
        pass(Duration.ofMillis(50));
        assertThat(wire.heard).endsWith("started", "saved");
    }

    @Test
    void aSessionTooManyIsRefusedAndItsBytesDontLandInTheOneBefore() {
        config = new RelayConfig(
                "test",
                config.session(),
                config.heartbeat(),
                config.firstMessageWithin(),
                config.timeslice(),
                1,
                100_000,
                1_000_000);
        Peer peer = phone();
        start(peer, A);
        start(peer, B);
        peer.binary(chunk(0, 10), true);
        pass(Duration.ofSeconds(1));
        assertThat(wire.heard).containsExactly("hello", "started", "session_limit", "binary_without_session");
        assertThat(store.bytes(A)).hasValue(new byte[0]);
    }

    @Test
    void aDashboardThatPingsIsNoPhone() {
        Relay relay = relay();
        Peer dashboard = connected(relay, wire, new PeerIdentity("operator", true), Generation.V2);
        say(dashboard, new ObserverMessage.SubscribeObserver());
        say(dashboard, new LinkMessage.Ping(1L, null));
        assertThat(relay.uploaders()).isZero();
        Peer phone = connected(relay, new Wire(), new PeerIdentity("phone", true), Generation.V2);
        say(phone, new LinkMessage.Ping(1L, null));
        pass(Duration.ofMillis(1));
        assertThat(relay.uploaders()).isEqualTo(1);
        phone.closed();
        pass(Duration.ofMillis(1));
        assertThat(uploaderCounts).containsExactly(1, 0);
    }

    @Test
    void whoMayNotUploadIsForbiddenTo() {
        Peer peer = connected(relay(), wire, new PeerIdentity("viewer", false), Generation.V2);
        start(peer, A);
        assertThat(wire.heard).containsExactly("hello", "forbidden");
    }

    @Test
    void aRevokedDeviceIsClosedAtOnceAndItsSessionIsKept() {
        Relay relay = relay();
        Peer peer = connected(relay, wire, new PeerIdentity("phone", true), Generation.V2);
        start(peer, A);
        relay.revoke("phone");
        assertThat(wire.heard).endsWith("closed 4403");
        pass(Duration.ofMillis(1));
        assertThat(relay.sessions())
                .singleElement()
                .extracting(SessionView::state)
                .isEqualTo("orphaned");
        say(peer, new LinkMessage.Ping(1L, null));
        assertThat(wire.heard).as("deaf from then on").endsWith("closed 4403");
    }

    @Test
    void aGoodbyeIsToldBeforeTheClose() {
        Relay relay = relay();
        connected(relay, wire, new PeerIdentity("phone", true), Generation.V2);
        relay.goodbye(Duration.ofSeconds(1));
        assertThat(wire.heard).containsExactly("hello", "goodbye", "closed 1001");
    }

    @Test
    void aPeerOfV1SendsRawBytesInAnyParts() {
        Peer peer = connected(relay(), wire, new PeerIdentity("v1", true), Generation.V1);
        say(peer, new UploadMessage.Start(A, DESCRIPTION, false));
        peer.binary(ByteBuffer.wrap(new byte[] {1, 2}), false);
        peer.binary(ByteBuffer.wrap(new byte[] {3}), true);
        say(peer, new UploadMessage.End(A, 4, 2L, null));
        peer.binary(ByteBuffer.wrap(new byte[] {4}), true);
        pass(Duration.ofSeconds(1));
        assertThat(wire.heard).endsWith("saved");
        assertThat(store.bytes(A)).hasValue(new byte[] {1, 2, 3, 4});
    }

    @Test
    void aSessionThatComesBackWhileItsMachineIsPutAwayKeepsTheOrderOfItsBytes() {
        Peer peer = connected(relay(), wire, new PeerIdentity("v1", true), Generation.V1);
        diskMillis = 20;
        say(peer, new UploadMessage.Start(A, DESCRIPTION, false));
        say(peer, new UploadMessage.Abort(A));
        for (int i = 0; i < 100 && !wire.heard.contains("aborted"); i++) {
            pass(Duration.ofMillis(1)); // up to the moment between its end and the file's being let go
        }
        say(peer, new UploadMessage.Start(A, DESCRIPTION, false));
        for (byte i = 0; i < 50; i++) {
            peer.binary(ByteBuffer.wrap(new byte[] {i}), true);
            time.step();
        }
        say(peer, new UploadMessage.End(A, 50, null, null));
        pass(Duration.ofSeconds(3));
        assertThat(wire.heard).endsWith("saved");
        byte[] bytes = store.bytes(A).orElseThrow();
        for (int i = 0; i < 50; i++) {
            assertThat(bytes[i]).isEqualTo((byte) i);
        }
    }

    /** Its runner must not be forgotten over the late words of the connection before. */
    @Test
    void aSessionThatComesBackOnANewConnectionWhileItsMachineIsPutAwayIsHeard() {
        Relay relay = relay();
        Peer first = connected(relay, new Wire(), new PeerIdentity("phone", true), Generation.V2);
        start(first, A);
        say(first, new UploadMessage.End(A, 0, null, null));
        pass(Duration.ofSeconds(1));
        diskMillis = 1_000;
        first.closed(); // the machine ends, and its file is let go in up to a second
        time.step();
        Wire second = new Wire();
        Peer next = connected(relay, second, new PeerIdentity("phone", true), Generation.V2);
        say(next, new UploadMessage.End(A, 0, null, null));
        say(next, new UploadMessage.Start(A, DESCRIPTION, false));
        say(next, new UploadMessage.Abort(A));
        pass(Duration.ofSeconds(5));
        assertThat(second.heard).contains("started", "saved");
        say(next, new UploadMessage.End(A, 0, null, null));
        pass(Duration.ofMillis(50));
        assertThat(second.heard).endsWith("saved");
    }

    /** What an extension is told, one line each. */
    private static final class Told implements PeerExtension {
        final List<String> lines = new ArrayList<>();

        @Override
        public boolean message(Peer peer, Message message) {
            lines.add(TextCodec.typeOf(message));
            return true;
        }

        @Override
        public void opened(Peer peer) {
            lines.add("opened");
        }

        @Override
        public boolean text(Peer peer, String text) {
            lines.add("text " + text);
            return text.startsWith("mine");
        }

        @Override
        public boolean binary(Peer peer, ByteBuffer part, boolean last) {
            lines.add(part.remaining() + (last ? " last" : ""));
            return true;
        }

        @Override
        public int maxTextBytes() {
            return 1 << 20;
        }

        @Override
        public void closed(Peer peer) {
            lines.add("closed");
        }
    }

    @Test
    void anExtensionIsToldWhatIsNoRecording() {
        Told told = new Told();
        Peer peer = relay().connected(wire, new PeerIdentity("x", true), Generation.V2, told);
        say(peer, new ObserverMessage.SubscribeObserver());
        peer.binary(ByteBuffer.allocate(5), false);
        peer.binary(ByteBuffer.allocate(7), true);
        start(peer, A);
        peer.binary(chunk(0, 10), true);
        assertThat(told.lines).containsExactly("opened", "subscribe_observer", "5", "7 last");
        assertThat(peer.maxTextBytes()).isEqualTo(1 << 20);
        peer.closed();
        peer.closed();
        pass(Duration.ofMillis(1));
        assertThat(told.lines).endsWith("7 last", "closed");
        assertThat(wire.heard).doesNotContain("binary_without_session");
    }

    @Test
    void anExtensionOfV1SeesTextsFirst() {
        Told told = new Told();
        Peer peer = relay().connected(wire, new PeerIdentity("x", true), Generation.V1, told);
        peer.text("mine, and no JSON");
        say(peer, new LinkMessage.Ping(1L, null));
        assertThat(told.lines).startsWith("opened", "text mine, and no JSON").hasSize(3);
        assertThat(wire.heard).containsExactly("pong");
    }

    @Test
    void twoExtensionsShareAConnection() {
        Told second = new Told();
        PeerExtension first = (peer, message) -> message instanceof ObserverMessage.SubscribeObserver;
        Peer peer = relay().connected(wire, new PeerIdentity("x", true), Generation.V2, first.or(second));
        say(peer, new ObserverMessage.SubscribeObserver());
        say(peer, new ObserverMessage.PhoneStatus(1));
        peer.binary(ByteBuffer.allocate(5), true);
        assertThat(peer.maxTextBytes()).isEqualTo(1 << 20);
        peer.closed();
        pass(Duration.ofMillis(1));
        assertThat(second.lines).containsExactly("opened", "phone_status", "5 last", "closed");
    }

    @Test
    void bytesThatLeaveAFullSocketAreALifeSignAndAFullSocketAloneIsNone() {
        Peer slow = phone();
        say(slow, new LinkMessage.Ping(1L, null));
        wire.pending = 1_000_000;
        for (int i = 0; i < 10; i++) {
            pass(Duration.ofSeconds(5)); // its pong waits behind a megabyte
            wire.pending -= 5_000;
        }
        assertThat(slow.isOpen()).isTrue();
        pass(Duration.ofSeconds(21));
        assertThat(wire.heard).endsWith("closed 4408");
    }

    @Test
    void aListenerThatThrowsStopsNothing() {
        Logger.getLogger(Relay.class.getName()).setLevel(Level.OFF); // it reports the bug
        Relay relay = new Relay(config, store, process, () -> Instant.EPOCH, new RelayListener() {
            @Override
            public void sessionChanged(SessionView session) {
                throw new IllegalStateException("an embedder's bug");
            }
        });
        Peer peer = connected(relay, wire, new PeerIdentity("phone", true), Generation.V2);
        start(peer, A);
        say(peer, new UploadMessage.End(A, 0, null, null));
        pass(Duration.ofSeconds(1));
        assertThat(wire.heard).endsWith("saved");
    }
}
