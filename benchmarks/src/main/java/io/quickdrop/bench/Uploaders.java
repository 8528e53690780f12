package io.quickdrop.bench;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.protocol.UploadMessage.Saved;
import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.relay.driver.client.UploadClient;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.relay.upload.SenderConfig;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Uploads the same noise several times at once, and checks that the server saved exactly that. */
final class Uploaders {
    private static final long PATIENCE_MINUTES = 10;

    private final byte[] noise;
    private final String sha256;

    /** @param bytes what each uploader sends */
    Uploaders(int bytes) {
        noise = new byte[bytes];
        new Random(1).nextBytes(noise);
        try {
            sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(noise));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Sends with {@code count} uploaders over connections of their own; returns when all is saved. */
    void run(int count, Connector connector) throws InterruptedException, ExecutionException, TimeoutException {
        List<CompletableFuture<Saved>> outcomes = new ArrayList<>();
        List<UploadClient> clients = new ArrayList<>();
        try (ThreadWorkers workers = new ThreadWorkers()) {
            for (int i = 0; i < count; i++) {
                SessionId id = new SessionId(UUID.randomUUID().toString());
                Description description = new Description(
                        "application/octet-stream", "bin", "benchmark", System.currentTimeMillis(), (long)
                                noise.length);
                UploadClient client = new UploadClient(
                        id,
                        description,
                        SenderConfig.defaults(),
                        (offset, length) -> ByteBuffer.wrap(noise, (int) offset, length),
                        connector,
                        workers,
                        new UploadClient.Listener() {});
                client.produced(noise.length);
                client.ended(sha256);
                clients.add(client);
                outcomes.add(client.outcome().toCompletableFuture());
            }
            for (CompletableFuture<Saved> outcome : outcomes) {
                Saved saved = outcome.get(PATIENCE_MINUTES, TimeUnit.MINUTES);
                if (!saved.sha256().equals(sha256)) {
                    throw new IllegalStateException("saved " + saved + "; sent were bytes with SHA-256 " + sha256);
                }
            }
        } finally {
            clients.forEach(UploadClient::close);
        }
    }
}
