package io.quickdrop.relay.driver;

import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.threads.DeadlineTimer;
import io.quickdrop.relay.driver.threads.SerialInbox;
import io.quickdrop.relay.driver.threads.Workers;
import io.quickdrop.relay.upload.OwnerId;
import io.quickdrop.relay.upload.SavedRecording;
import io.quickdrop.relay.upload.SessionInput;
import io.quickdrop.relay.upload.SessionOutput;
import io.quickdrop.relay.upload.UploadSession;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The place of one session id: runs its {@link UploadSession} with an inbox, a timer and a store, and the next one when
 * the id comes back after its end. All inputs for an id pass one inbox, so that they keep their order even then.
 */
final class SessionRunner {
    private static final System.Logger LOG = System.getLogger(SessionRunner.class.getName());

    /** Where a session's orders go that are not for its store. Nothing here may throw. */
    interface Surroundings {
        void send(OwnerId owner, Message message);

        void close(OwnerId owner, CloseCode code, String reason);

        void changed(SessionView view);

        void published(SessionView view, SavedRecording recording);

        void confirmed(SessionId id, String sha256);

        /** A session is over and its file is let go. */
        void ended(SessionId id);

        /** An input came for a session that is over. */
        void missed(SessionId id, SessionInput input);

        /** There is no session here now: forget the runner if {@link SessionRunner#isIdle}. */
        void idle(SessionRunner runner);
    }

    /** A machine and what it works with. */
    private record Run(UploadSession session, StoreRunner store, DeadlineTimer timer) {}

    private record Late(SessionInput input, Runnable settled) {}

    private final SessionId id;
    private final RelayConfig config;
    private final RecordingStore store;
    private final Workers workers;
    private final Surroundings surroundings;
    private final SerialInbox<Runnable> inbox;
    private volatile Optional<SessionView> view = Optional.empty();

    private @Nullable Run run;
    /** The machine has ended, and its file is not let go yet. */
    private boolean ending;
    /** Came since then. */
    private final Queue<Late> late = new ArrayDeque<>();

    private boolean shutDown;

    SessionRunner(SessionId id, RelayConfig config, RecordingStore store, Workers workers, Surroundings surroundings) {
        this.id = id;
        this.config = config;
        this.store = store;
        this.workers = workers;
        this.surroundings = surroundings;
        this.inbox = new SerialInbox<>(workers.machines(), Runnable::run);
    }

    SessionId id() {
        return id;
    }

    /** The session as it stood last; empty before its first input was taken, and after its end. */
    Optional<SessionView> view() {
        return view;
    }

    /** Whether an input may begin a session. */
    static boolean begins(SessionInput input) {
        return input instanceof SessionInput.Attached || input instanceof SessionInput.Restored;
    }

    void post(SessionInput input) {
        post(input, () -> {});
    }

    /** @param settled runs when nothing of the input is held in memory any more */
    void post(SessionInput input, Runnable settled) {
        inbox.add(() -> take(input, settled));
    }

    /** Ends what is here without a word to the store: the session is another server's. {@code close} closes who sends it. */
    void letGo(Consumer<OwnerId> close) {
        inbox.add(() -> {
            Run stale = run;
            if (stale != null && !ending && !shutDown) {
                stale.session.owner().ifPresent(close);
                end(stale);
            }
        });
    }

    /** Lets go of the file and takes nothing more; then runs {@code done}. */
    void shutDown(Runnable done) {
        inbox.add(() -> {
            shutDown = true;
            Run last = run;
            if (last == null) {
                done.run();
            } else {
                last.timer.cancel();
                last.store.close(done);
            }
        });
    }

    /** Whether there is no session here and no input on its way to one. Asked on the runner's own thread. */
    boolean isIdle() {
        return run == null && late.isEmpty() && inbox.isEmpty();
    }

    private void take(SessionInput input, Runnable settled) {
        if (shutDown) {
            settled.run();
        } else if (ending) {
            late.add(new Late(input, settled));
        } else if (run != null) {
            handle(run, input, settled);
        } else if (begins(input)) {
            handle(begin(), input, settled);
        } else {
            settled.run();
            surroundings.missed(id, input);
            surroundings.idle(this);
        }
    }

    private Run begin() {
        Run fresh = new Run(
                new UploadSession(id, config.session()),
                new StoreRunner(id, store, workers.storage(), this::post),
                new DeadlineTimer(workers, () -> post(new SessionInput.Tick())));
        run = fresh;
        return fresh;
    }

    private void handle(Run in, SessionInput input, Runnable settled) {
        List<SessionOutput> orders;
        try {
            orders = in.session.handle(input, workers.now());
        } catch (RuntimeException | AssertionError bug) {
            LOG.log(System.Logger.Level.ERROR, "session " + id + " is dropped by a bug; it can be resumed", bug);
            settled.run();
            if (input instanceof SessionInput.FromPeer fromPeer) {
                surroundings.close(fromPeer.owner(), CloseCode.TRY_AGAIN_LATER, "internal error");
            }
            end(in);
            return;
        }
        carryOut(in, orders, settled);
        if (!ending) {
            in.timer.arm(in.session.deadline());
        }
    }

    private void carryOut(Run in, List<SessionOutput> orders, Runnable settled) {
        int lastWithBytes = -1;
        for (int i = 0; i < orders.size(); i++) {
            SessionOutput order = orders.get(i);
            if (order instanceof SessionOutput.Append
                    || order instanceof SessionOutput.Compare
                    || order instanceof SessionOutput.Replace) {
                lastWithBytes = i;
            }
        }
        if (lastWithBytes < 0) {
            settled.run();
        }
        boolean changed = false;
        for (int i = 0; i < orders.size(); i++) {
            SessionOutput order = orders.get(i);
            if (order instanceof SessionOutput.ToStore toStore) {
                in.store.order(toStore, i == lastWithBytes ? settled : () -> {});
            } else if (order instanceof SessionOutput.Send send) {
                surroundings.send(send.owner(), send.message());
            } else if (order instanceof SessionOutput.Close close) {
                surroundings.close(close.owner(), close.code(), close.reason());
            } else if (order instanceof SessionOutput.Published published) {
                look(in.session).ifPresent(seen -> surroundings.published(seen, published.recording()));
            } else if (order instanceof SessionOutput.Confirmed confirmed) {
                surroundings.confirmed(id, confirmed.sha256());
            } else if (order instanceof SessionOutput.Changed) {
                changed = true;
            } else if (order instanceof SessionOutput.Retire) {
                end(in);
            } else {
                throw new AssertionError("order without a case: " + order);
            }
        }
        if (changed && !ending) {
            look(in.session).ifPresent(surroundings::changed);
        }
    }

    private Optional<SessionView> look(UploadSession session) {
        view = session.device().flatMap(device -> session.description()
                .map(description -> new SessionView(
                        id,
                        device,
                        description,
                        session.fileName(),
                        session.phase(),
                        session.durableBytes(),
                        session.chunks(),
                        session.durationMs().orElse(null))));
        return view;
    }

    private void end(Run in) {
        ending = true;
        in.timer.cancel();
        in.store.close(() -> inbox.add(this::ended));
    }

    private void ended() {
        ending = false;
        run = null;
        view = Optional.empty();
        surroundings.ended(id);
        while (!ending && !late.isEmpty()) {
            Late next = late.remove();
            take(next.input, next.settled);
        }
        if (run == null) {
            surroundings.idle(this);
        }
    }
}
