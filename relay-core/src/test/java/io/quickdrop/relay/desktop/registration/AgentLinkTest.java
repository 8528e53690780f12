package io.quickdrop.relay.desktop.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.AgentMessage.HeartbeatTiming;
import io.quickdrop.protocol.AgentMessage.RegistrationFailed;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.relay.desktop.registration.AgentLink.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The way of an agent's connection to being served. */
class AgentLinkTest {
    private static final HeartbeatTiming HEARTBEAT = new HeartbeatTiming(5_000, 3);
    private static final ClientInfo INFO =
            new ClientInfo(ClientInfo.DESKTOP, "a", null, null, List.of(), List.of(), List.of());
    private static final Instant START = Instant.EPOCH;
    private static final Duration LINGER = Duration.ofMillis(100);

    private static final AgentLinkInput HANDSHAKE =
            new AgentLinkInput.HandshakeCame(new Handshake(INFO, "k", "s", null));
    private static final AgentLinkInput OTHER = new AgentLinkInput.OtherCame("a frame");
    private static final AgentLinkInput WAITS = new AgentLinkInput.WaitsForPerson("f", "h");
    private static final AgentLinkInput ADMITTED = new AgentLinkInput.Admitted();
    private static final AgentLinkInput REFUSED = new AgentLinkInput.Refused("refused", "h");
    private static final AgentLinkInput STORED = new AgentLinkInput.Stored(4, 9);
    private static final AgentLinkInput STORE_FAILED = new AgentLinkInput.StoreFailed();
    private static final AgentLinkInput LOST = new AgentLinkInput.ConnectionLost();
    private static final AgentLinkInput TICK = new AgentLinkInput.Tick();
    private static final List<AgentLinkInput> ALL =
            List.of(HANDSHAKE, OTHER, WAITS, ADMITTED, REFUSED, STORED, STORE_FAILED, LOST, TICK);

    private final AgentLink link = new AgentLink(HEARTBEAT, START.plusSeconds(5), LINGER);

    private List<AgentLinkOutput> after(AgentLinkInput... inputs) {
        List<AgentLinkOutput> last = List.of();
        for (AgentLinkInput input : inputs) {
            last = link.handle(input, START);
        }
        return last;
    }

    @Test
    void itIsServedOnlyWhenItIsStored() {
        assertThat(after(HANDSHAKE)).hasOnlyElementsOfType(AgentLinkOutput.Judge.class);
        assertThat(after(ADMITTED)).containsExactly(new AgentLinkOutput.Store(INFO));
        assertThat(after(STORED))
                .endsWith(new AgentLinkOutput.Serve(INFO, new HandshakeAck("a", 4, HEARTBEAT, true, 9L)));
        assertThat(link.phase()).isEqualTo(Phase.REGISTERED);
        assertThat(after(LOST)).containsExactly(new AgentLinkOutput.Leave());
    }

    @Test
    void aPersonMayDecideFirst() {
        after(HANDSHAKE, WAITS);
        assertThat(link.phase()).isEqualTo(Phase.PENDING);
        assertThat(link.deadline()).as("a person takes the time it takes").isEmpty();
        assertThat(after(WAITS)).as("told once").isEmpty();
        assertThat(after(ADMITTED)).containsExactly(new AgentLinkOutput.Store(INFO));
        assertThat(after(STORED)).startsWith(new AgentLinkOutput.Withdraw("a"));
    }

    @Test
    void aFailureIsToldAndTheCloseFollowsALittleLater() {
        assertThat(after(HANDSHAKE, ADMITTED, STORE_FAILED).get(0))
                .isInstanceOfSatisfying(AgentLinkOutput.Send.class, send -> assertThat(send.message())
                        .isInstanceOfSatisfying(RegistrationFailed.class, failed -> assertThat(failed.error())
                                .isEqualTo("store_unavailable")));
        assertThat(link.handle(TICK, START.plusMillis(99))).isEmpty();
        assertThat(link.handle(TICK, START.plusMillis(100)))
                .containsExactly(new AgentLinkOutput.Close(CloseCode.POLICY, "the registration failed"));
        assertThat(link.phase()).isEqualTo(Phase.GONE);
    }

    @Test
    void silenceEndsTheChallenge() {
        assertThat(link.handle(TICK, START.plusSeconds(4))).isEmpty();
        assertThat(link.handle(TICK, START.plusSeconds(5)))
                .singleElement()
                .isInstanceOfSatisfying(AgentLinkOutput.Close.class, close -> assertThat(close.code())
                        .isEqualTo(CloseCode.NOT_AUTHENTICATED));
    }

    @Test
    void whatIsLateChangesNothing() {
        after(HANDSHAKE, ADMITTED, LOST);
        for (AgentLinkInput late : ALL) {
            assertThat(link.handle(late, START.plusSeconds(60))).as("%s", late).isEmpty();
        }
    }

    /** Every row of inputs, in any phase: it never throws, and is served once at most, behind its being stored. */
    @Test
    void noOrderOfEventsServesWhatIsNotStored() {
        Set<Phase> reached = EnumSet.noneOf(Phase.class);
        for (int seed = 0; seed < 5_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            AgentLink walked = new AgentLink(HEARTBEAT, START.plusSeconds(5), LINGER);
            Instant now = START;
            List<Object> seen = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                now = now.plusMillis(random.nextInt(3_000));
                AgentLinkInput input = ALL.get(random.nextInt(ALL.size()));
                List<AgentLinkOutput> orders = walked.handle(input, now);
                seen.add(input);
                seen.addAll(orders);
                reached.add(walked.phase());
                for (AgentLinkOutput order : orders) {
                    if (order instanceof AgentLinkOutput.Serve) {
                        assertThat(input).as("seed %d", seed).isEqualTo(STORED);
                        assertThat(seen.stream().filter(AgentLinkOutput.Store.class::isInstance))
                                .as("seed %d", seed)
                                .hasSize(1);
                    }
                }
            }
            assertThat(seen.stream()
                            .filter(AgentLinkOutput.Serve.class::isInstance)
                            .count())
                    .as("seed %d: %s", seed, seen)
                    .isLessThanOrEqualTo(1);
        }
        assertThat(reached).isEqualTo(EnumSet.allOf(Phase.class));
    }

    @Test
    void everyInputHasACase() {
        Set<Class<?>> walked = ALL.stream().map(Object::getClass).collect(Collectors.toSet());
        assertThat(walked)
                .isEqualTo(Arrays.stream(AgentLinkInput.class.getPermittedSubclasses())
                        .collect(Collectors.toSet()));
    }
}
