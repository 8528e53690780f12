package io.quickdrop.server;

import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.ObserverMessage;
import io.quickdrop.protocol.ObserverMessage.Store;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.relay.driver.desktop.DesktopRelay;
import io.quickdrop.server.access.OperatorToken;
import io.quickdrop.server.addresses.HostName;
import io.quickdrop.server.catalogue.Catalogue;
import io.quickdrop.server.catalogue.ChoreTable;
import io.quickdrop.server.catalogue.DesktopTable;
import io.quickdrop.server.catalogue.DeviceTable;
import io.quickdrop.server.catalogue.FolderLock;
import io.quickdrop.server.catalogue.Incarnation;
import io.quickdrop.server.catalogue.InstanceTable;
import io.quickdrop.server.catalogue.InstanceTable.Introduction;
import io.quickdrop.server.catalogue.PostgresSettings;
import io.quickdrop.server.catalogue.Signal;
import io.quickdrop.server.catalogue.Subscription;
import io.quickdrop.server.cluster.ClusterSecret;
import io.quickdrop.server.cluster.DesktopWatch;
import io.quickdrop.server.cluster.InstanceHttp;
import io.quickdrop.server.cluster.InstanceId;
import io.quickdrop.server.cluster.InstanceToken;
import io.quickdrop.server.cluster.Instances;
import io.quickdrop.server.cluster.KnownInstances;
import io.quickdrop.server.cluster.Membership;
import io.quickdrop.server.cluster.Rounds;
import io.quickdrop.server.cluster.Sweeper;
import io.quickdrop.server.cluster.Tickets;
import io.quickdrop.server.forward.Passage;
import io.quickdrop.server.observers.ClusterView;
import io.quickdrop.server.observers.ObserverDesk;
import io.quickdrop.server.privatefile.PrivateFile;
import io.quickdrop.server.recordings.Servers;
import io.quickdrop.server.recordings.StoreSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything about being one of several instances, wired together; one on its own is one as well. */
final class ClusterService implements AutoCloseable {
    /** A process that was killed is presumed dead after this time if it comes back at another address. */
    private static final Duration FORMER_LIFE = Duration.ofSeconds(7);

    private static final long JOIN_RETRY_MILLIS = 500;
    private static final Duration EACH_SECOND = Duration.ofSeconds(1);
    private static final Duration SWEEP_LOOK = Duration.ofSeconds(5);

    private final boolean several;
    private final Catalogue catalogue;
    private final InstanceTable table;
    private final ClusterSecret secret;
    private final Membership membership;
    private final KnownInstances known;
    private final InstanceHttp http;
    private final DeviceTable devices;
    /** Its own thread: what hangs on a frozen store elsewhere must not make this instance silent. */
    private final Rounds heart = new Rounds("membership");

    private final Rounds errands = new Rounds("errands");
    private final List<Subscription> subscriptions = new ArrayList<>();
    private volatile String storage = "";
    private final ClusterShown shown;

    /** @param data this instance's own folder */
    ClusterService(
            ClusterSettings settings,
            Catalogue catalogue,
            Path data,
            Presence presence,
            Clock clock,
            SecureRandom random)
            throws IOException, StorageException {
        this.several = settings.isOneOfSeveral();
        this.catalogue = catalogue;
        this.devices = new DeviceTable(catalogue, clock);
        this.table = new InstanceTable(catalogue);
        String id = InstanceId.open(data).value();
        String pin = presence.authority().keyHash();
        this.secret = ClusterSecret.open(settings.secretFile(), table, random);
        this.membership = new Membership(
                table,
                () -> {
                    String url = url(settings, presence);
                    String name = settings.name();
                    return new Introduction(
                            id, name == null ? url.substring("https://".length()) : name, url, pin, storage);
                },
                several ? Membership.Timing.ofSeveral() : Membership.Timing.alone(),
                System::nanoTime);
        this.shown = new ClusterShown(membership, catalogue.state(), several ? Store.POSTGRESQL : Store.SQLITE);
        InstanceToken token = new InstanceToken(secret, id, clock);
        this.http = new InstanceHttp(membership, token);
        this.known = new KnownInstances(membership, token, new Tickets(secret, id, clock), host -> HostName.parse(host)
                .filter(presence.names()::contains)
                .isPresent());
    }

    /**
     * Opens the store: SQLite in the data folder, or PostgreSQL, and then the data folder is this process's all the same.
     *
     * @throws StorageException with a sentence for the person who started the server
     */
    static Catalogue openCatalogue(ClusterSettings settings, Path data, Surroundings surroundings, Opened opened)
            throws StorageException, IOException {
        String database = settings.database();
        if (database == null) {
            return Catalogue.open(data, surroundings.commit(), surroundings.clock());
        }
        PrivateFile.createDirectory(data);
        if (settings.data() != null) { // else it lies in the output folder, which the recordings lock
            opened.keep(FolderLock.take(data));
        }
        return Catalogue.postgres(PostgresSettings.parse(database, System.getenv()));
    }

    /** Which of several servers the recordings are told that this one is; null for one on its own. */
    StoreSettings.@Nullable Membership recordings(boolean sharedFolder) {
        return several ? new StoreSettings.Membership(membership.selfId(), sharedFolder, this::servers) : null;
    }

    /** As the store has them now, and not as they were seen last: whether a session is taken over hangs on it. */
    private List<Servers.Server> servers() throws StorageException {
        return table.list().stream()
                .map(row -> new Servers.Server(row.id(), row.name(), row.url(), row.storage(), row.isMember()))
                .toList();
    }

    /** How the other servers are asked over HTTPS. */
    Passage passage() {
        return (server, method, target, body, headers, within) ->
                http.begin(server.id(), method, target, body, headers, HttpResponse.BodyHandlers.ofPublisher(), within);
    }

    /** How the server is reached in the name of a device. */
    Connector wayTo(Servers.Server server, String device) {
        return known.way(server.id(), device)
                .orElse(events -> events.closed(CloseCode.TRY_AGAIN_LATER.code(), server.name() + " is not known yet"));
    }

    private static String url(ClusterSettings settings, Presence presence) {
        URI chosen = settings.url();
        return chosen == null ? presence.addresses().preferred().url(presence.port()) : chosen.toString();
    }

    /**
     * Becomes a member of the store, before anybody can connect.
     *
     * @param ownStorage which output folder it writes; empty on a lone server
     */
    void join(String ownStorage) throws StorageException {
        storage = ownStorage;
        long until = System.nanoTime() + FORMER_LIFE.multipliedBy(2).toNanos();
        while (!membership.join(several ? FORMER_LIFE : Duration.ZERO)) {
            if (System.nanoTime() - until > 0) {
                throw new StorageException(
                        StorageException.Kind.FAILED,
                        "another server with this one's id runs at another address: the data folder was copied. Delete "
                                + "the file instance-id in it");
            }
            try {
                Thread.sleep(JOIN_RETRY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StorageException(StorageException.Kind.FAILED, "interrupted while joining the instances", e);
            }
        }
    }

    /**
     * Begins to live with the others: the port is bound.
     *
     * @param revoked told of devices that were revoked, on whichever instance
     * @param chore what else one instance at a time clears away
     */
    void start(DesktopRelay desktops, ObserverDesk observers, Consumer<String> revoked, Sweeper.Chore chore) {
        membership.listen(new Membership.Listener() {
            @Override
            public void fenced() {
                desktops.dropAgents(CloseCode.GOING_AWAY, "this instance was declared dead while it was silent");
            }

            @Override
            public void changed() {
                shown.changed(observers);
                desktops.neighboursChanged();
                errands.wake("desktops");
            }
        });
        heart.each(EACH_SECOND, "membership", membership::tick);
        heart.onWake("beat", membership::beat);
        heart.onWake("instances", membership::refresh);
        heart.wake("beat");
        Sweeper sweeper = new Sweeper(new ChoreTable(catalogue), membership, chore);
        errands.each(SWEEP_LOOK, "sweep", sweeper::tick);
        if (several) {
            DesktopWatch watch =
                    new DesktopWatch(new DesktopTable(catalogue, membership::incarnation), desktops, membership);
            errands.each(EACH_SECOND, "desktops", watch::look);
            errands.each(
                    EACH_SECOND, "revocations", () -> devices.revokedLately().forEach(revoked));
        }
        subscriptions.add(catalogue.signals().listen(this::wake));
        subscriptions.add(catalogue.state().listen(status -> {
            observers.tell(() -> new ObserverMessage.StoreStatus(shown.store()));
            if (status.up()) {
                heart.wake("beat"); // the sooner the others hear of us the better
            }
        }));
    }

    private void wake(Signal signal) {
        if (signal.isResync() || signal.topic().equals(InstanceTable.SIGNAL)) {
            heart.wake("instances");
        }
        if (signal.isResync() || signal.topic().equals(DesktopTable.SIGNAL)) {
            errands.wake("desktops");
        }
        if (signal.isResync() || signal.topic().equals(DeviceTable.SIGNAL)) {
            errands.wake("revocations");
        }
    }

    /** What opens the dashboard on other machines: of several instances, one for all. */
    OperatorToken operatorToken(Path data, SecureRandom random) throws IOException {
        return several ? OperatorToken.of(secret.operatorToken()) : OperatorToken.open(data, random);
    }

    /** What this instance's writes name. */
    Incarnation incarnation() {
        return membership.incarnation();
    }

    Instances instances() {
        return membership;
    }

    InstanceHttp http() {
        return http;
    }

    /** The others, recognised and found. */
    KnownInstances known() {
        return known;
    }

    /** What dashboards are shown. */
    ClusterView view() {
        return shown;
    }

    /**
     * The same.
     *
     * @param arriving recordings that arrive at other instances; answers at once
     */
    ClusterView view(Supplier<List<ObserverMessage.Session>> arriving) {
        shown.arriving(arriving);
        return shown;
    }

    @Override
    public void close() throws StorageException {
        subscriptions.forEach(Subscription::close);
        errands.close();
        heart.close();
        membership.leave();
    }
}
