package io.quickdrop.server;

import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.RelayConfig;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.desktop.DesktopRelay;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.server.access.AuditLog;
import io.quickdrop.server.access.AuditNotes;
import io.quickdrop.server.access.Authorization;
import io.quickdrop.server.access.DeviceKeys;
import io.quickdrop.server.access.DeviceName;
import io.quickdrop.server.access.MediaCookie;
import io.quickdrop.server.access.OperatorToken;
import io.quickdrop.server.access.PairingDesk;
import io.quickdrop.server.access.RateLimit;
import io.quickdrop.server.addresses.AddressKind;
import io.quickdrop.server.addresses.ReachableAddresses;
import io.quickdrop.server.addresses.SystemNetwork;
import io.quickdrop.server.api.Audit;
import io.quickdrop.server.api.DoctorApi;
import io.quickdrop.server.api.FileManager;
import io.quickdrop.server.api.HealthApi;
import io.quickdrop.server.api.InfoApi;
import io.quickdrop.server.api.PairingApi;
import io.quickdrop.server.api.PlaybackApi;
import io.quickdrop.server.api.RecordingsApi;
import io.quickdrop.server.catalogue.Catalogue;
import io.quickdrop.server.catalogue.DeviceTable;
import io.quickdrop.server.catalogue.LifeTable;
import io.quickdrop.server.connections.Counters;
import io.quickdrop.server.connections.Reception;
import io.quickdrop.server.doctor.DoorBook;
import io.quickdrop.server.doctor.SelfCheck;
import io.quickdrop.server.http.HttpsPort;
import io.quickdrop.server.http.Router;
import io.quickdrop.server.http.Site;
import io.quickdrop.server.observers.ClusterView;
import io.quickdrop.server.observers.ObserverDesk;
import io.quickdrop.server.observers.ServerFacts;
import io.quickdrop.server.pages.WebPages;
import io.quickdrop.server.playback.TakeExports;
import io.quickdrop.server.playback.Workshop;
import io.quickdrop.server.recordings.FileRecordingStore;
import io.quickdrop.server.recordings.Storage;
import io.quickdrop.server.recordings.StoreSettings;
import io.quickdrop.server.tls.TlsDirectory;
import io.quickdrop.server.uploads.UploadDesk;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** The whole server, wired on one screen. One per process and output folder. */
public final class QuickDropServer implements AutoCloseable {
    /** A page loads some thirty files at once; nobody reads faster than that refills. */
    private static final int REQUEST_BURST = 300;

    private static final Duration REQUEST_REFILL = Duration.ofMillis(50);
    private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);

    private final ServerSettings settings;
    private final Clock clock;
    private final FileRecordingStore store;
    private final OperatorToken operatorToken;
    private final PairingDesk pairingDesk;
    private final Presence presence;
    private final Opened opened;
    private final Relay relay;
    private final ObserverDesk observers;
    private final ClusterService cluster;
    private final DesktopService desktops;
    private final RetentionService retention;
    private final HttpsPort port;

    /**
     * Starts a server. One that can't start lets go of everything that it had opened.
     *
     * @throws StartFailure with one sentence for the operator
     */
    public static QuickDropServer start(ServerSettings settings) throws StartFailure {
        return start(settings, Surroundings.real());
    }

    /** The same on another disk or with another clock, for tests of failing ones. */
    public static QuickDropServer start(ServerSettings settings, Surroundings surroundings) throws StartFailure {
        Opened opened = new Opened();
        try {
            return new QuickDropServer(settings, surroundings, opened);
        } catch (StorageException | IOException e) {
            opened.close();
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        } catch (StartFailure | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private QuickDropServer(ServerSettings settings, Surroundings surroundings, Opened opened)
            throws StartFailure, StorageException, IOException {
        this.settings = settings;
        this.opened = opened;
        clock = surroundings.clock();
        SecureRandom random = new SecureRandom();
        StoreSettings usual = StoreSettings.defaults(settings.output()).keepingReceived(settings.keepReceived());
        Path data = settings.cluster().dataOr(usual.data());
        Catalogue catalogue = opened.keep(ClusterService.openCatalogue(settings.cluster(), data, surroundings, opened));
        presence = new Presence(
                new SystemNetwork(),
                new TlsDirectory(data, clock),
                settings.extraNames(),
                settings.port(),
                settings.cluster().url());
        boolean alone = presence.addresses().preferred().kind() == AddressKind.LOOPBACK;
        if (alone && !settings.localOnly()) {
            throw new StartFailure(presence.addresses().problem().orElse("no phone can reach this computer")
                    + " To start all the same, say --local-only.");
        }
        cluster = opened.keep(new ClusterService(settings.cluster(), catalogue, data, presence, clock, random));
        StoreSettings storeSettings =
                usual.of(cluster.recordings(settings.cluster().sharedFolder()), data);
        Storage storage = opened.keep(Storage.claim(storeSettings));
        cluster.join(storage.id());
        store = opened.keep(new FileRecordingStore(
                storeSettings, storage, catalogue, TakeNaming.in(ZoneId.systemDefault()), clock, surroundings.disk()));
        SharedRecordings shared = opened.keep(new SharedRecordings(storeSettings.membership(), catalogue, store));
        AuditLog auditLog = opened.keep(AuditLog.open(data, AuditLog.DEFAULT_MAX_BYTES, clock));
        operatorToken = cluster.operatorToken(data, random);
        ThreadWorkers workers = opened.keep(new ThreadWorkers());
        ThreadPoolExecutor requests =
                opened.keepRunning(new ThreadPoolExecutor(8, 8, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(256)));
        // What is to be shown or tidied while the server closes is no longer worth doing.
        ScheduledExecutorService chores =
                opened.keepRunning(new ScheduledThreadPoolExecutor(1, new ThreadPoolExecutor.DiscardPolicy()));
        DeviceKeys devices = new DeviceKeys(new DeviceTable(catalogue, clock), clock, random);
        Authorization authorization = new Authorization(operatorToken, devices, cluster.known());
        MediaCookie mediaCookie = new MediaCookie(clock, random);
        pairingDesk = new PairingDesk(clock, random);
        AuditNotes notes = AuditNotes.in(auditLog);
        Audit audit = new Audit(notes);
        desktops = new DesktopService(catalogue, cluster, presence, this::port, notes, clock, random);

        retention = opened.keep(new RetentionService(
                settings.retention(),
                new LifeTable(catalogue, store.place()),
                store.recordings(),
                notes,
                System::nanoTime,
                clock));
        AtomicReference<Relay> theRelay = new AtomicReference<>();
        ServerFacts facts = new ServerFacts(
                theRelay::get,
                store,
                devices,
                desktops::list,
                settings.output(),
                this::phoneUrl,
                retention,
                cluster.view(shared::sessions));
        observers = new ObserverDesk(facts, workers, chores);
        relay = new Relay(
                RelayConfig.defaults(catalogue.serverId())
                        .withRetention(settings.retention().unfinished()),
                store,
                workers,
                clock,
                observers);
        theRelay.set(relay);
        devices.onRevoked(id -> relay.revoke(DeviceName.of(id)));

        Router router = new Router();
        shared.addTo(router, cluster.passage());
        new WebPages(() -> ClusterView.elsewhere(cluster.view().instances())).addTo(router);
        new InfoApi(
                        catalogue.serverId(),
                        presence::addresses,
                        this::port,
                        settings.output(),
                        store,
                        presence.authority(),
                        mediaCookie,
                        () -> cluster.view().instances())
                .addTo(router);
        new HealthApi(cluster.view(), clock).addTo(router);
        new PairingApi(pairingDesk, devices, presence::names, this::port, relay::connectedDevices, audit).addTo(router);
        new RecordingsApi(store.recordings(), relay, observers, new FileManager(), audit).addTo(router);
        TakeExports exports = new TakeExports(store.recordings(), clock);
        new PlaybackApi(store, exports).addTo(router);
        RateLimit rateLimit = new RateLimit(REQUEST_BURST, REQUEST_REFILL, 4096, System::nanoTime);
        retention.addTo(router, observers, audit);
        relay.restore(retention::idle);
        DesktopRelay pictures = opened.keep(desktops.open(relay, observers));
        desktops.addTo(router, audit);
        Reception reception = new Reception(
                presence::allowlist,
                authorization,
                new Counters(
                        relay,
                        pictures,
                        observers,
                        this::helloV1,
                        notes,
                        shared.putThrough(cluster::wayTo, workers),
                        chores),
                settings.allowV1());
        DoorBook door = new DoorBook(presence::isOwn, System::nanoTime);
        new DoctorApi(door, new SelfCheck(presence.authority().der()), presence::addresses, this::port).addTo(router);
        UploadDesk uploads = new UploadDesk(
                relay,
                store.recordings(),
                clock,
                () -> UUID.randomUUID().toString(),
                shared.uploads(cluster.passage()));
        Site site = new Site(
                presence::allowlist, authorization, mediaCookie, router, reception, uploads, rateLimit, door, requests);
        port = opened.keep(new HttpsPort(settings.port(), presence::tls, site));
        presence.bound(port.port());
        cluster.start(pictures, observers, devices::noticeRevoked, () -> {});
        opened.keep(new Workshop(store.recordings().playback(), exports, observers::updated));
        shared.listen(observers);
        Chores looked = new Chores(chores);
        looked.every(10, 10, "addresses", presence::refresh);
        looked.every(1, 1, "desktops", desktops::sweep);
        looked.every(5, 30, "recordings", this::tidy);
        looked.every(1, 1, "recordings of other servers", () -> shared.look(relay, observers, facts::nameOf));
        looked.every(20, 20, "recordings of dead servers", () -> shared.adopt(relay));
        looked.every(2, 30, "unfinished recordings", () -> retention.sweep(relay, observers));
    }

    private LinkMessage.HelloV1 helloV1() {
        return new LinkMessage.HelloV1(settings.output().toString(), phoneUrl());
    }

    /** The port that was bound. */
    public int port() {
        return port.port();
    }

    /** Where this server is reached, best first. */
    public ReachableAddresses addresses() {
        return presence.addresses();
    }

    /** The phone page's address, without any secret. */
    public String phoneUrl() {
        return presence.addresses().preferred().url(port()) + "/phone";
    }

    /** What opens the dashboard on other machines. */
    public OperatorToken operatorToken() {
        return operatorToken;
    }

    /** The address for a QR code in the terminal, with a new secret that lives for ten minutes. */
    public String newPairingUrl() {
        return PairingApi.pairingUrl(
                presence.addresses().preferred().host(), port(), pairingDesk.offer(PairingDesk.TERMINAL_LIFE));
    }

    /** The command line that adds a desktop, with a new code that is good once and for ten minutes. */
    public String newAgentCommand() {
        return desktops.newCommandLine();
    }

    /** Room left for recordings, bytes. */
    public long freeBytes() {
        return store.freeBytes();
    }

    /** Empties the trash of what can't be taken back any more, and notices files that came or went. */
    private void tidy() throws StorageException {
        store.recordings().purge(clock.instant());
        for (SessionId id : store.recordings().scan()) {
            if (store.recordings().find(id).isPresent()) {
                observers.updated(id);
            } else {
                observers.removed(id);
            }
        }
    }

    /** Says goodbye to every peer and closes the port and the store. Sessions go on after the next start. */
    @Override
    public void close() {
        relay.goodbye(RESTART_PAUSE);
        opened.close();
    }
}
