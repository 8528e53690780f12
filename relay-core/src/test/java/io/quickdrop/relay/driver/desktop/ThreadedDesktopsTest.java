package io.quickdrop.relay.driver.desktop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.AgentMessage.RelayAck;
import io.quickdrop.protocol.AgentMessage.StartCapture;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.ViewerMessage.PaintedAck;
import io.quickdrop.protocol.ViewerMessage.StartStream;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.InMemoryConnection;
import io.quickdrop.relay.driver.InMemoryRecordingStore;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.RelayConfig;
import io.quickdrop.relay.driver.RelayListener;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Desktops and viewers on real threads, over connections inside the process. */
@Timeout(120)
class ThreadedDesktopsTest {
    private static final int LAST_FRAME = 300;

    private final ThreadWorkers workers = new ThreadWorkers();
    private final ExecutorService wires = Executors.newFixedThreadPool(4);
    private final Relay relay = new Relay(
            RelayConfig.defaults("test"),
            new InMemoryRecordingStore(workers::now),
            workers,
            InstantSource.system(),
            new RelayListener() {});
    private final DesktopRelay desktops = new DesktopRelay(
            DesktopConfig.defaults(),
            relay,
            new InMemoryDesktopRegistry(),
            DesktopGate.open(),
            InstantSource.system(),
            new DesktopListener() {});

    @AfterEach
    void stop() {
        desktops.close();
        relay.close();
        workers.close();
        wires.shutdownNow();
    }

    private static Message message(String text) {
        return ((Decoded.Accepted<Message>) TextCodec.decode(text)).value();
    }

    private static InMemoryConnection.Receiver toldTo(Peer peer) {
        return new InMemoryConnection.Receiver() {
            @Override
            public void text(String text) {
                peer.text(text);
            }

            @Override
            public void binary(ByteBuffer payload) {
                peer.binary(payload, true);
            }

            @Override
            public void alive() {
                peer.alive();
            }

            @Override
            public void closed(int code, String reason) {
                peer.closed();
            }
        };
    }

    /** An agent that sends its frames one by one, each when the one before is acknowledged. */
    private final class Agent implements InMemoryConnection.Receiver {
        private final String clientId;
        private final InMemoryConnection wire;
        private final AtomicLong epoch = new AtomicLong();
        private final AtomicInteger sent = new AtomicInteger();

        Agent(String clientId) {
            this.clientId = clientId;
            InMemoryConnection.Pair pair = InMemoryConnection.pair(wires);
            wire = pair.right();
            wire.receiveBy(this);
            pair.left().receiveBy(toldTo(desktops.agentConnected(pair.left(), new PeerIdentity("agent", false))));
            wire.sendText(TextCodec.encode(new Handshake(DesktopScene.desktop(clientId), "key", "signature", null)));
        }

        @Override
        public void text(String text) {
            Message message = message(text);
            if (message instanceof HandshakeAck ack) {
                epoch.set(ack.epoch());
            } else if (message instanceof StartCapture && sent.get() == 0) {
                send();
            } else if (message instanceof RelayAck ack && ack.frameNumber() == sent.get()) {
                send();
            }
        }

        private void send() {
            if (sent.get() < LAST_FRAME) {
                int number = sent.incrementAndGet();
                ByteBuffer picture = ByteBuffer.allocate(2_000).putInt(0, number);
                wire.sendBinary(DesktopScene.frame(epoch.get(), number, Rendition.TILES, picture.array())
                        .encode());
            }
        }
    }

    /** A viewer that paints what it is sent. */
    private final class Viewer implements InMemoryConnection.Receiver {
        private final String clientId;
        private final InMemoryConnection wire;
        private final AtomicInteger shown = new AtomicInteger();
        private final AtomicInteger backwards = new AtomicInteger();

        Viewer(String clientId) {
            this.clientId = clientId;
            InMemoryConnection.Pair pair = InMemoryConnection.pair(wires);
            wire = pair.right();
            wire.receiveBy(this);
            pair.left()
                    .receiveBy(toldTo(relay.connected(
                            pair.left(),
                            new PeerIdentity("operator", true),
                            Generation.V2,
                            relay.hello(),
                            desktops.viewer("viewer", true))));
            wire.sendText(TextCodec.encode(new StartStream(clientId, null, null)));
        }

        @Override
        public void binary(ByteBuffer payload) {
            Frame frame = ((Decoded.Accepted<Frame>) Frame.decode(payload)).value();
            FrameHeader header = frame.header();
            int number = frame.tiles().get(0).bytes().getInt(0);
            if (number < shown.getAndSet(number)) {
                backwards.incrementAndGet();
            }
            wire.sendText(TextCodec.encode(new PaintedAck(
                    clientId,
                    header.screen(),
                    header.rendition(),
                    header.epoch(),
                    header.frameNumber(),
                    header.frameNumber(),
                    100,
                    0,
                    false)));
        }
    }

    @Test
    void everyViewerComesToShowTheLastPictureAndNeverAnOlderOneBehindANewer() {
        List<Agent> agents = new ArrayList<>();
        List<Viewer> viewers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            agents.add(new Agent("desktop-" + i));
        }
        await().until(() -> desktops.list().size() == agents.size());
        for (Agent agent : agents) {
            for (int i = 0; i < 3; i++) {
                viewers.add(new Viewer(agent.clientId));
            }
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> viewers.stream().allMatch(viewer -> viewer.shown.get() == LAST_FRAME));
        assertThat(viewers)
                .allSatisfy(viewer -> assertThat(viewer.backwards.get()).isZero());
        agents.forEach(agent -> agent.wire.cut());
        await().until(() ->
                desktops.list().stream().allMatch(desktop -> desktop.state().equals("offline")));
    }

    @Test
    void manyConnectionsOfOneDesktopAtOnceLeaveExactlyTheNewest() {
        List<Agent> agents = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            agents.add(new Agent("same"));
        }
        await().until(() -> relay.connectedDevices().contains("agent")
                && agents.stream().anyMatch(agent -> agent.epoch.get() == 50));
        Viewer viewer = new Viewer("same");
        await().atMost(Duration.ofSeconds(60)).until(() -> viewer.shown.get() == LAST_FRAME);
        assertThat(desktops.list()).singleElement().satisfies(desktop -> assertThat(desktop.state())
                .isEqualTo("online"));
        assertThat(agents.stream().filter(agent -> agent.sent.get() > 0))
                .singleElement()
                .satisfies(agent -> assertThat(agent.epoch.get()).isEqualTo(50));
    }
}
