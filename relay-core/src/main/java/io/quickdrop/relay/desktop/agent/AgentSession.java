package io.quickdrop.relay.desktop.agent;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.Command;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.AgentMessage.RegistrationFailed;
import io.quickdrop.protocol.AgentMessage.RegistrationPending;
import io.quickdrop.protocol.AgentMessage.RelayAck;
import io.quickdrop.protocol.AgentMessage.RequestKeyframe;
import io.quickdrop.protocol.AgentMessage.StartCapture;
import io.quickdrop.protocol.AgentMessage.StopCapture;
import io.quickdrop.protocol.AgentMessage.UpdateConfig;
import io.quickdrop.protocol.AgentMessage.ViewerReport;
import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.protocol.RegistrationError;
import io.quickdrop.relay.desktop.StreamKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The agent's end of one desktop's registration, over as many connections as it takes: proves who it is, waits for the
 * server to have stored that, and then knows what to capture. What the operator paused stays paused over connections.
 *
 * <p>Pure: no I/O, no threads, no clock. Confined to one thread.
 */
public final class AgentSession {
    /** How long an open connection may take to say {@code challenge}: its first message. */
    private static final Duration CHALLENGE_WITHIN = Duration.ofSeconds(8);
    /** How long the server may take to look up the key and to write the registration, if no person has to decide. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    /** How long a handshake that was never answered may still be stored, and then supersede a later one of our own. */
    private static final Duration ECHO_WITHIN = Duration.ofSeconds(60);

    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(1);
    /** What may be otherwise in a moment, or at another instance: final only for whom no server has ever had. */
    private static final Set<String> PASSING =
            Set.of(RegistrationError.STORE_UNAVAILABLE, RegistrationError.TOO_MANY_DESKTOPS);

    private sealed interface State {}

    /** No connection. */
    private record Offline() implements State {}

    /** The connection is open; {@code challenge} or the answer to our handshake must come by then. */
    private record Greeting(Instant until) implements State {}

    /** A person decides, at any time: only the heartbeat ends it. */
    private record Pending(RegistrationPending told) implements State {}

    /** The server has stored us. */
    private record Registered(long epoch, Instant statusAt) implements State {}

    /** Refused for good. */
    private record Ended() implements State {}

    private final AgentCommands commands = new AgentCommands();
    private final List<AgentOutput> orders = new ArrayList<>();
    private State state = new Offline();
    private @Nullable ClientInfo info;
    private @Nullable StartCapture asked;
    private boolean everRegistered;
    private boolean introduced;
    private @Nullable Instant echoUntil;
    private CapturePlan plan = CapturePlan.NOTHING;
    private List<String> watchers = List.of();

    /** Deals with what happened, and says what to do. */
    public List<AgentOutput> handle(AgentInput input, Instant now) {
        if (!(state instanceof Ended)) {
            take(input, now);
        }
        List<AgentOutput> result = List.copyOf(orders);
        orders.clear();
        return result;
    }

    /** When a {@link AgentInput.Tick} is due. */
    public Optional<Instant> deadline() {
        if (state instanceof Greeting greeting) {
            return Optional.of(greeting.until);
        }
        return state instanceof Registered registered ? Optional.of(registered.statusAt) : Optional.empty();
    }

    /** What it is at; {@code CONNECTING} also without any connection. */
    public AgentView.State phase() {
        if (state instanceof Pending) {
            return AgentView.State.PENDING;
        }
        if (state instanceof Registered) {
            return plan.streams().isEmpty() ? AgentView.State.IDLE : AgentView.State.CAPTURING;
        }
        return state instanceof Ended ? AgentView.State.ENDED : AgentView.State.CONNECTING;
    }

    /** What a person has to know now; empty if nothing. */
    public String hint() {
        if (state instanceof Pending pending) {
            return pending.told.hint() + " (fingerprint " + pending.told.fingerprint() + ")";
        }
        return commands.isPaused() && state instanceof Registered ? "the operator has paused this desktop" : "";
    }

    /** Who watches. */
    public List<String> watchers() {
        return watchers;
    }

    /**
     * Whether the registration that superseded ours may be our own: of a handshake that went to another server, or over
     * another connection, and was never answered. True once for each such handshake.
     */
    public boolean mayBeEcho(Instant now) {
        Instant until = echoUntil;
        echoUntil = null;
        return until != null && now.isBefore(until);
    }

    private void take(AgentInput input, Instant now) {
        if (input instanceof AgentInput.Opened) {
            disconnected(now);
            state = new Greeting(now.plus(CHALLENGE_WITHIN));
        } else if (input instanceof AgentInput.Introduced said) {
            info = said.info();
            introduced = true;
        } else if (input instanceof AgentInput.Said heard) {
            hear(heard.message(), now);
        } else if (input instanceof AgentInput.Lost) {
            disconnected(now);
            state = new Offline();
        } else if (input instanceof AgentInput.Done done) {
            orders.addAll(commands.done(done, epoch()));
        } else if (input instanceof AgentInput.Remembered remembered) {
            orders.addAll(commands.remember(remembered.ran()));
        } else if (input instanceof AgentInput.Began began) {
            orders.addAll(commands.began(began.commandId(), began.failure(), info, now));
            planAnew(epoch());
        } else if (input instanceof AgentInput.Written written) {
            orders.addAll(commands.written(written.commandId(), epoch()));
        } else if (input instanceof AgentInput.Tick) {
            tick(now);
        } else {
            throw new AssertionError("input without a case: " + input);
        }
    }

    private void tick(Instant now) {
        if (state instanceof Greeting greeting && !now.isBefore(greeting.until)) {
            order(new AgentOutput.GiveUp("the server said nothing about the registration"));
        } else if (state instanceof Registered registered && !now.isBefore(registered.statusAt)) {
            state = new Registered(registered.epoch, now.plus(STATUS_INTERVAL));
            order(new AgentOutput.ReportStatus());
        }
    }

    private void hear(AgentMessage message, Instant now) {
        if (state instanceof Registered registered) {
            serve(message, registered, now);
        } else if (state instanceof Greeting || state instanceof Pending) {
            register(message, now);
        } // else of a connection that is gone
    }

    private void register(AgentMessage message, Instant now) {
        if (message instanceof Challenge challenge && state instanceof Greeting) {
            state = new Greeting(now.plus(ANSWER_WITHIN));
            order(new AgentOutput.Introduce(challenge));
        } else if (message instanceof RegistrationPending pending) {
            state = new Pending(pending);
        } else if (message instanceof RegistrationFailed failed) {
            refused(failed.error(), failed.hint());
        } else if (message instanceof HandshakeAck ack) {
            registered(ack, now);
        } // else out of turn: a server that means it says it again
    }

    private void registered(HandshakeAck ack, Instant now) {
        Long handle = ack.desktopHandle();
        if (!ack.dbRegistered() || handle == null) {
            refused(RegistrationError.STORE_UNAVAILABLE, "the server says that it has not stored this registration");
            return;
        }
        everRegistered = true;
        introduced = false;
        state = new Registered(ack.epoch(), now.plus(STATUS_INTERVAL));
        commands.begin();
        if (!ack.instances().isEmpty()) {
            order(new AgentOutput.Neighbours(ack.instances())); // first: who can go elsewhere watches its server closer
        }
        order(new AgentOutput.Registered(ack.epoch(), handle, ack.heartbeat()));
    }

    private void serve(AgentMessage message, Registered registered, Instant now) {
        if (message instanceof StartCapture start) {
            boolean first = asked == null;
            asked = start;
            order(new AgentOutput.Asked(start.fps(), start.quality(), first));
            planAnew(registered.epoch);
        } else if (message instanceof StopCapture) {
            asked = null;
            planAnew(registered.epoch);
        } else if (message instanceof UpdateConfig config) {
            order(new AgentOutput.Allowed(config.maxFps(), config.maxQuality()));
        } else if (message instanceof RequestKeyframe request) {
            order(new AgentOutput.Repaint(new StreamKey(request.screen(), request.rendition())));
        } else if (message instanceof RelayAck ack) {
            StreamKey stream = new StreamKey(ack.screen(), ack.rendition());
            order(new AgentOutput.Acknowledged(stream, ack.epoch(), ack.frameNumber()));
        } else if (message instanceof ViewerReport report) {
            order(new AgentOutput.Governed(report.governing()));
            watchedBy(report.watchers());
        } else if (message instanceof Command command) {
            orders.addAll(commands.obey(command, registered.epoch, info, now));
        } else if (message instanceof AgentMessage.Instances told) {
            order(new AgentOutput.Neighbours(told.instances()));
        } else if (message instanceof RegistrationFailed failed) {
            end(failed.error(), failed.hint()); // revoked meanwhile
        } // else nothing that concerns a registered agent
    }

    /** Of the registration that holds; 0 if none does. */
    private long epoch() {
        return state instanceof Registered registered ? registered.epoch : 0;
    }

    private void planAnew(long epoch) {
        CapturePlan next = asked == null || commands.isPaused() ? nothing(epoch) : planFor(asked, epoch);
        boolean stillNothing = next.streams().isEmpty() && plan.streams().isEmpty();
        if (!next.equals(plan) && !stillNothing) {
            plan = next;
            order(new AgentOutput.Plan(next));
        }
    }

    private static CapturePlan nothing(long epoch) {
        return new CapturePlan(epoch, Set.of(), PictureCodec.JPEG);
    }

    /** Of monitors that we said we have: it may have been asked for before one went. */
    private CapturePlan planFor(StartCapture start, long epoch) {
        Set<StreamKey> streams = new HashSet<>();
        for (AgentMessage.ScreenWish wish : start.screens()) {
            if (AgentOrders.has(info, wish.screen())) {
                wish.renditions().forEach(rendition -> streams.add(new StreamKey(wish.screen(), rendition)));
            }
        }
        PictureCodec codec = Arrays.stream(PictureCodec.values())
                .filter(known -> known.wireName().equals(start.codec()) && known.isIndependent())
                .findFirst()
                .orElse(PictureCodec.JPEG);
        return new CapturePlan(epoch, streams, codec);
    }

    private void watchedBy(List<String> names) {
        if (!names.equals(watchers)) {
            watchers = names;
            order(new AgentOutput.Watched(names));
        }
    }

    private void refused(String error, String hint) {
        introduced = false;
        if (everRegistered && PASSING.contains(error)) {
            order(new AgentOutput.GiveUp(error + ": " + hint));
        } else {
            end(error, hint);
        }
    }

    private void end(String error, String hint) {
        leave();
        state = new Ended();
        order(new AgentOutput.Refused(error, hint));
    }

    private void disconnected(Instant now) {
        if (introduced) {
            echoUntil = now.plus(ECHO_WITHIN);
            introduced = false;
        }
        leave();
    }

    /** Nothing of a registration outlives its connection: the next one is told everything anew. */
    private void leave() {
        if (!(state instanceof Registered)) {
            return;
        }
        order(new AgentOutput.Unregistered());
        asked = null;
        if (!plan.equals(CapturePlan.NOTHING)) {
            plan = CapturePlan.NOTHING;
            order(new AgentOutput.Plan(plan));
        }
        watchedBy(List.of());
    }

    private void order(AgentOutput order) {
        orders.add(order);
    }
}
