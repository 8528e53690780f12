package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.AgentMessage.HeartbeatTiming;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.RegistrationError;
import io.quickdrop.relay.desktop.AgentId;
import io.quickdrop.relay.desktop.registration.AgentLink;
import io.quickdrop.relay.desktop.registration.AgentLinkInput;
import io.quickdrop.relay.desktop.registration.AgentLinkOutput;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.threads.DeadlineTimer;
import io.quickdrop.relay.driver.threads.SerialInbox;
import io.quickdrop.relay.driver.threads.Workers;
import io.quickdrop.relay.link.Heartbeat;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs one connection's {@link AgentLink}: asks the gate, has the registry write, and then hands the agent to the runner of
 * its desktop. Safe on any thread.
 */
final class AgentRegistration {
    private static final System.Logger LOG = System.getLogger(AgentRegistration.class.getName());

    /** The agent as its desktop knows it. */
    record Served(AgentId id, long epoch, DesktopRunner desktop) {}

    private final DesktopRelay relay;
    private final AgentId id;
    private final Generation generation;
    private final PeerIdentity identity;
    private final @Nullable Challenge challenge;
    private final BooleanSupplier stillThere;
    private final AgentVoice voice;
    private final AgentLink link;
    private final DeadlineTimer timer;
    private final SerialInbox<AgentLinkInput> inbox;
    private volatile @Nullable Served served;
    /** Where the agent was told that it may go as well. */
    private volatile List<AgentMessage.Instance> neighbours = List.of();

    private volatile @Nullable String clientId;

    private boolean announced;
    private @Nullable DesktopRunner desktop;
    private @Nullable String fingerprint;

    /** @param challenge what the agent was sent; null for v1 */
    AgentRegistration(
            DesktopRelay relay,
            Generation generation,
            PeerIdentity identity,
            @Nullable Challenge challenge,
            BooleanSupplier stillThere,
            AgentVoice voice) {
        this.relay = relay;
        this.id = relay.nextAgent();
        this.generation = generation;
        this.identity = identity;
        this.challenge = challenge;
        this.stillThere = stillThere;
        this.voice = voice;
        Workers workers = relay.workers();
        Heartbeat.Timing timing = relay.heartbeat();
        this.link = new AgentLink(
                new HeartbeatTiming(timing.interval().toMillis(), timing.silentIntervals()),
                workers.now().plus(relay.config().handshakeWithin()),
                relay.config().failureLinger());
        this.inbox = new SerialInbox<>(workers.machines(), this::take);
        this.timer = new DeadlineTimer(workers, () -> inbox.add(new AgentLinkInput.Tick()));
        inbox.add(new AgentLinkInput.Tick()); // arms the timer, on the machine's own thread
    }

    /** The agent, once it is registered; null before. */
    @Nullable
    Served served() {
        return served;
    }

    /** As what the agent introduced itself; null before its handshake. */
    @Nullable
    String clientId() {
        return clientId;
    }

    void handshake(Handshake handshake) {
        inbox.add(new AgentLinkInput.HandshakeCame(handshake));
    }

    /** Something came that needs a registration. */
    void other(String what) {
        inbox.add(new AgentLinkInput.OtherCame(what));
    }

    void closed() {
        inbox.add(new AgentLinkInput.ConnectionLost());
    }

    /** Where the agent may go as well has changed. */
    void neighboursChanged() {
        List<AgentMessage.Instance> now = relay.neighbours().forAgents();
        if (served != null && generation == Generation.V2 && !now.equals(neighbours)) {
            neighbours = now;
            voice.tell(new AgentMessage.Instances(now));
        }
    }

    void drop(CloseCode code, String reason) {
        voice.drop(code, reason);
    }

    private void take(AgentLinkInput input) {
        for (AgentLinkOutput order : link.handle(input, relay.workers().now())) {
            carryOut(order);
        }
        if (link.phase() == AgentLink.Phase.GONE) {
            timer.cancel();
            relay.left(this);
            DesktopRunner claimed = desktop;
            if (claimed != null) {
                desktop = null;
                relay.directory().release(claimed);
            }
        } else {
            timer.arm(link.deadline());
        }
    }

    private void carryOut(AgentLinkOutput order) {
        if (order instanceof AgentLinkOutput.Judge judge) {
            judge(judge.handshake());
        } else if (order instanceof AgentLinkOutput.Announce announce) {
            announced = true;
            relay.directory().pending(this, announce.info(), announce.fingerprint());
        } else if (order instanceof AgentLinkOutput.Withdraw) {
            if (announced) {
                announced = false;
                relay.directory().notPending(this, link.phase() == AgentLink.Phase.REGISTERED);
            }
        } else if (order instanceof AgentLinkOutput.Store store) {
            store(store.info());
        } else if (order instanceof AgentLinkOutput.Serve serve) {
            serve(serve);
        } else if (order instanceof AgentLinkOutput.Leave) {
            Served was = served;
            if (was != null) {
                was.desktop().agentGone(id);
            }
        } else if (order instanceof AgentLinkOutput.Send send) {
            voice.tell(send.message());
        } else if (order instanceof AgentLinkOutput.Fault fault) {
            voice.fault(LinkMessage.Problem.of(fault.reason(), fault.detail()));
        } else if (order instanceof AgentLinkOutput.Close close) {
            voice.drop(close.code(), close.reason());
        } else {
            throw new AssertionError("order without a case: " + order);
        }
    }

    private void judge(Handshake handshake) {
        clientId = handshake.clientInfo().clientId();
        DesktopGate.Application application =
                new DesktopGate.Application(identity, generation, challenge, handshake, stillThere);
        relay.blocking().execute(() -> {
            try {
                relay.gate()
                        .admit(
                                application,
                                pending -> inbox.add(
                                        new AgentLinkInput.WaitsForPerson(pending.fingerprint(), pending.hint())))
                        .whenComplete((admission, failed) -> judged(admission, failed));
            } catch (RuntimeException bug) {
                judged(null, bug);
            }
        });
    }

    private void judged(DesktopGate.@Nullable Admission admission, @Nullable Throwable failed) {
        if (admission instanceof DesktopGate.Admission.Refused refused) {
            inbox.add(new AgentLinkInput.Refused(refused.error(), refused.hint()));
        } else if (admission instanceof DesktopGate.Admission.Admitted admitted) {
            String who = clientId;
            if (who == null || !relay.hasRoomFor(who)) {
                inbox.add(new AgentLinkInput.Refused(
                        RegistrationError.TOO_MANY_DESKTOPS,
                        "allowed are " + relay.config().maxDesktops() + " desktops at once"));
            } else {
                fingerprint = admitted.fingerprint();
                inbox.add(new AgentLinkInput.Admitted());
            }
        } else {
            LOG.log(System.Logger.Level.ERROR, "the gate failed for desktop " + clientId, failed);
            inbox.add(new AgentLinkInput.Refused(
                    RegistrationError.STORE_UNAVAILABLE, "the server can't check keys now; look at its log"));
        }
    }

    private void store(ClientInfo info) {
        DesktopRunner runner = relay.directory().claim(info.clientId());
        desktop = runner;
        runner.record().register(info, generation, (epoch, failure) -> {
            if (failure == null) {
                inbox.add(new AgentLinkInput.Stored(epoch, runner.handle()));
            } else {
                LOG.log(System.Logger.Level.ERROR, "desktop " + info.clientId() + " could not be stored", failure);
                inbox.add(new AgentLinkInput.StoreFailed());
            }
        });
    }

    private void serve(AgentLinkOutput.Serve serve) {
        DesktopRunner runner = desktop;
        if (runner == null) {
            throw new AssertionError("served before it was stored");
        }
        neighbours = relay.neighbours().forAgents();
        HandshakeAck ack = serve.ack().among(neighbours);
        Served as = new Served(id, ack.epoch(), runner);
        runner.agentCame(new AgentArrival(id, serve.info(), ack, generation, fingerprint, voice), () -> {
            served = as; // before the acknowledgement: what comes behind it is already the room's
        });
    }
}
