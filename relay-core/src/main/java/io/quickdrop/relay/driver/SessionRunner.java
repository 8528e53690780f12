package io.quickdrop.relay.driver;

import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.upload.OwnerId;
import io.quickdrop.relay.upload.SavedRecording;
import io.quickdrop.relay.upload.SessionInput;
import io.quickdrop.relay.upload.SessionOutput;
import io.quickdrop.relay.upload.UploadSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs one {@link UploadSession}: its inbox, its timer, its store. */
final class SessionRunner {
    private static final System.Logger LOG = System.getLogger(SessionRunner.class.getName());

    /** Where a session's orders go that are not for its store. */
    interface Surroundings {
        void send(OwnerId owner, Message message);

        void close(OwnerId owner, CloseCode code, String reason);

        void changed(SessionView view);

        void published(SessionView view, SavedRecording recording);

        /** The session is over and its file is let go. */
        void retired(SessionRunner runner);

        /** An input came for a session that is over: somebody else's business now. */
        void missed(SessionId id, SessionInput input);
    }

    private final SessionId id;
    private final UploadSession session;
    private final Workers workers;
    private final Surroundings surroundings;
    private final SerialInbox<Runnable> inbox;
    private final StoreRunner store;
    private final DeadlineTimer timer;
    private volatile Optional<SessionView> view = Optional.empty();
    /** Came after the end, before the file was let go. */
    private final List<SessionInput> late = new ArrayList<>();

    private boolean over;
    private boolean removed;

    SessionRunner(SessionId id, RelayConfig config, RecordingStore store, Workers workers, Surroundings surroundings) {
        this.id = id;
        this.session = new UploadSession(id, config.session());
        this.workers = workers;
        this.surroundings = surroundings;
        this.inbox = new SerialInbox<>(workers.machines(), Runnable::run);
        this.store = new StoreRunner(id, store, workers.storage(), this::post);
        this.timer = new DeadlineTimer(workers, () -> post(new SessionInput.Tick()));
    }

    SessionId id() {
        return id;
    }

    /** The session as it stood last; empty before its first input was taken. */
    Optional<SessionView> view() {
        return view;
    }

    void post(SessionInput input) {
        post(input, () -> {});
    }

    /** @param settled runs when nothing of the input is held in memory any more */
    void post(SessionInput input, Runnable settled) {
        inbox.add(() -> take(input, settled));
    }

    private void take(SessionInput input, Runnable settled) {
        if (over) {
            settled.run();
            if (removed) {
                surroundings.missed(id, input);
            } else {
                late.add(input);
            }
            return;
        }
        try {
            carryOut(session.handle(input, workers.now()), settled);
            timer.arm(session.deadline(), workers.now());
        } catch (RuntimeException | AssertionError bug) {
            LOG.log(System.Logger.Level.ERROR, "session " + id + " is dropped by a bug; it can be resumed", bug);
            if (input instanceof SessionInput.FromPeer fromPeer) {
                surroundings.close(fromPeer.owner(), CloseCode.TRY_AGAIN_LATER, "internal error");
            }
            settled.run();
            retire();
        }
    }

    private void carryOut(List<SessionOutput> orders, Runnable settled) {
        int lastWithBytes = -1;
        for (int i = 0; i < orders.size(); i++) {
            SessionOutput order = orders.get(i);
            if (order instanceof SessionOutput.Append || order instanceof SessionOutput.Compare) {
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
                store.order(toStore, i == lastWithBytes ? settled : () -> {});
            } else if (order instanceof SessionOutput.Send send) {
                surroundings.send(send.owner(), send.message());
            } else if (order instanceof SessionOutput.Close close) {
                surroundings.close(close.owner(), close.code(), close.reason());
            } else if (order instanceof SessionOutput.Published published) {
                look().ifPresent(seen -> surroundings.published(seen, published.recording()));
            } else if (order instanceof SessionOutput.Changed) {
                changed = true;
            } else if (order instanceof SessionOutput.Retire) {
                retire();
            } else {
                throw new AssertionError("order without a case: " + order);
            }
        }
        if (changed && !over) {
            look().ifPresent(surroundings::changed);
        }
    }

    private Optional<SessionView> look() {
        view = session.device().flatMap(device -> session.description()
                .map(description -> new SessionView(
                        id,
                        device,
                        description,
                        session.fileName(),
                        session.phase(),
                        session.durableBytes(),
                        session.chunks())));
        return view;
    }

    private void retire() {
        over = true;
        timer.cancel();
        store.close(() -> inbox.add(this::remove));
    }

    private void remove() {
        removed = true;
        surroundings.retired(this);
        late.forEach(input -> surroundings.missed(id, input));
        late.clear();
    }
}
