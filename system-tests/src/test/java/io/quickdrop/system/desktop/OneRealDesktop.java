package io.quickdrop.system.desktop;

import static org.awaitility.Awaitility.await;

import io.quickdrop.system.display.DesktopPrograms;
import io.quickdrop.system.display.VirtualDisplay;
import io.quickdrop.system.harness.CuttingProxy;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.peers.AgentProcess;
import io.quickdrop.system.peers.Enrolment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A virtual display with the real agent before it, registered at a server. */
final class OneRealDesktop implements AutoCloseable {
    /** A Java runtime, FFmpeg and a registration, on a machine that is busy. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(40);

    private final VirtualDisplay display;
    private final DesktopPrograms programs;
    private final AgentProcess.Launch launch;
    private final String clientId;
    private AgentProcess agent;

    private OneRealDesktop(
            ServerProcess server, UnaryOperator<AgentProcess.Launch> way, VirtualDisplay display, String clientId) {
        this.display = display;
        this.programs = new DesktopPrograms(display);
        this.clientId = clientId;
        Path home = server.output().resolveSibling("home-" + clientId);
        this.launch = way.apply(AgentProcess.Launch.at(display, home, server.port()))
                .with("--id", clientId, "--name", "Desk " + clientId);
        this.agent = launch.enrolling(Door.of(server)).start();
        try {
            await().pollInterval(Duration.ofMillis(100)).atMost(START_PATIENCE).until(() -> {
                if (!agent.isAlive()) {
                    throw new AssertionError("the agent has ended; it printed:\n" + agent.output());
                }
                return Enrolment.isOnline(Door.of(server), clientId);
            });
        } catch (RuntimeException | Error e) {
            System.out.println("---- agent:\n" + agent.output());
            close();
            throw e;
        }
    }

    /** Before this display, which is closed with it. */
    static OneRealDesktop at(ServerProcess server, VirtualDisplay display, String clientId) {
        return new OneRealDesktop(server, direct -> direct, display, clientId);
    }

    /** The same behind a network that a test can break, made by {@link CuttingProxy#socks}. */
    static OneRealDesktop at(ServerProcess server, CuttingProxy network, VirtualDisplay display, String clientId) {
        return new OneRealDesktop(server, direct -> direct.through(network), display, clientId);
    }

    /** For the time of a task. */
    static void with(ServerProcess server, int width, int height, String clientId, Consumer<OneRealDesktop> task) {
        try (OneRealDesktop desktop = at(server, VirtualDisplay.of(width, height), clientId)) {
            task.accept(desktop);
        }
    }

    VirtualDisplay display() {
        return display;
    }

    DesktopPrograms programs() {
        return programs;
    }

    AgentProcess agent() {
        return agent;
    }

    String clientId() {
        return clientId;
    }

    /** A second agent with the same key, as when somebody starts it twice. */
    AgentProcess again() {
        return launch.start();
    }

    @Override
    public void close() {
        agent.close();
        display.close();
    }
}
