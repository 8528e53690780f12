package io.quickdrop.server;

import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.command.CommandPost;
import io.quickdrop.relay.driver.desktop.DesktopConfig;
import io.quickdrop.relay.driver.desktop.DesktopRelay;
import io.quickdrop.server.access.AuditNotes;
import io.quickdrop.server.access.EnrolmentCodes;
import io.quickdrop.server.api.AgentCommand;
import io.quickdrop.server.api.Audit;
import io.quickdrop.server.api.CommandsApi;
import io.quickdrop.server.api.DesktopsApi;
import io.quickdrop.server.api.ScreenshotFiles;
import io.quickdrop.server.catalogue.AgentKeyTable;
import io.quickdrop.server.catalogue.Catalogue;
import io.quickdrop.server.catalogue.CommandTable;
import io.quickdrop.server.catalogue.DesktopTable;
import io.quickdrop.server.catalogue.Signal;
import io.quickdrop.server.cluster.InstanceHttp;
import io.quickdrop.server.desktops.DesktopDirectory;
import io.quickdrop.server.desktops.EnrolmentGate;
import io.quickdrop.server.http.Router;
import io.quickdrop.server.observers.DesktopNews;
import io.quickdrop.server.observers.ObserverDesk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** All that is about desktops, wired: their keys, who may enrol, the relay of their pictures, the API. */
final class DesktopService {
    /** The longest that an instance keeps. */
    private static final int MAX_SCREENSHOT_BYTES = 32 << 20;

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
                new DesktopNews(observers, gate::pending),
                cluster.known(),
                new CommandTable(catalogue, cluster.incarnation().instance()));
        made.restore();
        catalogue.signals().listen(signal -> wake(made.commands(), signal));
        relay = made;
        return made;
    }

    private static void wake(CommandPost commands, Signal signal) {
        if (signal.isResync()) {
            commands.lost();
        } else if (signal.topic().equals(CommandTable.PENDING_SIGNAL)) {
            commands.waiting(signal.id());
        } else if (signal.topic().equals(CommandTable.CHANGED_SIGNAL)) {
            commands.changed(signal.id());
        }
    }

    void addTo(Router router, Audit audit) {
        ScreenshotFiles screenshots =
                new ScreenshotFiles(relay(), cluster.incarnation().instance(), this::screenshotElsewhere);
        new DesktopsApi(relay(), directory, keys, gate, codes, command, screenshots, audit).addTo(router);
        new CommandsApi(relay().commands(), audit).addTo(router);
    }

    private ScreenshotFiles.Fetched screenshotElsewhere(String instance, String path) throws IOException {
        try (InstanceHttp.Answer answer = cluster.http().get(instance, path)) {
            byte[] bytes = answer.body().readNBytes(MAX_SCREENSHOT_BYTES + 1);
            if (bytes.length > MAX_SCREENSHOT_BYTES) {
                throw new IOException("found more than the allowed " + MAX_SCREENSHOT_BYTES + " bytes");
            }
            String disposition =
                    answer.headers().firstValue("Content-Disposition").orElse("attachment");
            return new ScreenshotFiles.Fetched(answer.status(), disposition, ByteBuffer.wrap(bytes));
        }
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
