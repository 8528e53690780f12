package io.quickdrop.relay.desktop.registration;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.AgentMessage.HeartbeatTiming;
import io.quickdrop.protocol.AgentMessage.RegistrationFailed;
import io.quickdrop.protocol.AgentMessage.RegistrationPending;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.RegistrationError;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The server's view of one agent's connection: challenged, judged, perhaps waiting for a person, stored, and only then
 * served. What is late, of a connection that failed or is gone, changes nothing.
 *
 * <p>Pure; confined to one thread; time is monotonic.
 */
public final class AgentLink {
    /** Where a connection stands. */
    public enum Phase {
        /** The handshake is awaited. */
        CHALLENGED,
        /** The gate is asked. */
        JUDGED,
        /** The gate asks a person. */
        PENDING,
        /** The registry writes. */
        REGISTERING,
        /** It is served. */
        REGISTERED,
        /** It was told why not, and is closed when it had the time to read that. */
        FAILED,
        /** The connection is over. */
        GONE
    }

    private static final Map<Phase, Set<Phase>> ALLOWED = new EnumMap<>(Map.of(
            Phase.CHALLENGED, EnumSet.of(Phase.JUDGED, Phase.FAILED, Phase.GONE),
            Phase.JUDGED, EnumSet.of(Phase.PENDING, Phase.REGISTERING, Phase.FAILED, Phase.GONE),
            Phase.PENDING, EnumSet.of(Phase.REGISTERING, Phase.FAILED, Phase.GONE),
            Phase.REGISTERING, EnumSet.of(Phase.REGISTERED, Phase.FAILED, Phase.GONE),
            Phase.REGISTERED, EnumSet.of(Phase.GONE),
            Phase.FAILED, EnumSet.of(Phase.GONE),
            Phase.GONE, EnumSet.noneOf(Phase.class)));

    private final HeartbeatTiming heartbeat;
    private final Duration failureLinger;
    private Phase phase = Phase.CHALLENGED;
    private @Nullable Instant deadline;
    private @Nullable ClientInfo info;

    /**
     * @param heartbeat that the agent is told
     * @param handshakeBy when the connection is closed if nothing was said
     * @param failureLinger between {@code registration_failed} and the close
     */
    public AgentLink(HeartbeatTiming heartbeat, Instant handshakeBy, Duration failureLinger) {
        this.heartbeat = heartbeat;
        this.deadline = handshakeBy;
        this.failureLinger = failureLinger;
    }

    /** Where the connection stands. */
    public Phase phase() {
        return phase;
    }

    /** When to send a {@link AgentLinkInput.Tick}; an early one does nothing. */
    public Optional<Instant> deadline() {
        return Optional.ofNullable(deadline);
    }

    /** Takes one fact and returns what follows from it, in order. */
    public List<AgentLinkOutput> handle(AgentLinkInput input, Instant now) {
        if (phase == Phase.GONE) {
            return List.of();
        } else if (input instanceof AgentLinkInput.HandshakeCame came) {
            return handshake(came.handshake(), now);
        } else if (input instanceof AgentLinkInput.OtherCame came) {
            return other(came.what());
        } else if (input instanceof AgentLinkInput.WaitsForPerson waits) {
            return waits(waits);
        } else if (input instanceof AgentLinkInput.Admitted) {
            return admitted();
        } else if (input instanceof AgentLinkInput.Refused refused) {
            return isUndecided() ? fail(refused.error(), refused.hint(), now) : List.of();
        } else if (input instanceof AgentLinkInput.Stored stored) {
            return stored(stored);
        } else if (input instanceof AgentLinkInput.StoreFailed) {
            return phase == Phase.REGISTERING
                    ? fail(
                            RegistrationError.STORE_UNAVAILABLE,
                            "the server's registry can't be written; look at the server's log and its disk",
                            now)
                    : List.of();
        } else if (input instanceof AgentLinkInput.ConnectionLost) {
            return lost();
        } else if (input instanceof AgentLinkInput.Tick) {
            return tick(now);
        }
        throw new AssertionError("input without a case: " + input);
    }

    private List<AgentLinkOutput> handshake(Handshake handshake, Instant now) {
        if (phase != Phase.CHALLENGED) {
            return phase == Phase.FAILED
                    ? List.of()
                    : List.of(new AgentLinkOutput.Fault(
                            ErrorReason.UNKNOWN_TYPE + "handshake", "one handshake was said already; allowed is one"));
        }
        ClientInfo said = handshake.clientInfo();
        info = said;
        if (!said.clientType().equals(ClientInfo.DESKTOP)) {
            return fail(
                    RegistrationError.REFUSED,
                    "found clientType \"" + said.clientType() + "\"; allowed on an agent's connection is \"desktop\"",
                    now);
        }
        become(Phase.JUDGED);
        deadline = null;
        return List.of(new AgentLinkOutput.Judge(handshake));
    }

    private List<AgentLinkOutput> other(String what) {
        if (phase == Phase.FAILED) {
            return List.of();
        }
        return List.of(new AgentLinkOutput.Fault(
                ErrorReason.NOT_REGISTERED, what + " came before the registration was acknowledged"));
    }

    private List<AgentLinkOutput> waits(AgentLinkInput.WaitsForPerson waits) {
        ClientInfo who = info;
        if (phase != Phase.JUDGED || who == null) {
            return List.of();
        }
        become(Phase.PENDING);
        return List.of(
                new AgentLinkOutput.Send(new RegistrationPending(who.clientId(), waits.fingerprint(), waits.hint())),
                new AgentLinkOutput.Announce(who, waits.fingerprint()));
    }

    private boolean isUndecided() {
        return phase == Phase.JUDGED || phase == Phase.PENDING;
    }

    private List<AgentLinkOutput> admitted() {
        ClientInfo who = info;
        if (!isUndecided() || who == null) {
            return List.of();
        }
        become(Phase.REGISTERING);
        return List.of(new AgentLinkOutput.Store(who));
    }

    private List<AgentLinkOutput> stored(AgentLinkInput.Stored stored) {
        ClientInfo who = info;
        if (phase != Phase.REGISTERING || who == null) {
            return List.of();
        }
        become(Phase.REGISTERED);
        HandshakeAck ack = new HandshakeAck(who.clientId(), stored.epoch(), heartbeat, true, stored.desktopHandle());
        return List.of(new AgentLinkOutput.Withdraw(who.clientId()), new AgentLinkOutput.Serve(who, ack));
    }

    private List<AgentLinkOutput> fail(String error, String hint, Instant now) {
        ClientInfo who = info;
        if (who == null) {
            throw new AssertionError("a registration failed that nobody asked for");
        }
        become(Phase.FAILED);
        deadline = now.plus(failureLinger);
        return List.of(
                new AgentLinkOutput.Send(new RegistrationFailed(who.clientId(), error, hint)),
                new AgentLinkOutput.Withdraw(who.clientId()));
    }

    private List<AgentLinkOutput> lost() {
        boolean served = phase == Phase.REGISTERED;
        ClientInfo who = info;
        become(Phase.GONE);
        deadline = null;
        if (served) {
            return List.of(new AgentLinkOutput.Leave());
        }
        return who == null ? List.of() : List.of(new AgentLinkOutput.Withdraw(who.clientId()));
    }

    private List<AgentLinkOutput> tick(Instant now) {
        if (deadline == null || now.isBefore(deadline)) {
            return List.of();
        }
        deadline = null;
        if (phase == Phase.FAILED) {
            become(Phase.GONE);
            return List.of(new AgentLinkOutput.Close(CloseCode.POLICY, "the registration failed"));
        }
        become(Phase.GONE);
        return List.of(
                new AgentLinkOutput.Close(CloseCode.NOT_AUTHENTICATED, "the challenge was not answered in time"));
    }

    private void become(Phase next) {
        if (!ALLOWED.getOrDefault(phase, Set.of()).contains(next)) {
            throw new AssertionError("from " + phase + " to " + next);
        }
        phase = next;
    }
}
