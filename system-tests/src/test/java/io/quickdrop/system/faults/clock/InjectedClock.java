package io.quickdrop.system.faults.clock;

import io.quickdrop.server.QuickDropServer;
import io.quickdrop.server.ServerSettings;
import io.quickdrop.server.StartFailure;
import io.quickdrop.server.Surroundings;
import io.quickdrop.server.recordings.LocalDisk;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.TrustedTls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Set;

/** The whole server in this process, with a clock of the test's: its timers run by another one, as they should. */
final class InjectedClock implements ClockedServer {
    private final JumpingClock clock = new JumpingClock();
    private final ServerSettings settings;
    private final Door door;
    private QuickDropServer server;

    InjectedClock(Path output) {
        int port = ServerProcess.freePort();
        settings = new ServerSettings(port, output, Set.of(), false, true);
        server = started();
        door = new Door(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                TrustedTls.of(output.resolve(".quickdrop").resolve("tls").resolve("ca.crt")),
                "localhost:" + port);
    }

    private QuickDropServer started() {
        try {
            return QuickDropServer.start(settings, new Surroundings(new LocalDisk(), Connection::commit, clock));
        } catch (StartFailure e) {
            throw new AssertionError("the server does not start", e);
        }
    }

    @Override
    public void jump(Duration offBy) {
        clock.jump(offBy);
    }

    @Override
    public void restart() {
        server.close();
        server = started();
    }

    @Override
    public Door door() {
        return door;
    }

    @Override
    public void close() {
        server.close();
    }
}
