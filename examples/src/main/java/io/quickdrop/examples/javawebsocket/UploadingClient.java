package io.quickdrop.examples.javawebsocket;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.protocol.UploadMessage.Saved;
import io.quickdrop.relay.driver.client.UploadClient;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.relay.upload.SenderConfig;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** Sends a file over the Java-WebSocket client, connecting again as often as it takes. */
public final class UploadingClient {
    private UploadingClient() {}

    /** Sends a file: {@code UploadingClient ws://localhost:8080 FILE}. */
    public static void main(String[] args) throws Exception {
        byte[] bytes = Files.readAllBytes(Path.of(args[1]));
        try (ThreadWorkers workers = new ThreadWorkers()) {
            SessionId id = new SessionId("example-" + UUID.randomUUID());
            Description description = new Description(
                    "application/octet-stream", "bin", "example", System.currentTimeMillis(), (long) bytes.length);
            UploadClient client = new UploadClient(
                    id,
                    description,
                    SenderConfig.defaults(),
                    (offset, length) ->
                            ByteBuffer.wrap(bytes, (int) offset, length).slice(),
                    new SocketConnector(URI.create(args[0]), Map.of()),
                    workers,
                    new UploadClient.Listener() {});
            client.produced(bytes.length);
            client.ended(null);
            Saved saved = client.outcome().toCompletableFuture().get();
            System.out.println("saved as " + saved.fileName() + ", SHA-256 " + saved.sha256());
        }
    }
}
