package io.quickdrop.relay.driver.agent;

import io.quickdrop.relay.sim.SimulatedProcess;
import io.quickdrop.relay.sim.VirtualTime;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** An agent, its desktop and a server that does as it is told, in simulated time. */
class AgentWorld {
    final VirtualTime time = new VirtualTime(new SplittableRandom(1));
    final SimulatedProcess process = new SimulatedProcess(time, new SplittableRandom(2), () -> 0);
    final ScriptedServer server = new ScriptedServer(time);
    final DrawnDesktop desktop = new DrawnDesktop(time);
    private @Nullable DesktopAgent started;

    /** Starts the agent. */
    DesktopAgent start() {
        return started(new DesktopAgent(desktop, desktop, server, process));
    }

    final DesktopAgent started(DesktopAgent agent) {
        started = agent;
        desktop.captureFor(agent);
        return agent;
    }

    /** Starts the agent, and lets it register and capture tiles of screen 0. */
    DesktopAgent startCapturing() {
        DesktopAgent agent = start();
        run(0.1);
        server.startCapture(0, 0);
        run(0.1);
        return agent;
    }

    DesktopAgent agent() {
        if (started == null) {
            throw new AssertionError("not started");
        }
        return started;
    }

    /** Lets so much time pass. */
    void run(double seconds) {
        boolean[] over = {false};
        time.afterMillis(1000 * seconds, () -> over[0] = true);
        while (!over[0]) {
            time.step();
        }
    }

    double millis() {
        return time.nowNanos() / 1e6;
    }

    boolean isOver() {
        return agent().outcome().toCompletableFuture().isDone();
    }

    /** Why it ended. */
    RegistrationException end() {
        try {
            agent().outcome().toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RegistrationException end) {
                return end;
            }
            throw e;
        }
        throw new AssertionError("it did not fail");
    }
}
