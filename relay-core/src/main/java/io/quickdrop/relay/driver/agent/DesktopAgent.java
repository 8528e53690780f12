package io.quickdrop.relay.driver.agent;

import io.quickdrop.protocol.AgentMessage;
import io.quickdrop.protocol.AgentMessage.AgentStatus;
import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.Message;
import io.quickdrop.relay.desktop.StreamKey;
import io.quickdrop.relay.desktop.agent.AgentInput;
import io.quickdrop.relay.desktop.agent.AgentOutput;
import io.quickdrop.relay.desktop.agent.AgentSession;
import io.quickdrop.relay.desktop.agent.AgentView;
import io.quickdrop.relay.desktop.agent.Pace;
import io.quickdrop.relay.desktop.agent.PaceBounds;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.client.ClientLink;
import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.relay.driver.client.Dialer;
import io.quickdrop.relay.driver.threads.DeadlineTimer;
import io.quickdrop.relay.driver.threads.SerialInbox;
import io.quickdrop.relay.driver.threads.Workers;
import io.quickdrop.relay.link.Backoff;
import io.quickdrop.relay.link.DialPlan;
import io.quickdrop.relay.link.Heartbeat;
import io.quickdrop.relay.link.Reconnector;
import io.quickdrop.relay.link.Rotation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Registers a desktop and sends its pictures, over as many connections as it takes: tells the {@link Desktop} what to
 * capture, says when there is room for one more frame, connects again with full jitter, and finds a dead connection by
 * itself.
 *
 * <p>A capture thread asks for a {@link #turn} once for each {@link Pace#interval} and each stream of the plan, and captures
 * only if it gets one: what can't be sent is skipped before it is encoded. Safe on any thread.
 */
public final class DesktopAgent implements AutoCloseable {
    /** How soon a dead server is noticed while another one stands ready: within 7.5 s. */
    private static final Heartbeat.Timing QUICK_PULSE = new Heartbeat.Timing(Duration.ofMillis(2500), 3);

    private final Desktop desktop;
    private final Credentials credentials;
    private final Workers workers;
    private final Streams streams;
    private final AgentSession session = new AgentSession();
    private final ScreenshotSender screenshots;
    private final Dialer dialer;
    private final SerialInbox<Runnable> inbox;
    private final DeadlineTimer timer;
    private final CompletableFuture<Void> outcome = new CompletableFuture<>();

    private final JournalRow journal;

    private String lostBecause = "";
    private long desktopHandle;
    private @Nullable String trouble;
    private AgentView.@Nullable State told;

    /** Begins to connect at once, with {@link PaceBounds#defaults}. */
    public DesktopAgent(Desktop desktop, Credentials credentials, Connector connector, Workers workers) {
        this(desktop, credentials, connector, workers, PaceBounds.defaults());
    }

    /** Begins to connect at once. */
    public DesktopAgent(
            Desktop desktop, Credentials credentials, Connector connector, Workers workers, PaceBounds pace) {
        this(
                desktop,
                credentials,
                connector,
                new Reconnector(new Backoff(), RegistrationException.FINAL_CLOSES),
                workers,
                pace);
    }

    /**
     * Begins to connect at once, to whichever server is next.
     *
     * @param plan from now on the agent's own: used on its thread alone, as {@code connector} and {@code desktop} are
     */
    public DesktopAgent(
            Desktop desktop,
            Credentials credentials,
            Connector connector,
            DialPlan plan,
            Workers workers,
            PaceBounds pace) {
        this(desktop, credentials, connector, plan, workers, pace, null);
    }

    /**
     * Begins to connect as soon as the journal is read.
     *
     * @param journal what makes commands run at most once though this process dies; without one, servers send each once
     */
    public DesktopAgent(
            Desktop desktop,
            Credentials credentials,
            Connector connector,
            DialPlan plan,
            Workers workers,
            PaceBounds pace,
            @Nullable CommandJournal journal) {
        this.desktop = desktop;
        this.credentials = credentials;
        this.workers = workers;
        this.streams = new Streams(workers, pace);
        this.inbox = new SerialInbox<>(workers.machines(), this::run);
        this.timer = new DeadlineTimer(workers, () -> inbox.add(this::tick));
        this.screenshots = new ScreenshotSender(inbox::add, this::tell);
        this.dialer = new Dialer(workers, inbox, connector, plan, new ConnectionOwner());
        this.journal = new JournalRow(journal, workers.storage(), input -> inbox.add(() -> tell(input)));
        this.journal.read(this::dialFirst, failure -> inbox.add(() -> fail(failure)));
    }

    private void dialFirst() {
        inbox.add(() -> {
            if (!outcome.isDone()) {
                dialer.dial();
            }
        });
    }

    /**
     * A row of servers that share one store: an agent goes on at the next when one is lost.
     *
     * @param identity what is known of the server behind an address, as {@link Rotation} wants it
     */
    public static <T> Rotation<T> rotation(List<T> servers, Function<? super T, ?> identity) {
        return new Rotation<>(
                servers, identity, RegistrationException.FINAL_CLOSES, RegistrationException.SAID_BY_EVERY_SERVER);
    }

    /** The right to capture one frame of this stream now; empty if it is not wanted or there is no room for it. */
    public Optional<Turn> turn(int screen, int rendition) {
        return streams.turn(new StreamKey(screen, rendition));
    }

    /** How fast and how well to capture now. */
    public Pace pace() {
        return streams.pace();
    }

    /** The clock of {@link Capture#captureMicros}: monotonic, microseconds. */
    public long nowMicros() {
        return Duration.between(Instant.EPOCH, workers.now()).toNanos() / 1000;
    }

    /** The screens can't be captured, for the reason given for people; null: they can again. */
    public void trouble(@Nullable String reason) {
        inbox.add(() -> {
            trouble = reason;
            tellStatus();
        });
    }

    /** Registers anew, since {@link Desktop#info} has changed: a monitor came or went. */
    public void registerAnew() {
        inbox.add(() -> {
            if (connection() == null) {
                return; // the next one is told
            }
            AgentView.State at = session.phase();
            if (at == AgentView.State.IDLE || at == AgentView.State.CAPTURING) {
                dialer.drop("registers anew");
                tell(new AgentInput.Lost());
                dialer.dial();
            } else {
                dialer.giveUp("registers anew"); // no success: the rules for a failed attempt say when to dial
            }
        });
    }

    /** Completes normally by {@link #close}, exceptionally with {@link RegistrationException} if it can't go on. */
    public CompletionStage<Void> outcome() {
        return outcome;
    }

    /** Leaves the server. */
    @Override
    public void close() {
        inbox.add(() -> {
            outcome.complete(null);
            leave();
        });
    }

    private void run(Runnable task) {
        try {
            task.run(); // also behind the end: a connection that opens too late must be closed
            if (session.phase() != told) {
                tellStatus();
            }
        } catch (RuntimeException | AssertionError bug) {
            outcome.completeExceptionally(bug); // whoever waits must not wait for ever
            leaveInSpiteOf(bug);
        }
        if (outcome.isDone()) {
            return;
        }
        if (dialer.link() != null && screenshots.isWaiting()) {
            dialer.link().watchSocket();
        }
        timer.arm(Stream.of(session.deadline(), dialer.deadline())
                .flatMap(Optional::stream)
                .min(Instant::compareTo));
    }

    private void tick() {
        dialer.tick(workers.now());
        screenshots.expire(workers.now());
        tell(new AgentInput.Tick());
    }

    private void tell(AgentInput input) {
        for (AgentOutput order : session.handle(input, workers.now())) {
            carryOut(order);
        }
    }

    private void carryOut(AgentOutput order) {
        if (order instanceof AgentOutput.Send send) {
            send(send.message());
        } else if (order instanceof AgentOutput.Introduce introduce) {
            introduce(introduce.challenge());
        } else if (order instanceof AgentOutput.Registered registered) {
            register(registered);
        } else if (order instanceof AgentOutput.Neighbours neighbours) {
            if (!neighbours.instances().isEmpty()) {
                desktop.neighbours(neighbours.instances());
                watchClosely();
            }
        } else if (order instanceof AgentOutput.Unregistered) {
            streams.end();
            screenshots.forget();
        } else if (order instanceof AgentOutput.Plan plan) {
            streams.plan(plan.plan());
            desktop.plan(plan.plan());
        } else if (order instanceof AgentOutput.Asked asked) {
            streams.asked(asked.fps(), asked.quality(), asked.first());
        } else if (order instanceof AgentOutput.Allowed allowed) {
            streams.allowed(allowed.maxFps(), allowed.maxQuality());
        } else if (order instanceof AgentOutput.Repaint repaint) {
            streams.repaint(repaint.stream());
        } else if (order instanceof AgentOutput.Acknowledged ack) {
            streams.acknowledged(ack.stream(), ack.epoch(), ack.frameNumber());
        } else if (order instanceof AgentOutput.Governed governed) {
            streams.governed(governed.by());
        } else if (order instanceof AgentOutput.Watched watched) {
            desktop.watchers(watched.names());
        } else if (order instanceof AgentOutput.TakeScreenshot take) {
            screenshots.take(take, desktop, workers.now());
        } else if (order instanceof AgentOutput.JournalBegan began) {
            journal.began(began);
        } else if (order instanceof AgentOutput.JournalDone done) {
            journal.done(done);
        } else if (order instanceof AgentOutput.ReportStatus) {
            report();
        } else if (order instanceof AgentOutput.GiveUp giveUp) {
            dialer.giveUp(giveUp.reason());
        } else if (order instanceof AgentOutput.Refused refused) {
            fail(new RegistrationException(refused.error(), refused.hint()));
        } else {
            throw new AssertionError("order without a case: " + order);
        }
    }

    private void send(AgentMessage message) {
        if (dialer.link() != null) {
            dialer.link().send(message);
        }
    }

    private void introduce(Challenge challenge) {
        ClientLink open = dialer.link();
        if (open == null) {
            return;
        }
        ClientInfo info = journal.announcedIn(desktop.info());
        tell(new AgentInput.Introduced(info));
        open.send(credentials.handshake(challenge, info, open.serverKey()));
    }

    private void register(AgentOutput.Registered registered) {
        ClientLink open = dialer.link();
        Connection connection = connection();
        if (open == null || connection == null) {
            return;
        }
        lostBecause = "";
        desktopHandle = registered.desktopHandle();
        dialer.acknowledged();
        open.beat(
                Duration.ofMillis(registered.heartbeat().intervalMs()),
                registered.heartbeat().silentIntervals());
        watchClosely();
        streams.begin(connection, registered.epoch(), desktopHandle);
        screenshots.registered(registered.epoch());
        open.ping(); // the window wants to know how far it is
    }

    /** Who can go elsewhere gives its server less time. */
    private void watchClosely() {
        ClientLink open = dialer.link();
        if (open != null && dialer.hasAnother()) {
            open.beat(QUICK_PULSE.interval(), QUICK_PULSE.silentIntervals());
        }
    }

    private void report() {
        Streams.Figures figures = streams.figures();
        String state = trouble != null ? "failed" : session.phase() != AgentView.State.CAPTURING ? "idle" : "capturing";
        if (state.equals("capturing") && figures.fps() == 0) {
            state = "resting";
        }
        send(new AgentStatus(
                state,
                figures.fps(),
                figures.kbps(),
                figures.pace().quality(),
                figures.skipped(),
                figures.roundTripMicros(),
                trouble));
        tellStatus();
    }

    private void tellStatus() {
        told = session.phase();
        Streams.Figures figures = streams.figures();
        boolean waits = dialer.isWaiting();
        desktop.status(new AgentView(
                outcome.isDone() ? AgentView.State.ENDED : waits ? AgentView.State.WAITING : told,
                waits ? lostBecause : trouble != null ? trouble : session.hint(),
                figures.pace(),
                figures.fps(),
                figures.kbps(),
                figures.skipped(),
                session.watchers(),
                figures.roundTripMicros()));
    }

    private void fail(RegistrationException end) {
        outcome.completeExceptionally(end);
        leave();
    }

    /** The desktop is told to stop, though it may throw again. */
    private void leaveInSpiteOf(Throwable bug) {
        try {
            leave();
        } catch (RuntimeException | AssertionError another) {
            bug.addSuppressed(another);
        }
    }

    private void leave() {
        timer.cancel();
        dialer.end("the agent ends");
        tell(new AgentInput.Lost());
        tellStatus();
    }

    private @Nullable Connection connection() {
        ClientLink link = dialer.link();
        return link == null ? null : link.connection();
    }

    /** What the connections tell, on this agent's thread. */
    private final class ConnectionOwner implements Dialer.Owner {
        @Override
        public void opened() {
            tell(new AgentInput.Opened());
        }

        @Override
        public void said(Message message) {
            if (message instanceof AgentMessage ours) {
                tell(new AgentInput.Said(ours));
            }
        }

        @Override
        public void answered(Duration roundTrip) {
            streams.roundTrip(roundTrip);
        }

        @Override
        public void drained(long pendingBytes) {
            Connection connection = connection();
            if (connection != null) {
                screenshots.advance(connection, desktopHandle);
            }
        }

        @Override
        public void offline(String reason, Duration wait) {
            tell(new AgentInput.Lost());
            lostBecause = reason + (dialer.isResting() ? ", again and again" : "") + "; trying again in "
                    + Math.round(wait.toMillis() / 100.0) / 10.0 + " s";
            tellStatus();
        }

        @Override
        public boolean doubts(int code) {
            return code == CloseCode.SUPERSEDED.code() && session.mayBeEcho(workers.now());
        }

        @Override
        public void refused(int code, String meaning, String reason) {
            fail(RegistrationException.closed(code, meaning, reason));
        }
    }
}
