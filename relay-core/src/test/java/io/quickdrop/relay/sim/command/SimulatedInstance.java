package io.quickdrop.relay.sim.command;

import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.InMemoryConnection;
import io.quickdrop.relay.driver.InMemoryRecordingStore;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.RelayConfig;
import io.quickdrop.relay.driver.RelayListener;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.command.CommandStore;
import io.quickdrop.relay.driver.command.InMemoryCommandStore;
import io.quickdrop.relay.driver.desktop.DesktopConfig;
import io.quickdrop.relay.driver.desktop.DesktopGate;
import io.quickdrop.relay.driver.desktop.DesktopListener;
import io.quickdrop.relay.driver.desktop.DesktopRegistry;
import io.quickdrop.relay.driver.desktop.DesktopRelay;
import io.quickdrop.relay.driver.pull.Neighbours;
import io.quickdrop.relay.sim.SimulatedProcess;
import io.quickdrop.relay.sim.VirtualTime;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One process of the server: the real relay and the real drivers, on simulated threads, and its connections. */
final class SimulatedInstance {
    /** A connection; lost means that nothing of it arrives any more, and nobody is told. */
    private static final class Line {
        final InMemoryConnection.Pair ends;
        boolean lost;

        Line(VirtualTime time, double latencyMillis) {
            ends = InMemoryConnection.pair(task -> time.afterMillis(latencyMillis, () -> {
                if (!lost) {
                    task.run();
                }
            }));
        }
    }

    final SimulatedProcess process;
    final DesktopRelay desktops;
    private final VirtualTime time;
    private final List<Line> lines = new ArrayList<>();

    SimulatedInstance(
            VirtualTime time,
            SimulatedProcess process,
            DesktopRegistry registry,
            CommandStore store,
            InMemoryCommandStore wakes,
            boolean deaf) {
        this.time = time;
        this.process = process;
        Relay relay = new Relay(
                RelayConfig.defaults("store"),
                new InMemoryRecordingStore(time::now),
                process,
                time::now,
                new RelayListener() {});
        desktops = new DesktopRelay(
                DesktopConfig.defaults(),
                relay,
                registry,
                (application, pending) ->
                        CompletableFuture.completedFuture(new DesktopGate.Admission.Admitted("fingerprint")),
                time::now,
                new DesktopListener() {},
                Neighbours.NONE,
                store);
        if (!deaf) {
            wakes.listen(desktops.commands());
        }
    }

    /** An agent's process connects. */
    void connect(SimulatedProcess agent, double latencyMillis, ConnectionEvents events) {
        Line line = new Line(time, latencyMillis);
        lines.add(line);
        Connection near = line.ends.left();
        line.ends.left().receiveBy(new InMemoryConnection.Receiver() {
            @Override
            public void text(String text) {
                agent.run(() -> events.text(text));
            }

            @Override
            public void alive() {
                agent.run(events::alive);
            }

            @Override
            public void closed(int code, String reason) {
                agent.run(() -> events.closed(code, reason));
            }
        });
        agent.run(() -> events.opened(near));
        process.run(() -> serve(line.ends.right()));
    }

    private void serve(InMemoryConnection far) {
        Peer peer = desktops.agentConnected(far, new PeerIdentity("agent", false));
        far.receiveBy(new InMemoryConnection.Receiver() {
            @Override
            public void text(String text) {
                process.run(() -> peer.text(text));
            }

            @Override
            public void binary(ByteBuffer payload) {
                process.run(() -> peer.binary(payload, true));
            }

            @Override
            public void alive() {
                process.run(peer::alive);
            }

            @Override
            public void closed(int code, String reason) {
                process.run(peer::closed);
            }
        });
    }

    /** Ends its connections, so that both ends are told, or so that neither is. */
    void cut(boolean told) {
        for (Line line : lines) {
            if (told) {
                line.ends.left().cut();
            } else {
                line.lost = true;
            }
        }
        lines.clear();
    }

    /** As a kill -9 does, or as a power cut does, after which nobody closes anything. */
    void kill(boolean told) {
        process.kill();
        cut(told);
    }
}
