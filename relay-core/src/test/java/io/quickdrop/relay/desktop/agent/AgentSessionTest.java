package io.quickdrop.relay.desktop.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Command;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.AgentMessage.HeartbeatTiming;
import io.quickdrop.protocol.AgentMessage.RegistrationFailed;
import io.quickdrop.protocol.AgentMessage.RegistrationPending;
import io.quickdrop.protocol.AgentMessage.RelayAck;
import io.quickdrop.protocol.AgentMessage.ScreenWish;
import io.quickdrop.protocol.AgentMessage.StartCapture;
import io.quickdrop.protocol.DesktopClient.Monitor;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.relay.desktop.StreamKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AgentSessionTest {
    private static final ClientInfo INFO = new ClientInfo(
            ClientInfo.DESKTOP,
            "desk",
            null,
            null,
            List.of(new Monitor(0, "one", 0, 0, 800, 600, true)),
            List.of("jpeg"),
            List.of("stop_capture", "start_capture"));
    private static final Challenge CHALLENGE = new Challenge("nonce", "server");
    private static final HandshakeAck ACK = new HandshakeAck("desk", 3, new HeartbeatTiming(5000, 3), true, 9L);

    private final AgentSession session = new AgentSession();
    private Instant now = Instant.EPOCH;

    @Test
    void provesItselfOnceAndIsRegisteredWhenTheServerHasStoredIt() {
        assertThat(tell(new AgentInput.Opened())).isEmpty();
        assertThat(hear(CHALLENGE)).containsExactly(new AgentOutput.Introduce(CHALLENGE));
        assertThat(session.phase()).isEqualTo(AgentView.State.CONNECTING);
        assertThat(hear(ACK)).containsExactly(new AgentOutput.Registered(3, 9, ACK.heartbeat()));
        assertThat(session.phase()).isEqualTo(AgentView.State.IDLE);
        assertThat(hear(CHALLENGE)).isEmpty(); // not a second time
    }

    @Test
    void nothingIsObeyedBeforeTheRegistration() {
        tell(new AgentInput.Opened());
        assertThat(hear(start(0))).isEmpty();
        assertThat(hear(new AgentMessage.RequestKeyframe(0, 0))).isEmpty();
        assertThat(hear(new Command("c", 1, "stop_capture", new JsonObject()))).isEmpty();
        assertThat(hear(new AgentMessage.UpdateConfig(1, 1))).isEmpty();
    }

    @Test
    void plansOnlyWhatChanges() {
        register();
        assertThat(hear(start(0)))
                .containsExactly(
                        new AgentOutput.Asked(30, 75, true),
                        new AgentOutput.Plan(new CapturePlan(3, Set.of(new StreamKey(0, 0)), PictureCodec.JPEG)));
        assertThat(hear(start(0))).containsExactly(new AgentOutput.Asked(30, 75, false));
        assertThat(hear(new AgentMessage.StopCapture()))
                .containsExactly(new AgentOutput.Plan(new CapturePlan(3, Set.of(), PictureCodec.JPEG)));
    }

    @Test
    void aLostConnectionStopsEverything() {
        register();
        hear(start(0));
        hear(new AgentMessage.ViewerReport(1, 1, null, List.of("ada")));
        assertThat(tell(new AgentInput.Lost()))
                .containsExactly(
                        new AgentOutput.Unregistered(),
                        new AgentOutput.Plan(CapturePlan.NOTHING),
                        new AgentOutput.Watched(List.of()));
        assertThat(hear(start(0))).isEmpty();
        assertThat(tell(new AgentInput.Lost())).isEmpty();
    }

    @Test
    void anAcknowledgementIsPassedOnWithItsEpochAndRendition() {
        register();
        assertThat(hear(new RelayAck(12, 0, 2, 3, RelayAck.RELAY)))
                .containsExactly(new AgentOutput.Acknowledged(new StreamKey(0, 2), 3, 12));
    }

    @Test
    void silenceBeforeTheRegistrationIsGivenUp() {
        tell(new AgentInput.Opened());
        now = session.deadline().orElseThrow().minusMillis(1);
        assertThat(tell(new AgentInput.Tick())).isEmpty();
        now = now.plusMillis(1);
        assertThat(tell(new AgentInput.Tick())).hasOnlyElementsOfType(AgentOutput.GiveUp.class);

        tell(new AgentInput.Opened());
        hear(CHALLENGE);
        assertThat(session.deadline()).contains(now.plusSeconds(30));
    }

    @Test
    void aPersonMayTakeAnyTime() {
        tell(new AgentInput.Opened());
        hear(CHALLENGE);
        hear(new RegistrationPending("desk", "ab12", "approve it"));
        assertThat(session.deadline()).isEmpty();
        assertThat(session.hint()).contains("ab12");
        assertThat(hear(new RegistrationFailed("desk", "not_approved", "ask the operator")))
                .containsExactly(new AgentOutput.Refused("not_approved", "ask the operator"));
        assertThat(tell(new AgentInput.Opened())).isEmpty();
        assertThat(session.phase()).isEqualTo(AgentView.State.ENDED);
    }

    @Test
    void reportsEachSecondAndNotMoreOften() {
        register();
        int reports = 0;
        for (int i = 0; i < 100; i++) {
            now = now.plusMillis(100);
            reports += tell(new AgentInput.Tick()).size();
        }
        assertThat(reports).isEqualTo(10);
    }

    @Test
    void whatADesktopDidNotOfferItDoesNotDo() {
        register();
        assertThat(hear(new Command("c", 1, "screenshot", new JsonObject())))
                .singleElement()
                .asString()
                .contains("failed")
                .contains("does not obey");
    }

    @Test
    void fencesBeginAnewWithEachRegistration() {
        register();
        assertThat(hear(new Command("a", 100, "stop_capture", new JsonObject())))
                .containsExactly(new AgentOutput.JournalBegan("a", "stop_capture"));
        tell(new AgentInput.Lost());
        register();
        assertThat(hear(new Command("b", 1, "start_capture", new JsonObject())))
                .containsExactly(new AgentOutput.JournalBegan("b", "start_capture"));
    }

    @Test
    void everyInputHasACaseAtAnyTime() {
        Map<Class<?>, AgentInput> samples = List.of(
                        new AgentInput.Opened(),
                        new AgentInput.Introduced(INFO),
                        new AgentInput.Said(CHALLENGE),
                        new AgentInput.Lost(),
                        new AgentInput.Done(1, "c", null, null),
                        new AgentInput.Remembered(List.of()),
                        new AgentInput.Began("c", null),
                        new AgentInput.Written("c"),
                        new AgentInput.Tick())
                .stream()
                .collect(Collectors.toMap(Object::getClass, Function.identity()));
        assertThat(samples.keySet()).containsExactlyInAnyOrder(AgentInput.class.getPermittedSubclasses());
        for (AgentInput first : samples.values()) {
            for (AgentInput second : samples.values()) {
                AgentSession fresh = new AgentSession();
                fresh.handle(first, now);
                fresh.handle(second, now);
            }
        }
    }

    private void register() {
        tell(new AgentInput.Opened());
        hear(CHALLENGE);
        tell(new AgentInput.Introduced(INFO));
        hear(ACK);
    }

    private static StartCapture start(int rendition) {
        return new StartCapture(
                List.of(new ScreenWish(0, List.of(rendition)), new ScreenWish(4, List.of(0))), 30, 75, "jpeg");
    }

    private List<AgentOutput> hear(AgentMessage message) {
        return tell(new AgentInput.Said(message));
    }

    private List<AgentOutput> tell(AgentInput input) {
        return new ArrayList<>(session.handle(input, now));
    }
}
