package io.quickdrop.server.retention;

import io.quickdrop.protocol.ObserverMessage.Recording;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.LifeTable;
import io.quickdrop.server.catalogue.LifeTable.Life;
import io.quickdrop.server.catalogue.LifeTable.State;
import io.quickdrop.server.recordings.RecordingCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Knows since when what is unfinished waits, and ends what waited too long: a session becomes a partial recording (that is its own
 * machine's doing, which is told here how long it has waited already), a partial recording goes to the trash.
 *
 * <p>Safe on any thread; calls may wait for the catalogue, but those that only ask do not.
 */
public final class Retention {
    private final RetentionPolicy policy;
    private final LifeTable table;
    private final RecordingCatalogue recordings;
    private final RunningTime running;
    private final Map<SessionId, Life> lives;

    /** Goes on where the store stopped. */
    public Retention(RetentionPolicy policy, LifeTable table, RecordingCatalogue recordings, RunningTime running)
            throws StorageException {
        this.policy = policy;
        this.table = table;
        this.recordings = recordings;
        this.running = running;
        this.lives = new HashMap<>(table.all());
    }

    /** What was chosen. */
    public RetentionPolicy policy() {
        return policy;
    }

    /** How long a session has waited for its sender; nothing for one that was being sent when the server stopped. */
    public synchronized Duration idle(SessionId session) {
        Life life = lives.get(session);
        return life == null || life.state() != State.SESSION ? Duration.ZERO : waited(life);
    }

    /** How long a session that waits for its sender is kept from now on. */
    public Duration sessionLeft(SessionId session) {
        return left(policy.unfinished(), idle(session));
    }

    /** How long a recording is kept from now on; empty for ever. */
    public synchronized Optional<Duration> recordingLeft(SessionId id, boolean partial) {
        if (!partial || !policy.partialsExpire()) {
            return Optional.empty();
        }
        Life life = lives.get(id);
        if (life == null || life.state() == State.SESSION) {
            return Optional.of(policy.partial()); // it is not counted yet
        }
        return life.state() == State.WAITING ? Optional.of(left(policy.partial(), waited(life))) : Optional.empty();
    }

    /** Keeps a recording for ever. */
    public synchronized void keep(SessionId id) throws StorageException {
        put(id, new Life(running.now(), State.KEPT));
    }

    /**
     * Looks at everything; called now and then.
     *
     * @param orphaned sessions that wait for their senders now
     * @return recordings that were put into the trash, because their time is over
     */
    public synchronized List<Recording> sweep(Collection<SessionId> orphaned) throws StorageException {
        table.note(running.now());
        List<Recording> partials = recordings.partial();
        Set<SessionId> waiting = new HashSet<>(orphaned);
        partials.forEach(recording -> waiting.add(recording.id()));
        for (SessionId id : Set.copyOf(lives.keySet())) {
            if (!waiting.contains(id) && recordings.inTrash(id).isEmpty()) {
                table.remove(id);
                lives.remove(id);
            }
        }
        for (SessionId id : orphaned) {
            begin(id);
        }
        List<Recording> expired = new ArrayList<>();
        for (Recording recording : partials) {
            if (ends(recording.id()) && recordings.expire(recording.id())) {
                expired.add(recording);
            }
        }
        return expired;
    }

    /** Recordings that expired and can be taken back. */
    public List<Recording> expired() throws StorageException {
        List<SessionId> ids;
        synchronized (this) {
            ids = lives.entrySet().stream()
                    .filter(life -> life.getValue().state() == State.EXPIRED)
                    .map(Map.Entry::getKey)
                    .toList();
        }
        List<Recording> found = new ArrayList<>();
        for (SessionId id : ids) {
            recordings.inTrash(id).ifPresent(found::add);
        }
        return found;
    }

    /** Notes the running time once more: the server stops. */
    public void close() throws StorageException {
        table.note(running.now());
    }

    /** Whether a partial recording's time is over; begins to count it if it is new here. */
    private boolean ends(SessionId id) throws StorageException {
        Life life = lives.get(id);
        if (life != null && life.state() == State.EXPIRED) {
            put(id, new Life(running.now(), State.KEPT)); // its owner took it back
            return false;
        }
        if (life == null || life.state() == State.SESSION) {
            put(id, new Life(running.now(), State.WAITING));
            return false;
        }
        if (life.state() == State.KEPT || !policy.partialsExpire()) {
            return false;
        }
        if (waited(life).compareTo(policy.partial()) < 0) {
            return false;
        }
        put(id, new Life(life.since(), State.EXPIRED)); // before it is moved: a crash leaves it, and it is kept then
        return true;
    }

    private void begin(SessionId session) throws StorageException {
        Life life = lives.get(session);
        if (life == null || life.state() != State.SESSION) {
            put(session, new Life(running.now(), State.SESSION));
        }
    }

    private void put(SessionId id, Life life) throws StorageException {
        table.put(id, life);
        lives.put(id, life);
    }

    private Duration waited(Life life) {
        Duration waited = running.now().minus(life.since());
        return waited.isNegative() ? Duration.ZERO : waited;
    }

    private static Duration left(Duration whole, Duration used) {
        Duration left = whole.minus(used);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
