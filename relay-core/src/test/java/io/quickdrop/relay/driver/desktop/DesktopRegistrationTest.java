package io.quickdrop.relay.driver.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.AgentMessage.AgentStatus;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.RegistrationError;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.desktop.DesktopGate.Admission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Which desktops are served, and from when on. */
class DesktopRegistrationTest {
    private final DesktopScene scene = new DesktopScene();

    @Test
    void anAgentIsChallengedBeforeItSaysAnything() {
        DesktopScene.Seat first = scene.agent();
        DesktopScene.Seat second = scene.agent();
        assertThat(first.wire().heard).containsExactly("challenge");
        assertThat(first.wire().last("challenge").get("serverId").getAsString()).isEqualTo("srv");
        String nonce = first.wire().last("challenge").get("nonce").getAsString();
        assertThat(nonce)
                .hasSize(43)
                .isNotEqualTo(second.wire().last("challenge").get("nonce").getAsString());
    }

    @Test
    void aDesktopIsStoredBeforeItIsAcknowledged() {
        scene.storageMillis = 50;
        DesktopScene.Seat agent = scene.agent();
        agent.say(new Handshake(DesktopScene.desktop("a"), "key", "signature", null));
        while (!scene.log.contains("stored a")) {
            scene.time.step();
            assertThat(agent.wire().heard).containsExactly("challenge");
        }
        scene.settle();
        assertThat(agent.wire().heard).containsExactly("challenge", "handshake_ack");
        var ack = agent.wire().last("handshake_ack");
        assertThat(ack.get("dbRegistered").getAsBoolean()).isTrue();
        assertThat(ack.get("epoch").getAsLong()).isEqualTo(1);
        assertThat(ack.has("desktopHandle")).isTrue();
        assertThat(scene.log).containsExactly("stored a", "online a");
        assertThat(scene.desktops.list()).singleElement().satisfies(listed -> {
            assertThat(listed.state()).isEqualTo(DesktopClient.ONLINE);
            assertThat(listed.friendlyName()).isEqualTo("Name of a");
        });
    }

    @Test
    void aRegistryThatFailsLetsNothingStream() {
        Logger.getLogger(AgentRegistration.class.getName()).setLevel(Level.OFF); // it reports the failure
        scene.registry.broken = true;
        DesktopScene.Seat agent = scene.agent("a");
        assertThat(agent.wire().heard).containsExactly("challenge", "registration_failed");
        assertThat(agent.wire().last("registration_failed").get("error").getAsString())
                .isEqualTo(RegistrationError.STORE_UNAVAILABLE);
        agent.peer().binary(DesktopScene.frame(1, 1, Rendition.TILES, (byte) 1).encode(), true);
        scene.pass(Duration.ofMillis(60));
        assertThat(agent.wire().heard).as("time to read why").doesNotContain("closed 1008");
        scene.pass(Duration.ofMillis(60));
        assertThat(agent.wire().heard).containsExactly("challenge", "registration_failed", "closed 1008");
        assertThat(scene.desktops.list()).isEmpty();
        DesktopScene.Seat viewer = scene.watcher("ada", "a");
        assertThat(viewer.wire().heard).endsWith("desktop_unknown");
        assertThat(scene.log).isEmpty();
    }

    @Test
    void whatComesBeforeTheRegistrationIsRefusedAndSoonClosed() {
        scene.gate = (application, pending) -> new CompletableFuture<>();
        DesktopScene.Seat agent = scene.agent();
        agent.say(new AgentStatus("idle", 0, 0, 0, 0, 0, null));
        agent.say(new Handshake(DesktopScene.desktop("a"), "key", "signature", null));
        agent.peer().binary(DesktopScene.frame(1, 1, Rendition.TILES, (byte) 1).encode(), true);
        scene.settle();
        assertThat(agent.wire().heard).containsExactly("challenge", "not_registered", "not_registered");
        agent.say(new LinkMessage.Ping(1L, null));
        assertThat(agent.wire().heard).as("heartbeats run").endsWith("pong");
        for (int i = 0; i < 25; i++) {
            agent.peer()
                    .binary(DesktopScene.frame(1, 1, Rendition.TILES, (byte) 1).encode(), true);
        }
        scene.settle();
        assertThat(agent.wire().heard).endsWith("closed 1008");
    }

    @Test
    void anAgentThatNeverAnswersTheChallengeIsClosed() {
        DesktopScene.Seat agent = scene.agent();
        agent.say(new LinkMessage.Ping(1L, null)); // it is alive, and says nothing that counts
        scene.pass(Duration.ofMillis(5_100));
        assertThat(agent.wire().heard).containsExactly("challenge", "pong", "ws-ping", "closed 4401");
    }

    @Test
    void aGateThatRefusesIsQuoted() {
        scene.gate = (application, pending) -> CompletableFuture.completedFuture(
                new Admission.Refused(RegistrationError.SIGNATURE_WRONG, "look at the clock"));
        DesktopScene.Seat agent = scene.agent("a");
        var failed = agent.wire().last("registration_failed");
        assertThat(failed.get("error").getAsString()).isEqualTo("signature_wrong");
        assertThat(failed.get("hint").getAsString()).isEqualTo("look at the clock");
        scene.pass(Duration.ofMillis(200));
        assertThat(agent.wire().heard).endsWith("closed 1008");
        assertThat(scene.log).isEmpty();
    }

    @Test
    void aDesktopThatWaitsForApprovalStaysConnectedAndIsShown() {
        CompletableFuture<Admission> decision = new CompletableFuture<>();
        scene.gate = (application, pending) -> {
            pending.accept(new DesktopGate.Pending("3fa9-c177", "approve it on the dashboard"));
            return decision;
        };
        DesktopScene.Seat agent = scene.agent("a");
        assertThat(agent.wire().heard).containsExactly("challenge", "registration_pending");
        assertThat(scene.desktops.list()).singleElement().satisfies(listed -> {
            assertThat(listed.state()).isEqualTo(DesktopClient.PENDING);
            assertThat(listed.fingerprint()).isEqualTo("3fa9-c177");
        });
        for (int i = 0; i < 20; i++) {
            agent.peer().alive();
            scene.pass(Duration.ofSeconds(5));
        }
        assertThat(agent.peer().isOpen()).isTrue();
        decision.complete(new Admission.Admitted("3fa9-c177"));
        scene.settle();
        assertThat(agent.wire().heard).endsWith("handshake_ack");
        assertThat(scene.log).containsExactly("pending a", "stored a", "online a");
        assertThat(scene.desktops.list()).singleElement().satisfies(listed -> {
            assertThat(listed.state()).isEqualTo(DesktopClient.ONLINE);
            assertThat(listed.fingerprint()).isEqualTo("3fa9-c177");
        });
    }

    @Test
    void aDesktopThatGivesUpWaitingIsTakenOffTheList() {
        List<Boolean> stillThere = new ArrayList<>();
        List<DesktopGate.Application> asked = new ArrayList<>();
        scene.gate = (application, pending) -> {
            asked.add(application);
            pending.accept(new DesktopGate.Pending("f", "h"));
            return new CompletableFuture<>();
        };
        DesktopScene.Seat agent = scene.agent("a");
        stillThere.add(asked.get(0).stillThere().getAsBoolean());
        agent.peer().closed();
        scene.settle();
        stillThere.add(asked.get(0).stillThere().getAsBoolean());
        assertThat(stillThere).containsExactly(true, false);
        assertThat(scene.log).containsExactly("pending a", "removed a");
        assertThat(scene.desktops.list()).isEmpty();
    }

    @Test
    void aNewerConnectionSupersedesTheOlderWhoseLateCloseChangesNothing() {
        DesktopScene.Seat old = scene.agent("a");
        DesktopScene.Seat viewer = scene.watcher("ada", "a");
        DesktopScene.Seat newer = scene.agent("a");
        assertThat(old.wire().heard).endsWith("closed 4409");
        assertThat(DesktopScene.epoch(newer)).isEqualTo(2);
        old.peer().binary(DesktopScene.frame(1, 1, Rendition.TILES, (byte) 66).encode(), true);
        old.peer().closed();
        scene.pass(Duration.ofSeconds(1));
        assertThat(scene.log).doesNotContain("disconnected a");
        assertThat(scene.desktops.list())
                .singleElement()
                .extracting(DesktopClient::state)
                .isEqualTo("online");
        DesktopScene.frame(newer, 1, Rendition.TILES, (byte) 77);
        scene.settle();
        assertThat(DesktopScene.shown(viewer)).containsExactly(77);
        assertThat(viewer.wire().frames)
                .allSatisfy(frame -> assertThat(frame.header().epoch()).isEqualTo(2));
    }

    @Test
    void aConnectionThatWasStoredBeforeANewerOneDoesNotTakeTheDesktopBack() {
        scene.storageMillis = 30;
        DesktopScene.Seat first = scene.agent();
        DesktopScene.Seat second = scene.agent();
        first.say(new Handshake(DesktopScene.desktop("a"), "key", "signature", null));
        second.say(new Handshake(DesktopScene.desktop("a"), "key", "signature", null));
        scene.pass(Duration.ofMillis(500));
        List<DesktopScene.Seat> open = List.of(first, second).stream()
                .filter(seat -> seat.peer().isOpen())
                .toList();
        assertThat(open).singleElement().satisfies(seat -> assertThat(DesktopScene.epoch(seat))
                .isEqualTo(2));
        assertThat(scene.desktops.list()).hasSize(1);
    }

    @Test
    void aDesktopThatLeavesIsShownAsOffline() {
        DesktopScene.Seat agent = scene.agent("a");
        scene.pass(Duration.ofSeconds(1));
        agent.peer().closed();
        scene.settle();
        assertThat(scene.log).endsWith("disconnected a");
        assertThat(scene.desktops.list()).singleElement().satisfies(listed -> {
            assertThat(listed.state()).isEqualTo(DesktopClient.OFFLINE);
            assertThat(listed.desktopHandle()).isNull();
        });
    }

    @Test
    void desktopsFromBeforeARestartAreListedAndKeepGrowingEpochs() throws Exception {
        scene.registry.register(DesktopScene.desktop("a"), Generation.V2);
        scene.desktops.restore();
        assertThat(scene.desktops.list())
                .singleElement()
                .extracting(DesktopClient::state)
                .isEqualTo("offline");
        assertThat(DesktopScene.epoch(scene.agent("a"))).isEqualTo(2);
    }

    @Test
    void aRevokedDesktopIsClosedAtOnceRegisteredOrNot() {
        DesktopScene.Seat agent = scene.agent("a");
        DesktopScene.Seat viewer = scene.watcher("ada", "a");
        scene.gate = (application, pending) -> new CompletableFuture<>();
        DesktopScene.Seat waiting = scene.agent("a");
        DesktopScene.Seat other = scene.agent("b");
        scene.desktops.revoke("a");
        assertThat(agent.wire().heard).endsWith("closed 4403");
        assertThat(waiting.wire().heard).endsWith("closed 4403");
        assertThat(other.peer().isOpen()).isTrue();
        scene.settle();
        assertThat(scene.desktops.list()).isEmpty();
        assertThat(scene.registry.list()).isEmpty();
        assertThat(scene.log).endsWith("removed a");
        assertThat(viewer.wire().last("stream_stopped").get("reason").getAsString())
                .isEqualTo("desktop_removed");
        scene.watch(viewer, "a", Rendition.TILES);
        assertThat(viewer.wire().heard).endsWith("desktop_unknown");
    }

    @Test
    void aDesktopThatIsRevokedWhileItIsStoredIsNotServed() {
        scene.storageMillis = 50;
        DesktopScene.Seat agent = scene.agent();
        agent.say(new Handshake(DesktopScene.desktop("a"), "key", "signature", null));
        scene.pass(Duration.ofMillis(60)); // judged, and on its way to the disk
        scene.desktops.revoke("a");
        scene.pass(Duration.ofSeconds(1));
        assertThat(agent.wire().heard).containsExactly("challenge", "closed 4403");
        assertThat(scene.registry.list()).isEmpty();
        assertThat(scene.desktops.list()).isEmpty();
    }

    @Test
    void moreDesktopsThanAllowedAreRefusedButNotTheReturnOfOne() {
        DesktopScene.Seat first = scene.agent("d0");
        for (int i = 1; i < DesktopConfig.defaults().maxDesktops(); i++) {
            scene.agent("d" + i).peer().alive();
        }
        assertThat(first.peer().isOpen()).isTrue();
        DesktopScene.Seat tooMany = scene.agent("one-more");
        assertThat(tooMany.wire().last("registration_failed").get("error").getAsString())
                .isEqualTo(RegistrationError.TOO_MANY_DESKTOPS);
        assertThat(scene.agent("d0").wire().heard).endsWith("handshake_ack");
    }

    @Test
    void aViewerOnAnAgentsConnectionIsRefused() {
        DesktopScene.Seat agent = scene.agent();
        agent.say(new Handshake(
                new ClientInfo(ClientInfo.WEB, "w", null, null, List.of(), List.of(), List.of()), null, null, null));
        scene.pass(Duration.ofMillis(200));
        assertThat(agent.wire().heard).containsExactly("challenge", "registration_failed", "closed 1008");
    }
}
