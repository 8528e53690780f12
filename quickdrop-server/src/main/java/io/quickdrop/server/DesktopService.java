package io.quickdrop.server;

import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.desktop.DesktopConfig;
import io.quickdrop.relay.driver.desktop.DesktopRelay;
import io.quickdrop.server.access.AuditNotes;
import io.quickdrop.server.access.EnrolmentCodes;
import io.quickdrop.server.api.AgentCommand;
import io.quickdrop.server.api.Audit;
import io.quickdrop.server.api.DesktopsApi;
import io.quickdrop.server.catalogue.AgentKeyTable;
import io.quickdrop.server.catalogue.Catalogue;
import io.quickdrop.server.catalogue.DesktopTable;
import io.quickdrop.server.desktops.DesktopDirectory;
import io.quickdrop.server.desktops.EnrolmentGate;
import io.quickdrop.server.http.Router;
import io.quickdrop.server.observers.DesktopNews;
import io.quickdrop.server.observers.ObserverDesk;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** All that is about desktops, wired: their keys, who may enrol, the relay of their pictures, the API. */
final class DesktopService {
    private final Catalogue catalogue;
    private final ClusterService cluster;
    private final Clock clock;
    private final AgentKeyTable keys;
    private final EnrolmentCodes codes;
    private final AgentCommand command;
    private final EnrolmentGate gate;
    private final DesktopDirectory directory;
    private volatile @Nullable DesktopRelay relay;

    /** @param port asked each time, since it is bound last */
    DesktopService(
            Catalogue catalogue,
            ClusterService cluster,
            Presence presence,
            IntSupplier port,
            AuditNotes audit,
            Clock clock,
            SecureRandom random) {
        this.catalogue = catalogue;
        this.cluster = cluster;
        this.clock = clock;
        this.keys = new AgentKeyTable(catalogue, clock);
        this.codes = new EnrolmentCodes(clock, random);
        this.command =
                new AgentCommand(presence::addresses, port, presence.authority().keyHash());
        this.gate = new EnrolmentGate(keys, codes, presence::serverKeys, () -> relay().list(), audit, clock);
        this.directory = new DesktopDirectory(() -> relay().list(), keys);
    }

    /** Makes the relay of pictures beside that of recordings, and tells dashboards of it. Called once. */
    DesktopRelay open(Relay recordings, ObserverDesk observers) throws StorageException {
        DesktopRelay made = new DesktopRelay(
                DesktopConfig.defaults(),
                recordings,
                new DesktopTable(catalogue, cluster::incarnation),
                gate,
                clock,
                new DesktopNews(observers, gate::pending));
        made.restore();
        relay = made;
        return made;
    }

    void addTo(Router router, Audit audit) {
        new DesktopsApi(relay(), directory, keys, gate, codes, command, audit).addTo(router);
    }

    private DesktopRelay relay() {
        return Objects.requireNonNull(relay, "opened");
    }

    List<DesktopClient> list() {
        return directory.list();
    }

    /** A command line with a new code. */
    String newCommandLine() {
        return command.line(codes.offer());
    }

    /** Looks after those who wait for approval. */
    void sweep() {
        gate.sweep();
    }
}
