package io.quickdrop.relay.driver.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentProof;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.ViewerMessage.CommandStatus;
import io.quickdrop.protocol.ViewerMessage.PaintedAck;
import io.quickdrop.protocol.ViewerMessage.StartStream;
import io.quickdrop.protocol.ViewerMessage.StopStream;
import io.quickdrop.protocol.ViewerMessage.StreamStarted;
import io.quickdrop.protocol.ViewerMessage.StreamStopped;
import io.quickdrop.relay.desktop.agent.AgentView;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.InMemoryConnection;
import io.quickdrop.relay.driver.InMemoryRecordingStore;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.RelayConfig;
import io.quickdrop.relay.driver.RelayListener;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.desktop.DesktopConfig;
import io.quickdrop.relay.driver.desktop.DesktopGate;
import io.quickdrop.relay.driver.desktop.DesktopListener;
import io.quickdrop.relay.driver.desktop.DesktopRegistry;
import io.quickdrop.relay.driver.desktop.DesktopRelay;
import io.quickdrop.relay.driver.desktop.InMemoryDesktopRegistry;
import io.quickdrop.relay.driver.desktop.Screenshot;
import io.quickdrop.relay.sim.SimulatedProcess;
import io.quickdrop.relay.sim.VirtualTime;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Both ends together: the agent, the relay and a viewer, in one process and simulated time. */
class AgentAndRelayTest {
    private final VirtualTime time = new VirtualTime(new SplittableRandom(1));
    private final SimulatedProcess process = new SimulatedProcess(time, new SplittableRandom(2), () -> 1);
    private final Relay relay = new Relay(
            RelayConfig.defaults("test"),
            new InMemoryRecordingStore(Clock.systemUTC()),
            process,
            Clock.systemUTC(),
            new RelayListener() {});
    private final BrokenRegistry registry = new BrokenRegistry();
    private DesktopGate.Admission decision = new DesktopGate.Admission.Admitted("fingerprint");
    private final List<DesktopGate.Application> applications = new ArrayList<>();
    private final DesktopRelay desktops = new DesktopRelay(
            DesktopConfig.defaults(),
            relay,
            registry,
            (application, pending) -> {
                applications.add(application);
                return CompletableFuture.completedFuture(decision);
            },
            Clock.systemUTC(),
            new DesktopListener() {});
    private final DrawnDesktop desktop = new DrawnDesktop(time);
    private final List<InMemoryConnection> agentEnds = new ArrayList<>();
    private final Viewer viewer = new Viewer();

    @Test
    void aViewerSeesWhatTheDesktopDrawsAndTheWindowStaysOpen() {
        DesktopAgent agent = start();
        viewer.start();
        run(20);

        assertThat(viewer.said(StreamStarted.class).get(0).epoch()).isEqualTo(1);
        assertThat(viewer.frames.size()).isGreaterThan(100);
        assertThat(viewer.frames.get(0).header().has(FrameHeader.FLAG_TILES)).isTrue();
        assertThat(desktop.view().state()).isEqualTo(AgentView.State.CAPTURING);
        assertThat(desktop.view().watchers()).containsExactly("ada");
        assertThat(desktop.view().skipped()).isLessThan(5);
        assertThat(agent.pace().fps()).isGreaterThan(15);
    }

    @Test
    void theProofThatTheGateIsShownFits() throws Exception {
        start();
        DesktopGate.Application shown = applications.get(0);
        Challenge challenge = Objects.requireNonNull(shown.challenge());
        byte[] signed = Base64.getUrlDecoder().decode(shown.handshake().signature());
        assertThat(desktop.isMine(AgentProof.bytes(challenge, "desk", AgentProof.WITHOUT_TLS), signed))
                .isTrue();
    }

    @Test
    void nothingIsCapturedBeforeAnybodyLooksNorAfterTheLastLookedAway() {
        start();
        run(10);
        assertThat(desktop.wholes).isEmpty();
        viewer.start();
        run(2);
        viewer.tell(new StopStream("desk", null, null));
        run(10);
        int drawn = desktop.wholes.size();
        assertThat(drawn).isPositive();
        run(10);
        assertThat(desktop.wholes).hasSize(drawn);
    }

    @Test
    void aCutAgentComesBackUnderANewEpochAndTheViewerGoesOn() {
        start();
        viewer.start();
        run(5);
        agentEnds.get(0).cut();
        run(3);
        assertThat(viewer.said(StreamStopped.class).get(0).reason()).isEqualTo("desktop_gone");
        assertThat(viewer.said(StreamStarted.class))
                .extracting(StreamStarted::epoch)
                .containsExactly(1L, 2L);
        int before = viewer.frames.size();
        run(5);
        assertThat(viewer.frames.size()).isGreaterThan(before + 20);
        assertThat(viewer.frames.get(viewer.frames.size() - 1).header().epoch()).isEqualTo(2);
    }

    @Test
    void aSecondAgentOfTheSameDesktopEndsTheFirstForGood() {
        DesktopAgent first = start();
        DesktopAgent second = start();
        run(5);
        assertThat(whyEnded(first).error()).isEqualTo(RegistrationException.SUPERSEDED);
        assertThat(second.outcome().toCompletableFuture()).isNotDone();
        assertThat(agentEnds).hasSize(2);
    }

    @Test
    void whomTheGateRefusesEndsWithTheHint() {
        decision = new DesktopGate.Admission.Refused("revoked", "ask the operator");
        DesktopAgent agent = start();
        assertThat(whyEnded(agent).error()).isEqualTo("revoked");
        assertThat(whyEnded(agent).hint()).isEqualTo("ask the operator");
    }

    @Test
    void aRegistryThatCannotWriteEndsItAndNothingStreams() {
        registry.broken = true;
        DesktopAgent agent = start();
        viewer.start();
        run(5);
        assertThat(whyEnded(agent).error()).isEqualTo("store_unavailable");
        assertThat(viewer.frames).isEmpty();
    }

    @Test
    void revokingEndsTheAgentAtOnce() {
        DesktopAgent agent = start();
        desktops.revoke("desk");
        run(1);
        assertThat(whyEnded(agent).error()).isEqualTo("revoked");
    }

    @Test
    void aScreenshotComesOutWholeAtTheOtherEnd() {
        start();
        List<CommandStatus> told = new ArrayList<>();
        JsonObject data = new JsonObject();
        data.addProperty("screen", 1);
        desktops.command("desk", "screenshot", data, told::add);
        run(1);
        byte[] file = new byte[200_001];
        file[200_000] = 9;
        desktop.screenshots.get(0).taken(1920, 1080, ByteBuffer.wrap(file));
        run(1);
        assertThat(told).extracting(CommandStatus::status).containsExactly("pending", "delivered", "completed");
        Screenshot taken = desktops.screenshot("desk", told.get(0).commandId()).orElseThrow();
        assertThat(taken.bytes()).isEqualTo(file.length);
        assertThat(taken.screen()).isEqualTo(1);
    }

    @Test
    void aPausedDesktopShowsNothingUntilItIsStartedAgain() {
        start();
        viewer.start();
        run(2);
        desktops.command("desk", "stop_capture", new JsonObject(), status -> {});
        run(2);
        int drawn = desktop.wholes.size();
        run(10);
        assertThat(desktop.wholes).hasSize(drawn);
        desktops.command("desk", "start_capture", new JsonObject(), status -> {});
        run(2);
        assertThat(desktop.wholes.size()).isGreaterThan(drawn);
    }

    private DesktopAgent start() {
        DesktopAgent agent = new DesktopAgent(desktop, desktop, this::connectAgent, process);
        desktop.captureFor(agent);
        run(1);
        return agent;
    }

    private void connectAgent(ConnectionEvents events) {
        InMemoryConnection.Pair pair = InMemoryConnection.pair(process.machines());
        agentEnds.add(pair.left());
        pair.left().receiveBy(new InMemoryConnection.Receiver() {
            @Override
            public void text(String text) {
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
        });
        events.opened(pair.left());
        pair.right().receiveBy(to(desktops.agentConnected(pair.right(), new PeerIdentity("agent", false))));
    }

    private static InMemoryConnection.Receiver to(Peer peer) {
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

    private void run(double seconds) {
        boolean[] over = {false};
        time.afterMillis(1000 * seconds, () -> over[0] = true);
        while (!over[0]) {
            time.step();
        }
    }

    private static RegistrationException whyEnded(DesktopAgent agent) {
        try {
            agent.outcome().toCompletableFuture().getNow(null);
        } catch (CompletionException e) {
            if (e.getCause() instanceof RegistrationException why) {
                return why;
            }
        }
        throw new AssertionError("it did not fail");
    }

    /** A viewer whose glass shows at once what comes. */
    private final class Viewer implements InMemoryConnection.Receiver {
        final List<Frame> frames = new ArrayList<>();
        private final List<Message> said = new ArrayList<>();
        private final InMemoryConnection.Pair pair = InMemoryConnection.pair(process.machines());

        void start() {
            pair.left().receiveBy(this);
            pair.right()
                    .receiveBy(to(relay.connected(
                            pair.right(),
                            new PeerIdentity("ada", false),
                            Generation.V2,
                            desktops.viewer("ada", true))));
            tell(new StartStream("desk", 0, 0));
        }

        void tell(Message message) {
            pair.left().sendText(TextCodec.encode(message));
        }

        <T extends Message> List<T> said(Class<T> type) {
            return said.stream().filter(type::isInstance).map(type::cast).toList();
        }

        @Override
        public void text(String text) {
            accept(TextCodec.decode(text), said::add);
        }

        @Override
        public void binary(ByteBuffer payload) {
            accept(Frame.decode(payload), frame -> {
                frames.add(frame);
                FrameHeader header = frame.header();
                tell(new PaintedAck(
                        "desk", 0, 0, header.epoch(), header.frameNumber(), header.frameNumber(), 1000, 0, false));
            });
        }

        private <T> void accept(Decoded<T> decoded, Consumer<T> consumer) {
            if (!(decoded instanceof Decoded.Accepted<T> accepted)) {
                throw new AssertionError(decoded);
            }
            consumer.accept(accepted.value());
        }
    }

    /** A registry whose disk may be full. */
    private static final class BrokenRegistry implements DesktopRegistry {
        private final DesktopRegistry registry = new InMemoryDesktopRegistry();
        boolean broken;

        @Override
        public long register(ClientInfo info, Generation generation) throws StorageException {
            if (broken) {
                throw new StorageException(StorageException.Kind.FULL, "no room");
            }
            return registry.register(info, generation);
        }

        @Override
        public Set<String> seen(Map<String, Long> epochs) throws StorageException {
            return registry.seen(epochs);
        }

        @Override
        public void left(String clientId, long epoch) throws StorageException {
            registry.left(clientId, epoch);
        }

        @Override
        public List<Registered> list() throws StorageException {
            return registry.list();
        }

        @Override
        public boolean remove(String clientId) throws StorageException {
            return registry.remove(clientId);
        }
    }
}
