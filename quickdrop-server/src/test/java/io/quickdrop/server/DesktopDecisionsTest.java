package io.quickdrop.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.AgentMessage.RegistrationFailed;
import io.quickdrop.protocol.AgentMessage.RegistrationPending;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.ObserverMessage.DesktopConnected;
import io.quickdrop.protocol.ObserverMessage.DesktopDisconnected;
import io.quickdrop.protocol.ObserverMessage.Snapshot;
import io.quickdrop.protocol.ObserverMessage.SubscribeObserver;
import io.quickdrop.protocol.RegistrationError;
import io.quickdrop.server.desktops.TestAgent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operator decides about desktops, and how soon it holds. The whole server over TLS on loopback. */
final class DesktopDecisionsTest {
    private DesktopScene scene;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        scene = new DesktopScene(folder);
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    @Test
    void theOperatorApprovesByFingerprintWhileTheDashboardWatches() throws Exception {
        DesktopPeer dashboard = scene.pageSocket();
        dashboard.send(new SubscribeObserver());
        assertThat(dashboard.next(Snapshot.class).desktops()).isEmpty();
        DesktopPeer agent = scene.agentSocket();
        scene.answer(agent, new TestAgent("studio"), null);

        String fingerprint = agent.next(RegistrationPending.class).fingerprint();
        DesktopClient asks = dashboard.next(DesktopConnected.class).desktop();
        assertThat(asks.state()).isEqualTo(DesktopClient.PENDING);
        assertThat(asks.fingerprint()).isEqualTo(fingerprint);
        DesktopPeer late = scene.pageSocket();
        late.send(new SubscribeObserver());
        assertThat(late.next(Snapshot.class).desktops())
                .extracting(DesktopClient::state)
                .containsExactly("pending");
        assertThat(scene.list("/api/desktops/pending")).hasSize(1);

        assertThat(scene.call("POST", "/api/desktops/pending/" + fingerprint + "/approve")
                        .statusCode())
                .isEqualTo(204);
        assertThat(agent.next(HandshakeAck.class).epoch()).isEqualTo(1);
        assertThat(dashboard.next(DesktopConnected.class).desktop().state()).isEqualTo(DesktopClient.ONLINE);
        assertThat(scene.list("/api/desktops/pending")).isEmpty();
        assertThat(scene.call("POST", "/api/desktops/pending/" + fingerprint + "/approve")
                        .statusCode())
                .isEqualTo(404);
        assertThat(scene.audit()).contains("desktop_approve", fingerprint);
    }

    @Test
    void theOperatorRefuses() throws Exception {
        DesktopPeer dashboard = scene.dashboard();
        DesktopPeer agent = scene.agentSocket();
        scene.answer(agent, new TestAgent("studio"), null);
        String fingerprint = agent.next(RegistrationPending.class).fingerprint();

        assertThat(scene.call("POST", "/api/desktops/pending/" + fingerprint + "/refuse")
                        .statusCode())
                .isEqualTo(204);

        assertThat(agent.next(RegistrationFailed.class).error()).isEqualTo(RegistrationError.REFUSED);
        assertThat(agent.closing().code()).isEqualTo(CloseCode.POLICY.code());
        assertThat(dashboard.next(DesktopDisconnected.class).removed()).isTrue();
        assertThat(scene.desktops()).isEmpty();
    }

    @Test
    void whoGaveUpWaitingLeavesTheDashboard() throws Exception {
        DesktopPeer dashboard = scene.dashboard();
        DesktopPeer agent = scene.agentSocket();
        scene.answer(agent, new TestAgent("studio"), null);
        agent.next(RegistrationPending.class);

        agent.hangUp();

        assertThat(dashboard.next(DesktopDisconnected.class)).isEqualTo(new DesktopDisconnected("studio", true));
        Awaitility.await().untilAsserted(() -> assertThat(scene.list("/api/desktops/pending"))
                .isEmpty());
    }

    @Test
    void aRevokedDesktopIsOutWithinASecondAndStaysOut() throws Exception {
        TestAgent studio = new TestAgent("studio");
        DesktopPeer agent = scene.agentSocket();
        scene.register(agent, studio, scene.newCode());
        DesktopPeer dashboard = scene.pageSocket();
        dashboard.send(new SubscribeObserver());
        assertThat(dashboard.next(Snapshot.class).desktops()).hasSize(1);

        Instant asked = Instant.now();
        assertThat(scene.call("DELETE", "/api/desktops/studio").statusCode()).isEqualTo(204);
        DesktopPeer.Closing closing = agent.closing();

        assertThat(closing.code()).isEqualTo(CloseCode.FORBIDDEN.code());
        assertThat(Duration.between(asked, closing.at())).isLessThan(Duration.ofSeconds(1));
        DesktopDisconnected gone = dashboard.next(DesktopDisconnected.class);
        assertThat(gone.removed() ? gone : dashboard.next(DesktopDisconnected.class))
                .as("told as gone, and as removed, perhaps at once")
                .isEqualTo(new DesktopDisconnected("studio", true));
        assertThat(scene.desktops()).isEmpty();
        assertThat(scene.call("DELETE", "/api/desktops/studio").statusCode()).isEqualTo(404);
        assertThat(scene.failure(studio, null)).isEqualTo(RegistrationError.REVOKED);
        scene.restart();
        assertThat(scene.failure(studio, null)).as("after a restart").isEqualTo(RegistrationError.REVOKED);
        DesktopPeer back = scene.agentSocket();
        assertThat(scene.register(back, studio, scene.newCode()).epoch())
                .as("epochs go on")
                .isEqualTo(2);
        assertThat(scene.audit()).contains("desktop_revoke");
    }

    @Test
    void registrationsOutliveARestart() throws Exception {
        TestAgent studio = new TestAgent("studio");
        DesktopPeer agent = scene.agentSocket();
        scene.register(agent, studio, scene.newCode());

        scene.restart();

        assertThat(scene.desktops()).singleElement().satisfies(desktop -> {
            assertThat(desktop.get("state").getAsString()).isEqualTo(DesktopClient.OFFLINE);
            assertThat(desktop.get("fingerprint").getAsString()).hasSize(39);
        });
        assertThat(scene.register(scene.agentSocket(), studio, null).epoch()).isEqualTo(2);
    }
}
