package io.quickdrop.relay.driver.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.AgentMessage.AgentStatus;
import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.AgentMessage.HeartbeatTiming;
import io.quickdrop.protocol.AgentMessage.RegistrationFailed;
import io.quickdrop.protocol.AgentMessage.RegistrationPending;
import io.quickdrop.protocol.AgentMessage.StopCapture;
import io.quickdrop.protocol.AgentMessage.ViewerReport;
import io.quickdrop.protocol.AgentProof;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.relay.desktop.agent.AgentView;
import io.quickdrop.relay.desktop.agent.CapturePlan;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent's life: registration, loss, return, end. */
class DesktopAgentTest extends AgentWorld {
    @Test
    void introducesItselfWithAProofThatFitsOnlyThisConnectionAndThisServer() throws Exception {
        start();
        run(1);

        Handshake handshake = server.said(Handshake.class).get(0);
        byte[] signed = Base64.getUrlDecoder().decode(handshake.signature());
        Challenge challenge = new Challenge("nonce1", "server");
        assertThat(desktop.isMine(AgentProof.bytes(challenge, "desk", ScriptedServer.SERVER_KEY), signed))
                .isTrue();
        assertThat(Base64.getUrlDecoder().decode(handshake.publicKey())).isEqualTo(desktop.publicKey());
        assertThat(handshake.enrolmentCode()).isEqualTo("K7QD-2M9X");
        assertThat(handshake.clientInfo()).isEqualTo(desktop.info());
        assertThat(desktop.view().state()).isEqualTo(AgentView.State.IDLE);
    }

    @Test
    void nothingIsCapturedWhenNobodyLooks() {
        start();
        run(10);
        assertThat(server.frames).isEmpty();
        assertThat(agent().turn(0, 0)).isEmpty();
        server.startCapture(0, 0);
        run(1);
        assertThat(server.frames).isNotEmpty();
        server.tell(new StopCapture());
        run(0.1);
        int frames = server.frames.size();
        run(10);
        assertThat(server.frames).hasSize(frames);
        assertThat(desktop.plan().streams()).isEmpty();
    }

    @Test
    void waitsForAPersonAsLongAsThatTakes() {
        server.registers = false;
        start();
        run(0.1);
        server.tell(new Challenge("nonce", "server"));
        run(0.1);
        server.tell(new RegistrationPending("desk", "1a2b", "approve it on the dashboard"));
        run(600);
        assertThat(desktop.view().state()).isEqualTo(AgentView.State.PENDING);
        assertThat(desktop.view().detail()).contains("1a2b").contains("approve it");
        assertThat(server.connectedAtMillis).hasSize(1);

        server.register();
        run(0.1);
        assertThat(desktop.view().state()).isEqualTo(AgentView.State.IDLE);
    }

    @Test
    void aRefusalIsFinalAndSaysWhatToDo() {
        server.registers = false;
        start();
        run(0.1);
        server.tell(new Challenge("nonce", "server"));
        server.tell(new RegistrationFailed("desk", "store_unavailable", "look at the server's disk"));
        run(60);
        assertThat(end().error()).isEqualTo("store_unavailable");
        assertThat(end().hint()).isEqualTo("look at the server's disk");
        assertThat(server.connectedAtMillis).hasSize(1);
        assertThat(desktop.view().state()).isEqualTo(AgentView.State.ENDED);
        assertThat(server.wire().closed).isTrue();
    }

    @Test
    void aServerThatHasNotStoredTheRegistrationIsNotServed() {
        server.registers = false;
        start();
        run(0.1);
        server.tell(new Challenge("nonce", "server"));
        server.tell(new HandshakeAck("desk", 1, new HeartbeatTiming(5000, 3), false, 5L));
        run(1);
        assertThat(end().error()).isEqualTo("store_unavailable");
    }

    @Test
    void aServerThatNeverAsksForTheProofIsGivenUpAndTriedAgain() {
        server.registers = false;
        start();
        run(30);
        assertThat(server.connectedAtMillis).hasSizeGreaterThanOrEqualTo(3);
        assertThat(isOver()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"4401 closed", "4403 revoked", "4409 superseded", "1008 closed", "1009 closed"})
    void aFinalCloseEndsIt(String codeAndError) {
        startCapturing();
        server.hangUp(Integer.parseInt(codeAndError.substring(0, 4)), "said the server");
        run(60);
        assertThat(end().error()).isEqualTo(codeAndError.substring(5));
        assertThat(end().hint()).contains("said the server");
        assertThat(server.connectedAtMillis).hasSize(1);
    }

    @Test
    void aServerThatIsNotTrustedIsFinalOnlyIfItNeverWas() {
        server.isStranger = true;
        start();
        run(1);
        assertThat(end().error()).isEqualTo("closed");
        assertThat(end().hint()).contains("trusts");
    }

    @Test
    void aStrangerInTheServersPlaceIsWaitedOut() {
        startCapturing();
        server.isStranger = true;
        server.hangUp(1006, "cut");
        run(60);
        server.isStranger = false;
        run(11);
        assertThat(server.epoch).isEqualTo(2);
    }

    @Test
    void aLostConnectionIsMadeAgainAndEverythingIsSentAnew() {
        startCapturing();
        run(5);
        server.hangUp(1006, "cut");
        run(0.1);
        assertThat(desktop.plan()).isEqualTo(CapturePlan.NOTHING);
        assertThat(desktop.view().state()).isEqualTo(AgentView.State.WAITING);
        assertThat(desktop.view().detail()).contains("cut").contains("trying again in");
        run(1);
        assertThat(server.epoch).isEqualTo(2);
        server.frames.clear();
        desktop.wholes.clear();
        server.startCapture(0, 0);
        run(1);
        assertThat(desktop.wholes.get(0)).isTrue();
        assertThat(desktop.wholes.subList(1, desktop.wholes.size())).containsOnly(false);
        assertThat(server.frames.get(0).header().epoch()).isEqualTo(2);
        assertThat(server.frames.get(0).header().frameNumber()).isEqualTo(1);
    }

    @Test
    void whoeverStoppedLookingWhileItWasOfflineGetsNothing() {
        startCapturing();
        server.hangUp(1006, "cut");
        run(20);
        server.frames.clear();
        run(20);
        assertThat(server.epoch).isEqualTo(2);
        assertThat(server.frames).isEmpty();
    }

    @Test
    void aDeadServerIsFoundWithinFifteenSecondsWithoutAnyCloseEvent() {
        startCapturing();
        run(10);
        server.swallows = true;
        double goneAt = millis();
        while (desktop.view().state() == AgentView.State.CAPTURING) {
            run(0.01);
        }
        assertThat(millis() - goneAt).isLessThan(15_100);
        assertThat(server.wire().closeCode).isEqualTo(4408);
    }

    @ParameterizedTest
    @ValueSource(doubles = {20, 61.7, 120, 121.3, 124.9, 133})
    void streamsAgainWithinTwelveSecondsAfterTheNetworkIsBack(double secondsAway) {
        startCapturing();
        run(10);
        server.swallows = true;
        run(secondsAway);
        server.swallows = false;
        double backAt = millis();
        int before = server.connectedAtMillis.size();
        while (server.connectedAtMillis.size() == before) {
            run(0.01);
        }
        assertThat(millis() - backAt).isLessThan(10_500);
    }

    @Test
    void aServerThatIsDownIsTriedLessAndFoundWhenItIsBack() {
        server.isDown = true;
        start();
        run(300);
        assertThat(server.refused).isBetween(30, 50); // 5 to 10 s apart once the circuit is open
        assertThat(desktop.view().detail()).contains("again and again");
        server.isDown = false;
        run(10.1);
        assertThat(desktop.view().state()).isEqualTo(AgentView.State.IDLE);
    }

    @Test
    void goodbyeIsObeyed() {
        startCapturing();
        server.tell(new LinkMessage.Goodbye(4000));
        run(0.1);
        server.hangUp(1001, "goes down");
        run(3.9);
        assertThat(server.connectedAtMillis).hasSize(1);
        run(2.2);
        assertThat(server.connectedAtMillis).hasSize(2);
    }

    @Test
    void pongsBehindLargeFramesOnANarrowWayKillNobody() {
        server.width = 10; // 10 kB a second: a frame of 300 kB takes half a minute
        desktop.frameBytes = 300_000;
        startCapturing();
        run(180);
        assertThat(server.connectedAtMillis).hasSize(1);
        assertThat(server.frames.size()).isGreaterThanOrEqualTo(5);
    }

    @Test
    void aWayThatDiesWithAFullQueueIsFoundAsFast() {
        server.width = 10;
        desktop.frameBytes = 300_000;
        startCapturing();
        run(40);
        assertThat(server.wire().pendingBytes()).isPositive();
        server.swallows = true;
        double goneAt = millis();
        while (desktop.view().state() == AgentView.State.CAPTURING) {
            run(0.01);
        }
        assertThat(millis() - goneAt).isLessThan(17_100); // it was last seen to move two seconds before
    }

    @Test
    void registersAnewWhenAMonitorWent() {
        startCapturing();
        desktop.monitors = List.of(DrawnDesktop.monitor(0));
        agent().registerAnew();
        run(0.5);
        assertThat(server.epoch).isEqualTo(2);
        assertThat(server.said(Handshake.class).get(1).clientInfo().monitors()).hasSize(1);
        server.startCapture(1, 0);
        run(1);
        assertThat(desktop.plan().streams()).isEmpty();
    }

    @Test
    void tellsHowItIsDoingEachSecond() {
        startCapturing();
        run(10);
        assertThat(server.said(AgentStatus.class)).hasSizeBetween(9, 11);
        AgentStatus busy = last();
        assertThat(busy.state()).isEqualTo("capturing");
        assertThat(busy.fps()).isGreaterThan(7);
        assertThat(busy.kbps()).isGreaterThan(1000);
        assertThat(busy.roundTripMicros()).isBetween(9_000L, 12_000L);
        desktop.frameBytes = 0;
        run(4);
        assertThat(last().state()).isEqualTo("resting");
        agent().trouble("no permission to read the screen");
        run(1.1);
        assertThat(last().state()).isEqualTo("failed");
        assertThat(last().detail()).isEqualTo("no permission to read the screen");
        assertThat(desktop.view().detail()).isEqualTo("no permission to read the screen");
        agent().trouble(null);
        server.tell(new StopCapture());
        run(2);
        assertThat(last().state()).isEqualTo("idle");
        assertThat(last().detail()).isNull();
    }

    @Test
    void thePersonInFrontOfItIsToldWhoWatches() {
        startCapturing();
        server.tell(new ViewerReport(1, 1, null, List.of("operator")));
        server.tell(new ViewerReport(1, 1, null, List.of("operator")));
        run(0.1);
        server.hangUp(1006, "cut");
        run(0.1);
        assertThat(desktop.watched).containsExactly(List.of("operator"), List.of());
    }

    @Test
    void aDesktopThatThrowsEndsTheAgentInsteadOfHangingIt() {
        startCapturing();
        desktop.throwing = true;
        server.tell(new StopCapture());
        time.afterMillis(50, () -> desktop.throwing = false);
        run(0.01);
        while (!isOver()) {
            run(0.001);
        }
        assertThat(agent().outcome().toCompletableFuture())
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withRootCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingLeavesTheServerForGood() {
        startCapturing();
        agent().close();
        run(60);
        agent().outcome().toCompletableFuture().join();
        assertThat(server.wire().closed).isTrue();
        assertThat(server.connectedAtMillis).hasSize(1);
        assertThat(desktop.plan()).isEqualTo(CapturePlan.NOTHING);
        assertThat(desktop.view().state()).isEqualTo(AgentView.State.ENDED);
        assertThat(agent().turn(0, 0)).isEmpty();
    }

    private AgentStatus last() {
        List<AgentStatus> all = server.said(AgentStatus.class);
        return all.get(all.size() - 1);
    }
}
