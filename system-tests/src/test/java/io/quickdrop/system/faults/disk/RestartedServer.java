package io.quickdrop.system.faults.disk;

import io.quickdrop.server.QuickDropServer;
import io.quickdrop.server.ServerSettings;
import io.quickdrop.server.StartFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;

/**
 * The server as a process that opens and closes it as often as it is told to, which takes a tenth of the time that a new
 * process takes: {@code server --port PORT --out FOLDER …}. Each line of its input is {@code up} or {@code down}; how many
 * it has carried out stands in the file of {@code quickdrop.restarts.done}.
 */
final class RestartedServer {
    static final String DONE = "quickdrop.restarts.done";

    private RestartedServer() {}

    /** Runs until its input ends or it is killed. */
    public static void main(String[] arguments) throws StartFailure, IOException {
        List<String> words = List.of(arguments);
        int port = Integer.parseInt(words.get(words.indexOf("--port") + 1));
        Path output = Path.of(words.get(words.indexOf("--out") + 1));
        ServerSettings settings = new ServerSettings(port, output, Set.of(), false, true);
        Path done = Path.of(System.getProperty(DONE));
        QuickDropServer server = QuickDropServer.start(settings);
        try (BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            int count = 0;
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                server.close();
                if (order.equals("up")) {
                    server = QuickDropServer.start(settings);
                }
                Path next = Files.writeString(done.resolveSibling("next"), Integer.toString(++count));
                Files.move(next, done, StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            server.close();
        }
    }
}
