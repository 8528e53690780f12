package io.quickdrop.system.faults.process;

import io.quickdrop.server.QuickDropServer;
import io.quickdrop.server.ServerSettings;
import io.quickdrop.server.StartFailure;
import io.quickdrop.system.faults.trial.CallGate;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * The server as a process that stops at a {@link KillPoint}: {@code server --port PORT --out FOLDER …}, with the point in
 * the property {@code quickdrop.kill.point} and the file that tells that it was reached in {@code quickdrop.kill.reached}.
 */
final class StoppingServer {
    static final String POINT = "quickdrop.kill.point";
    static final String REACHED = "quickdrop.kill.reached";

    private StoppingServer() {}

    /** Runs until it is killed. */
    public static void main(String[] arguments) throws StartFailure, InterruptedException {
        List<String> words = List.of(arguments);
        int port = Integer.parseInt(words.get(words.indexOf("--port") + 1));
        Path output = Path.of(words.get(words.indexOf("--out") + 1));
        KillPoint point = KillPoint.parse(System.getProperty(POINT));
        CallGate gate = new CallGate(point.stopping(Path.of(System.getProperty(REACHED))));
        QuickDropServer server = QuickDropServer.start(
                new ServerSettings(port, output, Set.of(), false, true), gate.surroundings(Clock.systemUTC()));
        new CountDownLatch(1).await();
        server.close();
    }
}
