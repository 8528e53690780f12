package io.quickdrop.server;

import io.quickdrop.protocol.ObserverMessage.Recording;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.RecordingStore;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.SessionView;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.access.AuditNotes;
import io.quickdrop.server.api.Audit;
import io.quickdrop.server.api.RetentionApi;
import io.quickdrop.server.catalogue.LifeTable;
import io.quickdrop.server.http.Router;
import io.quickdrop.server.observers.ObserverDesk;
import io.quickdrop.server.observers.ServerFacts;
import io.quickdrop.server.recordings.RecordingCatalogue;
import io.quickdrop.server.retention.Retention;
import io.quickdrop.server.retention.RetentionPolicy;
import io.quickdrop.server.retention.RunningTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Everything about how long what never ended is kept, wired together. */
final class RetentionService implements ServerFacts.Lifetimes, AutoCloseable {
    private final Retention retention;
    private final RecordingCatalogue recordings;
    private final AuditNotes notes;
    private final InstantSource wallClock;

    /**
     * Goes on counting.
     *
     * @param nanoTime what is counted by
     * @param wallClock only for what people are shown
     */
    RetentionService(
            RetentionPolicy policy,
            LifeTable table,
            RecordingCatalogue recordings,
            AuditNotes notes,
            LongSupplier nanoTime,
            InstantSource wallClock)
            throws StorageException {
        this.retention = new Retention(policy, table, recordings, new RunningTime(table.running(), nanoTime));
        this.recordings = recordings;
        this.notes = notes;
        this.wallClock = wallClock;
    }

    void addTo(Router router, ObserverDesk observers, Audit audit) {
        new RetentionApi(retention, recordings, observers, audit).addTo(router);
    }

    /** How long nothing has come for a session from before a restart. */
    Duration idle(RecordingStore.Unfinished session) {
        return retention.idle(session.id());
    }

    /** Looks at everything, and says what expired. */
    void sweep(Relay relay, ObserverDesk observers) throws StorageException {
        var orphaned = relay.sessions().stream()
                .filter(view -> view.state().equals("orphaned"))
                .map(SessionView::id)
                .toList();
        for (Recording expired : retention.sweep(orphaned)) {
            notes.note("policy", "expire", expired.id().value(), "to the trash: " + expired.fileName());
            observers.removed(expired.id());
        }
    }

    @Override
    public @Nullable Long session(SessionId id) {
        return wallClock.millis() + retention.sessionLeft(id).toMillis();
    }

    @Override
    public @Nullable Long recording(SessionId id, boolean partial) {
        return retention
                .recordingLeft(id, partial)
                .map(left -> wallClock.millis() + left.toMillis())
                .orElse(null);
    }

    @Override
    public void close() throws StorageException {
        retention.close();
    }
}
