package io.quickdrop.server;

import io.quickdrop.protocol.ObserverMessage;
import io.quickdrop.protocol.ObserverMessage.InstanceName;
import io.quickdrop.protocol.ObserverMessage.Session;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.PeerExtension;
import io.quickdrop.relay.driver.RecordingStore.Unfinished;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.SessionView;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.threads.Workers;
import io.quickdrop.server.catalogue.Catalogue;
import io.quickdrop.server.catalogue.RecordingTable;
import io.quickdrop.server.catalogue.Signal;
import io.quickdrop.server.catalogue.Subscription;
import io.quickdrop.server.forward.OthersSessions;
import io.quickdrop.server.forward.Passage;
import io.quickdrop.server.forward.RecordingDetours;
import io.quickdrop.server.forward.SessionSwitch;
import io.quickdrop.server.forward.UploadDetour;
import io.quickdrop.server.http.Router;
import io.quickdrop.server.observers.ObserverDesk;
import io.quickdrop.server.recordings.FileRecordingStore;
import io.quickdrop.server.recordings.OthersUploads;
import io.quickdrop.server.recordings.Servers;
import io.quickdrop.server.recordings.Servers.Server;
import io.quickdrop.server.recordings.StoreSettings;
import io.quickdrop.server.uploads.UploadDesk;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the recordings of several servers have to do with each other, wired: in whose folder they are, who is put through to whom,
 * what is taken over of a dead one, and what dashboards see of the others' ones. A lone server has nothing of it.
 */
final class SharedRecordings implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SharedRecordings.class);

    private final @Nullable Servers servers;
    private final Catalogue catalogue;
    private final FileRecordingStore store;
    private final OthersSessions others = new OthersSessions();
    /** Dead when they were looked at last: only who is so twice is taken for gone, so that a quick restart moves nothing. */
    private Set<String> deadBefore = Set.of();

    private volatile Subscription listening = () -> {};

    /** @param member which of several servers this is; null for a lone one */
    SharedRecordings(StoreSettings.@Nullable Membership member, Catalogue catalogue, FileRecordingStore store) {
        this.servers = member == null ? null : member.servers();
        this.catalogue = catalogue;
        this.store = store;
    }

    /** For each uploader's connection: lets what belongs to another server be put through to it. */
    Supplier<PeerExtension> putThrough(SessionSwitch.Ways ways, Workers workers) {
        if (servers == null) {
            return () -> PeerExtension.NONE;
        }
        return new SessionSwitch(store::session, ways, workers)::extension;
    }

    /** Has requests about what other servers have answered by them; added before the endpoints are asked. */
    void addTo(Router router, Passage passage) {
        if (servers != null) {
            new RecordingDetours(
                            id -> store.recording(new SessionId(id)),
                            id -> store.session(new SessionId(id)),
                            store::take,
                            passage)
                    .addTo(router);
        }
    }

    /** Where uploads over plain HTTPS go whose sessions other servers have. */
    UploadDesk.Elsewhere uploads(Passage passage) {
        return servers == null ? UploadDesk.Elsewhere.NOTHING : new UploadDetour(store::session, passage)::takes;
    }

    /** Recordings that arrive at other servers, as they were read last. */
    List<Session> sessions() {
        return others.list();
    }

    /** Has dashboards here told of what other servers do with recordings. */
    void listen(ObserverDesk observers) {
        if (servers != null) {
            String own = store.place().instance() + " ";
            listening = catalogue.signals().listen(signal -> heard(signal, own, observers));
        }
    }

    private static void heard(Signal signal, String own, ObserverDesk observers) {
        if (signal.isResync()) {
            observers.refresh();
        } else if (signal.topic().equals(RecordingTable.SIGNAL) && !signal.id().startsWith(own)) {
            String id = signal.id().substring(signal.id().indexOf(' ') + 1);
            if (SessionId.isValid(id)) {
                observers.foreignChanged(new SessionId(id));
            }
        }
    }

    /**
     * Looks at what arrives elsewhere, tells dashboards, and lets go of what was this server's; called every second.
     *
     * @param names of devices, for people
     */
    void look(Relay relay, ObserverDesk observers, UnaryOperator<String> names) throws StorageException {
        if (servers == null) {
            return;
        }
        OthersUploads elsewhere = store.others();
        Set<SessionId> here = new HashSet<>();
        for (SessionView view : relay.sessions()) {
            here.add(view.id());
            if (elsewhere.taken().contains(view.id())) {
                LOG.warn("session {} is another server's by now; it is let go here", view.id());
                store.letGo(view.id());
                relay.letGo(view.id(), "another server has the session now");
            }
        }
        List<Session> sessions =
                elsewhere.list().stream().map(session -> shown(session, names)).toList();
        Consumer<SessionId> over = id -> {
            if (!here.contains(id)) {
                observers.foreignEnded(id);
            }
        };
        for (ObserverMessage news : others.changed(sessions, store.freeBytes(), over)) {
            observers.tell(() -> news);
        }
    }

    private static Session shown(OthersUploads.Arriving arriving, UnaryOperator<String> names) {
        return new Session(
                arriving.row().id(),
                arriving.fileName(),
                arriving.row().committedOffset(),
                arriving.row().chunks(),
                arriving.row().description().totalBytes(),
                arriving.row().description().mime(),
                arriving.row().description().ext(),
                arriving.row().description().label(),
                arriving.row().description().ts(),
                names.apply(arriving.row().device()),
                arriving.state(),
                arriving.row().description().take(),
                null,
                new InstanceName(arriving.row().owner(), arriving.server()));
    }

    /** Takes over what servers left that are dead for good and share this one's folder; called every half minute. */
    void adopt(Relay relay) throws StorageException {
        Servers all = servers;
        if (all == null) {
            return;
        }
        Set<String> dead = new HashSet<>();
        for (Server server : all.list()) {
            if (!server.alive() && server.storage().equals(store.place().storage())) {
                dead.add(server.id());
            }
        }
        Set<String> stillDead = new HashSet<>(dead);
        stillDead.retainAll(deadBefore);
        deadBefore = dead;
        if (!stillDead.isEmpty()) {
            for (Unfinished session : store.adopt(stillDead)) {
                relay.adopt(session);
            }
        }
    }

    @Override
    public void close() {
        listening.close();
    }
}
