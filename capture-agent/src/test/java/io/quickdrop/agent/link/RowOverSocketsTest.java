package io.quickdrop.agent.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.agent.identity.AgentKeys;
import io.quickdrop.agent.identity.KnownInstances;
import io.quickdrop.agent.identity.KnownServers;
import io.quickdrop.agent.identity.PrivateFolder;
import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.AgentMessage.HeartbeatTiming;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.Subprotocol;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.relay.desktop.agent.CapturePlan;
import io.quickdrop.relay.desktop.agent.PaceBounds;
import io.quickdrop.relay.driver.agent.Credentials;
import io.quickdrop.relay.driver.agent.Desktop;
import io.quickdrop.relay.driver.agent.DesktopAgent;
import io.quickdrop.relay.driver.agent.ScreenshotReply;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.websocket.ServerAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.WebSocketServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An agent and its row of servers over sockets of this machine. */
@Timeout(120)
class RowOverSocketsTest {
    /** What the issue allows until a desktop is registered elsewhere. */
    private static final Duration ELSEWHERE_WITHIN = Duration.ofSeconds(15);

    private final SmallServer one = new SmallServer();
    private final SmallServer two = new SmallServer();

    @TempDir
    Path home;

    @SuppressWarnings("NullAway.Init")
    RowOverSocketsTest() {}

    @AfterEach
    void stop() throws InterruptedException {
        one.stop(100);
        two.stop(100);
    }

    @Test
    void aServerThatIsGoneCostsSeconds() throws Exception {
        agentOf(() -> {
            one.stop(0);
            await().atMost(ELSEWHERE_WITHIN).until(() -> two.registrations.get() == 1);
        });
    }

    @Test
    void aFrozenServerIsLeft() throws Exception {
        agentOf(() -> {
            one.frozen = true;
            await().atMost(ELSEWHERE_WITHIN).until(() -> two.registrations.get() == 1);
        });
    }

    @Test
    void aFencedServerSendsItOnAndMayHaveItBack() throws Exception {
        agentOf(() -> {
            one.getConnections().forEach(connection -> connection.close(1012, "fenced"));
            await().atMost(ELSEWHERE_WITHIN).until(() -> two.registrations.get() == 1);
            two.getConnections().forEach(connection -> connection.close(1001, "goes down"));
            await().atMost(ELSEWHERE_WITHIN).until(() -> one.registrations.get() == 2);
        });
    }

    private interface Story {
        void tell() throws Exception;
    }

    /** Has an agent registered at the first. */
    private void agentOf(Story story) throws Exception {
        one.begin();
        two.begin();
        PrivateFolder folder = new PrivateFolder(home);
        AgentKeys keys = AgentKeys.in(folder);
        Row row = new Row(
                List.of(one.asServer(), two.asServer()),
                new KnownServers(folder),
                new KnownInstances(folder),
                alarm -> {});
        try (ThreadWorkers workers = new ThreadWorkers();
                DesktopAgent agent = new DesktopAgent(
                        new Blank(), credentials(keys), row, row.rotation(), workers, PaceBounds.defaults())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> one.registrations.get() == 1);
            assertThat(two.registrations).hasValue(0);
            story.tell();
            assertThat(agent.outcome().toCompletableFuture()).isNotDone();
        }
    }

    private static Credentials credentials(AgentKeys keys) {
        return new Credentials() {
            @Override
            public byte[] publicKey() {
                return keys.publicKey();
            }

            @Override
            public byte[] sign(byte[] message) {
                return keys.sign(message);
            }

            @Override
            public Optional<String> enrolmentCode() {
                return Optional.empty();
            }
        };
    }

    /** A desktop without a screen. */
    private static final class Blank implements Desktop {
        @Override
        public ClientInfo info() {
            return new ClientInfo(ClientInfo.DESKTOP, "blank", "Blank", "here", List.of(), List.of(), List.of());
        }

        @Override
        public void plan(CapturePlan plan) {}

        @Override
        public void screenshot(int screen, ScreenshotReply reply) {
            reply.failed("there is none");
        }
    }

    /** Registers whoever comes, and answers pings. */
    private static final class SmallServer extends WebSocketServer {
        final AtomicInteger registrations = new AtomicInteger();
        volatile boolean frozen;
        private final CountDownLatch started = new CountDownLatch(1);

        SmallServer() {
            super(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    1,
                    List.of(new Draft_6455(List.of(), List.of(new Protocol(Subprotocol.V2)))));
            setConnectionLostTimeout(0);
            setDaemon(true);
        }

        void begin() throws InterruptedException {
            start();
            assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
        }

        Server asServer() {
            return new Server(ServerAddress.parse("ws://localhost:" + getPort()), null);
        }

        @Override
        public void onStart() {
            started.countDown();
        }

        @Override
        public void onOpen(WebSocket connection, ClientHandshake handshake) {
            say(connection, new Challenge("nonce", "server"));
        }

        @Override
        public void onMessage(WebSocket connection, String text) {
            if (!(TextCodec.decode(text) instanceof Decoded.Accepted<Message> accepted)) {
                throw new AssertionError("not a message: " + text);
            }
            if (accepted.value() instanceof Handshake && !frozen) {
                int epoch = registrations.incrementAndGet();
                say(connection, new HandshakeAck("blank", epoch, new HeartbeatTiming(5000, 3), true, 7L));
            } else if (accepted.value() instanceof LinkMessage.Ping ping) {
                say(connection, new LinkMessage.Pong(ping.timestamp(), null, 0));
            }
        }

        private void say(WebSocket connection, Message message) {
            if (!frozen) {
                connection.send(TextCodec.encode(message));
            }
        }

        @Override
        public void onClose(WebSocket connection, int code, String reason, boolean remote) {}

        @Override
        public void onError(WebSocket connection, Exception failure) {}
    }
}
