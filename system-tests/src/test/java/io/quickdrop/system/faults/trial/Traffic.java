package io.quickdrop.system.faults.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.TestUpload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Some uploads that are always under way while faults happen: as one is saved, the next begins. For one thread.
 */
public final class Traffic implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String name;
    private final Random random;
    private final Supplier<Connector> connectors;
    private final int minBytes;
    private final int maxBytes;
    private final ThreadWorkers workers = new ThreadWorkers();
    private final List<TestUpload> running = new ArrayList<>();
    private final Map<String, SeededBytes> saved = new LinkedHashMap<>();
    private int begun;
    private long begunBytes;

    /**
     * Begins nothing yet.
     *
     * @param name begins the ids of its sessions
     * @param connectors one for each upload
     * @param minBytes length of the shortest upload
     * @param maxBytes one more than that of the longest
     */
    public Traffic(String name, Random random, Supplier<Connector> connectors, int minBytes, int maxBytes) {
        this.name = name;
        this.random = random;
        this.connectors = connectors;
        this.minBytes = minBytes;
        this.maxBytes = maxBytes;
    }

    /** A new upload that has everything to send. */
    public TestUpload begin() {
        return beginLive().whole();
    }

    /** A new upload whose recorder has made nothing yet. */
    public TestUpload beginLive() {
        return beginLive(new SeededBytes(random.nextLong(), minBytes + random.nextInt(maxBytes - minBytes)));
    }

    /** The same with bytes of choice. */
    public TestUpload beginLive(SeededBytes bytes) {
        TestUpload upload =
                new TestUpload(name + "-" + begun++, bytes, connectors.get(), workers, TestUpload.quickBackoff());
        begunBytes += bytes.length();
        running.add(upload);
        return upload;
    }

    /** A new client that sends the same bytes under the same id from the beginning, as somebody does who is told to. */
    public TestUpload again(TestUpload given) {
        given.close();
        running.remove(given);
        TestUpload upload =
                new TestUpload(given.id().value(), given.bytes(), connectors.get(), workers, TestUpload.quickBackoff());
        running.add(upload);
        return upload.whole();
    }

    /** Takes note of what was saved, and begins new uploads until so many are under way. */
    public void keepUp(int atOnce) {
        collect();
        while (running.size() < atOnce) {
            begin();
        }
    }

    /** Takes note of what was saved. */
    public void collect() {
        for (TestUpload upload : List.copyOf(running)) {
            if (upload.client().outcome().toCompletableFuture().isDone()) {
                finish(upload);
            }
        }
    }

    /** Waits until the upload is saved. */
    public void finish(TestUpload upload) {
        String file = upload.await(PATIENCE).fileName();
        assertThat(saved.put(file, upload.bytes()))
                .as("a second recording named %s", file)
                .isNull();
        running.remove(upload);
    }

    /** Waits until all are saved. */
    public void finishAll() {
        List.copyOf(running).forEach(this::finish);
    }

    /** Those that are not saved yet, as far as {@link #collect} knows. */
    public List<TestUpload> running() {
        return List.copyOf(running);
    }

    /** What has been saved, by file name. */
    public Map<String, SeededBytes> saved() {
        return Map.copyOf(saved);
    }

    /** Sum of the offsets acknowledged to those that are under way, bytes. */
    public long acknowledged() {
        return running.stream().mapToLong(TestUpload::acknowledged).sum();
    }

    /** Whether any upload that is under way has come to its end. */
    public boolean isAnyOver() {
        return running.stream()
                .anyMatch(upload ->
                        upload.client().outcome().toCompletableFuture().isDone());
    }

    /** Uploads begun so far. */
    public int begun() {
        return begun;
    }

    /** What was there to be sent so far, bytes. */
    public long begunBytes() {
        return begunBytes;
    }

    @Override
    public void close() {
        running.forEach(TestUpload::close);
        workers.close();
    }
}
