package io.quickdrop.server.observers;

import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.ObserverMessage;
import io.quickdrop.protocol.ObserverMessage.Recording;
import io.quickdrop.protocol.ObserverMessage.RecordingProgress;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.RelayListener;
import io.quickdrop.relay.driver.SessionView;
import io.quickdrop.relay.driver.threads.Workers;
import io.quickdrop.relay.upload.SavedRecording;
import io.quickdrop.relay.upload.SessionPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Tells dashboards what happens. Progress is told at most five times a second and session; everything else at once.
 *
 * <p>Safe on any thread. An observer sees its snapshot first, and then every change that is not in it.
 */
public final class ObserverDesk implements RelayListener {
    private static final Duration PROGRESS_EVERY = Duration.ofMillis(200);

    /** What the desk asks when it composes messages. */
    public interface Facts {
        /** Everything as it stands; {@code local} observers get file-system paths. */
        ObserverMessage.Snapshot snapshot(boolean local);

        /** A session as dashboards know it. */
        ObserverMessage.Session session(SessionView view);

        /** The recording of a session that ended, with its path; reads the catalogue. */
        Optional<Recording> recording(SessionId id);

        /** Its sender says how long a recording plays, milliseconds. */
        void learnDuration(SessionId id, long durationMs);

        /** Its sender has the same bytes. */
        void confirm(SessionId id, String sha256);

        /** Room left, bytes. */
        long freeBytes();
    }

    private final Facts facts;
    private final Workers workers;
    private final Executor own;
    private final Map<Peer, Boolean> localByObserver = new LinkedHashMap<>();
    private final Map<SessionId, SessionPhase> told = new HashMap<>();
    private final Map<SessionId, SessionView> waiting = new LinkedHashMap<>();
    private Instant lastProgress = Instant.MIN;
    private boolean flushPlanned;

    /**
     * Nobody observes yet.
     *
     * @param own runs everything here, one thing at a time; may wait for the catalogue
     */
    public ObserverDesk(Facts facts, Workers workers, Executor own) {
        this.facts = facts;
        this.workers = workers;
        this.own = own;
    }

    /** Sends the snapshot, and from now on every change. */
    public void subscribe(Peer observer, boolean local) {
        own.execute(() -> {
            if (observer.isOpen()) {
                localByObserver.put(observer, local);
                observer.send(facts.snapshot(local));
            }
        });
    }

    /** Tells every observer; the message is composed on the desk's own thread. */
    public void tell(Supplier<? extends ObserverMessage> message) {
        own.execute(() -> broadcast(message.get()));
    }

    /** A recording's label changed, or it came back from the trash. */
    public void updated(SessionId id) {
        own.execute(() -> announce(id, true));
    }

    /** Another server did something with a recording. */
    public void foreignChanged(SessionId id) {
        own.execute(() -> foreign(id, true));
    }

    /** A session of another server is over: a recording now, or nothing. */
    public void foreignEnded(SessionId id) {
        own.execute(() -> foreign(id, false));
    }

    private void foreign(SessionId id, boolean update) {
        if (facts.recording(id).isPresent()) {
            announce(id, update);
        } else {
            broadcast(new ObserverMessage.RecordingRemoved(id));
        }
    }

    /** Changes elsewhere may have been missed: everybody is told everything anew. */
    public void refresh() {
        own.execute(() -> {
            prune();
            localByObserver.forEach((observer, local) -> observer.send(facts.snapshot(local)));
        });
    }

    /** A recording was deleted. */
    public void removed(SessionId id) {
        own.execute(() -> broadcast(new ObserverMessage.RecordingRemoved(id)));
    }

    @Override
    public void sessionChanged(SessionView view) {
        own.execute(() -> changed(view));
    }

    @Override
    public void recordingSaved(SessionView view, SavedRecording recording) {
        Long durationMs = view.durationMs();
        own.execute(() -> {
            if (durationMs != null) {
                facts.learnDuration(view.id(), durationMs);
            }
            announce(view.id(), false);
        });
    }

    @Override
    public void recordingConfirmed(SessionId id, String sha256) {
        own.execute(() -> {
            facts.confirm(id, sha256);
            announce(id, true);
        });
    }

    @Override
    public void sessionEnded(SessionId id) {
        own.execute(() -> ended(id));
    }

    @Override
    public void uploadersChanged(int connected) {
        own.execute(() -> broadcast(new ObserverMessage.PhoneStatus(connected)));
    }

    private void changed(SessionView view) {
        if (view.isOver()) {
            told.put(view.id(), view.phase());
            waiting.remove(view.id()); // the recording, or its absence, is told instead
            return;
        }
        SessionPhase before = told.put(view.id(), view.phase());
        if (before == null) {
            broadcast(new ObserverMessage.RecordingStarted(facts.session(view)));
            return;
        }
        waiting.put(view.id(), view);
        boolean news = !before.equals(view.phase());
        if (news || !workers.now().isBefore(lastProgress.plus(PROGRESS_EVERY))) {
            flush();
        } else if (!flushPlanned) {
            flushPlanned = true;
            workers.at(lastProgress.plus(PROGRESS_EVERY), () -> own.execute(this::flushAsPlanned));
        }
    }

    private void ended(SessionId id) {
        boolean saved = told.remove(id) == SessionPhase.SAVED;
        waiting.remove(id);
        if (!saved && facts.recording(id).isEmpty()) {
            broadcast(new ObserverMessage.RecordingRemoved(id));
        }
    }

    private void announce(SessionId id, boolean update) {
        waiting.remove(id);
        Optional<Recording> local = facts.recording(id);
        Optional<Recording> remote = local.map(Recording::withoutPath); // only the own machine gets paths
        prune();
        localByObserver.forEach((observer, isLocal) -> (isLocal ? local : remote)
                .ifPresent(recording -> observer.send(
                        update
                                ? new ObserverMessage.RecordingUpdated(recording)
                                : new ObserverMessage.RecordingSaved(recording))));
    }

    private void flushAsPlanned() {
        flushPlanned = false;
        flush();
    }

    private void flush() {
        lastProgress = workers.now();
        long free = facts.freeBytes();
        for (SessionView view : waiting.values()) {
            broadcast(new RecordingProgress(view.id(), view.durableBytes(), view.chunks(), view.state(), free));
        }
        waiting.clear();
    }

    private void broadcast(Message message) {
        prune();
        for (Peer observer : localByObserver.keySet()) {
            observer.send(message);
        }
    }

    private void prune() {
        localByObserver.keySet().removeIf(observer -> !observer.isOpen());
    }
}
