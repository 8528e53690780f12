package io.quickdrop.agent;

import io.quickdrop.agent.console.AgentConsole;
import io.quickdrop.agent.grab.GrabFailedException;
import io.quickdrop.agent.grab.Grabber;
import io.quickdrop.agent.grab.Grabbers;
import io.quickdrop.agent.identity.AgentKeys;
import io.quickdrop.agent.identity.DesktopName;
import io.quickdrop.agent.identity.IdentityException;
import io.quickdrop.agent.identity.KnownInstances;
import io.quickdrop.agent.identity.KnownServers;
import io.quickdrop.agent.identity.PrivateFolder;
import io.quickdrop.agent.journal.FileCommandJournal;
import io.quickdrop.agent.link.Row;
import io.quickdrop.agent.link.Server;
import io.quickdrop.agent.screens.Platform;
import io.quickdrop.agent.screens.Screen;
import io.quickdrop.agent.screens.ScreenFinder;
import io.quickdrop.agent.screens.ScreensUnavailableException;
import io.quickdrop.agent.stream.Ceiling;
import io.quickdrop.agent.stream.Station;
import io.quickdrop.protocol.RegistrationError;
import io.quickdrop.relay.desktop.agent.PaceBounds;
import io.quickdrop.relay.driver.agent.CommandJournal;
import io.quickdrop.relay.driver.agent.Credentials;
import io.quickdrop.relay.driver.agent.DesktopAgent;
import io.quickdrop.relay.driver.agent.RegistrationException;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One run of the agent, from the first look at the screens to its exit code: all wiring is here. */
final class AgentRun {
    private static final long SCREENS_CHECK_SECONDS = 2;
    private static final long FAREWELL_MILLIS = 1_000;
    private static final Set<String> OPERATOR_SAID_NO = Set.of(RegistrationError.REFUSED, RegistrationError.REVOKED);

    private final AgentOptions options;
    private final AgentConsole console;
    private final ScreenFinder finder = new ScreenFinder();
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private List<Screen> lastSeen = List.of();
    private volatile @Nullable DesktopAgent running;

    AgentRun(AgentOptions options, AgentConsole console) {
        this.options = options;
        this.console = console;
    }

    /** Runs until it is stopped or can't go on; returns the exit code. */
    int run() throws AgentFailure, InterruptedException {
        Thread farewell = new Thread(this::sayFarewell, "agent-farewell");
        Runtime.getRuntime().addShutdownHook(farewell);
        try {
            return begin();
        } finally {
            removeHook(farewell);
        }
    }

    private int begin() throws AgentFailure, InterruptedException {
        List<Screen> screens = chosenScreens();
        finder.warnings().forEach(console::note);
        Grabbers grabbers = new Grabbers(options.pointer());
        grabbers.slowBecause().ifPresent(console::note);
        tryOut(grabbers, screens);

        Path home = options.home() != null
                ? options.home()
                : PrivateFolder.usual(
                        Platform.current(), System.getenv(), Path.of(System.getProperty("user.home", ".")));
        PrivateFolder folder = new PrivateFolder(home);
        try {
            AgentKeys keys = AgentKeys.in(folder);
            KnownServers known = new KnownServers(folder);
            List<Server> servers = new Introduction(options, known, console).servers();
            Row row = new Row(servers, known, new KnownInstances(folder), console::error);
            String host = DesktopName.host(System.getenv());
            String id = options.id() != null ? options.id() : DesktopName.id(host, keys.fingerprint());
            try (FileCommandJournal journal = new FileCommandJournal(folder, id)) {
                String name = options.name() != null ? options.name() : host;
                return connect(new Station.Name(id, name, host), screens, grabbers, keys, row, journal);
            }
        } catch (IOException | IdentityException e) {
            throw new AgentFailure(ExitCode.UNEXPECTED, e);
        }
    }

    private List<Screen> chosenScreens() throws AgentFailure {
        try {
            lastSeen = finder.find();
            return options.screens().from(lastSeen);
        } catch (ScreensUnavailableException e) {
            throw new AgentFailure(ExitCode.NO_SCREEN, e);
        } catch (IllegalArgumentException e) {
            throw new AgentFailure(ExitCode.USAGE, e.getMessage() + ". See --list-screens.");
        }
    }

    /** A permission that is missing is told now, and not when somebody looks for the first time. */
    private static void tryOut(Grabbers grabbers, List<Screen> screens) throws AgentFailure {
        for (Screen screen : screens) {
            try (Grabber grabber = grabbers.open(screen)) {
                grabber.grab();
            } catch (GrabFailedException e) {
                throw new AgentFailure(ExitCode.NO_SCREEN, e);
            }
        }
    }

    private int connect(
            Station.Name name, List<Screen> screens, Grabbers grabbers, AgentKeys keys, Row row, CommandJournal journal)
            throws AgentFailure, InterruptedException {
        console.note("This desktop is " + name.clientId() + ", its key is " + keys.fingerprint() + ".");
        screens.forEach(screen -> console.note("Shows " + screen.describe()));

        Station.Listener listener = new Listening(row, console);
        row.otherKey().thenAccept(seen -> end.complete(ExitCode.SERVER_KEY));
        Ceiling ceiling = new Ceiling(options.maxFps(), options.maxQuality());
        try (ThreadWorkers workers = new ThreadWorkers();
                Station station = new Station(name, screens, grabbers::open, options.pointer(), ceiling, listener);
                DesktopAgent agent = new DesktopAgent(
                        station, credentials(keys), row, row.rotation(), workers, PaceBounds.defaults(), journal)) {
            running = agent;
            station.start(agent);
            return follow(agent, station, row);
        }
    }

    private int follow(DesktopAgent agent, Station station, Row row) throws AgentFailure, InterruptedException {
        agent.outcome().whenComplete((nothing, failure) -> {
            if (failure == null) {
                end.complete(ExitCode.STOPPED);
            } else {
                end.completeExceptionally(failure);
            }
        });
        while (true) {
            try {
                int code = end.get(SCREENS_CHECK_SECONDS, TimeUnit.SECONDS);
                if (code == ExitCode.SERVER_KEY) {
                    Row.OtherKey other = row.otherKey().toCompletableFuture().join(); // it has come
                    throw new AgentFailure(code, Introduction.changed(other));
                }
                return code;
            } catch (TimeoutException time) {
                followScreens(station);
            } catch (ExecutionException e) {
                throw failure(e.getCause());
            }
        }
    }

    /** Monitors come and go, and change their size. */
    private void followScreens(Station station) {
        try {
            if (finder.hasChangedSince(lastSeen)) {
                List<Screen> found = finder.find();
                lastSeen = found;
                station.replaceScreens(options.screens().from(found));
                console.note("The monitors have changed:");
                station.screens().forEach(screen -> console.note("Shows " + screen.describe()));
            }
        } catch (ScreensUnavailableException | IllegalArgumentException e) {
            console.note(e.getMessage() + " Waiting for it to come back.");
        }
    }

    private static AgentFailure failure(@Nullable Throwable cause) {
        if (cause instanceof RegistrationException refused) {
            String error = refused.error();
            if (error.equals(RegistrationException.SUPERSEDED)) {
                return new AgentFailure(ExitCode.SUPERSEDED, refused.hint());
            }
            int code = OPERATOR_SAID_NO.contains(error) ? ExitCode.REFUSED : ExitCode.REGISTRATION_FAILED;
            return new AgentFailure(code, "registration failed (" + error + "): " + refused.hint());
        }
        return new AgentFailure(ExitCode.UNEXPECTED, "an unexpected failure: " + cause);
    }

    private Credentials credentials(AgentKeys keys) {
        return new Credentials() {
            @Override
            public byte[] publicKey() {
                return keys.publicKey();
            }

            @Override
            public byte[] sign(byte[] message) {
                return keys.sign(message);
            }

            @Override
            public Optional<String> enrolmentCode() {
                return Optional.ofNullable(options.code());
            }
        };
    }

    /** Ctrl-C: leaves the server in order, and with the exit code of a program that did what it was told. */
    private void sayFarewell() {
        DesktopAgent agent = running;
        if (agent != null) {
            agent.close();
            try {
                end.get(FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                // it goes all the same
            }
        }
        console.farewell("Stopped.");
        Runtime.getRuntime().halt(ExitCode.STOPPED); // a signal's own code would look like a failure
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException goingDown) {
            // then it runs, or has run
        }
    }
}
