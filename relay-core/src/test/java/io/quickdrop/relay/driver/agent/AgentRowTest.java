package io.quickdrop.relay.driver.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentMessage.RegistrationFailed;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.relay.desktop.agent.AgentView;
import io.quickdrop.relay.desktop.agent.PaceBounds;
import io.quickdrop.relay.link.Rotation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent with several servers, in simulated time: where it goes when one is lost, and when it stays away. */
class AgentRowTest extends AgentWorld {
    private final ScriptedServer second = new ScriptedServer(time);
    private final ScriptedServer third = new ScriptedServer(time);
    private final Rotation<ScriptedServer> row = DesktopAgent.rotation(List.of(server, second, third), each -> each);

    @Override
    DesktopAgent start() {
        return started(new DesktopAgent(
                desktop, desktop, events -> row.present().connect(events), row, process, PaceBounds.defaults()));
    }

    @Test
    void staysAtTheFirstThatRegistersIt() {
        start();
        run(600);
        assertThat(server.epoch).isEqualTo(1);
        assertThat(second.connectedAtMillis).isEmpty();
    }

    @Test
    void aKilledServerCostsTwoSecondsAtMost() {
        startCapturing();
        server.isDown = true;
        server.hangUp(1006, "the connection broke");
        run(2.2);
        assertThat(second.epoch).isEqualTo(1);
        second.startCapture(0, 0);
        run(1);
        assertThat(second.frames).isNotEmpty();
    }

    @Test
    void aFrozenServerIsLeftWithinElevenSecondsWithoutAnyCloseEvent() {
        startCapturing();
        run(20);
        server.swallows = true;
        run(11);
        assertThat(second.epoch).isEqualTo(1);
        assertThat(server.wire().closeCode).isEqualTo(4408);
    }

    @Test
    void aFrozenNextOneCostsFourSecondsMore() {
        startCapturing();
        run(20);
        server.swallows = true;
        second.swallows = true;
        run(11 + 4 + 2.5);
        assertThat(third.epoch).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1001, 1012, 1013, 4408, 4429})
    void aServerThatSendsItAwayIsLeftForTheNext(int code) {
        startCapturing();
        server.tell(new LinkMessage.Goodbye(30_000));
        run(0.1);
        server.hangUp(code, "go");
        run(2.2);
        assertThat(second.epoch).isEqualTo(1);
        run(120);
        assertThat(server.connectedAtMillis).hasSize(1); // no way back without a reason
    }

    @Test
    void whenAllAreAwayTheFirstThatIsBackHasIt() {
        startCapturing();
        List.of(server, second, third).forEach(each -> each.isDown = true);
        server.hangUp(1006, "cut");
        run(300);
        assertThat(desktop.view().state()).isIn(AgentView.State.WAITING, AgentView.State.CONNECTING);
        third.isDown = false;
        run(15);
        assertThat(third.epoch).isEqualTo(1);
    }

    @Test
    void anotherAgentOfTheSameKeyEndsItThoughOtherServersAreThere() {
        startCapturing();
        server.hangUp(4409, "registered at another instance");
        run(60);
        assertThat(end().error()).isEqualTo("superseded");
        assertThat(second.connectedAtMillis).isEmpty();
    }

    @Test
    void itsOwnLateRegistrationDoesNotEndIt() {
        server.registers = false;
        start();
        run(0.1);
        server.tell(new Challenge("nonce", "first")); // its handshake comes, and the answer hangs in a slow store
        run(0.1);
        server.isDown = true;
        server.hangUp(1006, "killed");
        run(3);
        assertThat(second.epoch).isEqualTo(1);
        second.hangUp(4409, "registered at another instance"); // the late one was stored after all
        run(5);
        assertThat(isOver()).isFalse();
        assertThat(third.epoch).isEqualTo(1);
        third.hangUp(4409, "registered at another instance"); // and this is somebody else
        run(5);
        assertThat(end().error()).isEqualTo("superseded");
    }

    @Test
    void onlyALateAnswerOfTheLastMinuteIsTakenForItsOwn() {
        server.registers = false;
        start();
        run(0.1);
        server.tell(new Challenge("nonce", "first"));
        run(0.1);
        server.isDown = true;
        server.hangUp(1006, "killed");
        run(70);
        second.hangUp(4409, "registered at another instance");
        run(5);
        assertThat(end().error()).isEqualTo("superseded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"store_unavailable", "too_many_desktops"})
    void aStoreThatIsDownIsWaitedOutByWhomItKnows(String error) {
        startCapturing();
        List.of(server, second, third).forEach(each -> each.refusal = error);
        server.hangUp(1006, "cut");
        run(180);
        assertThat(isOver()).isFalse();
        List.of(server, second, third).forEach(each -> each.refusal = null);
        run(15);
        assertThat(desktop.view().state()).isEqualTo(AgentView.State.IDLE);
    }

    @Test
    void whoIsRevokedMeanwhileEndsThoughOthersAreThere() {
        startCapturing();
        second.registers = false;
        server.hangUp(1006, "cut");
        run(2.2);
        second.tell(new Challenge("nonce", "second"));
        second.tell(new RegistrationFailed("desk", "revoked", "have it enrolled again"));
        run(1);
        assertThat(end().error()).isEqualTo("revoked");
    }

    @Test
    void aStrangerIsPassedByOnTheFirstDay() {
        server.isStranger = true;
        start();
        run(3);
        assertThat(second.epoch).isEqualTo(1);
    }
}
