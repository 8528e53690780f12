package io.quickdrop.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.InMemoryRecordingStore;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.relay.driver.RelayListener;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.client.UploadClient;
import io.quickdrop.relay.driver.desktop.DesktopGate;
import io.quickdrop.relay.driver.desktop.DesktopListener;
import io.quickdrop.relay.driver.desktop.InMemoryDesktopRegistry;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.relay.upload.SenderConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingTest {
    @ParameterizedTest
    @ValueSource(strings = {"README.md", "../README.md"})
    void theReadmeShowsTheCompiledSnippetWordForWord(String file) throws IOException {
        String readme = Files.readString(Path.of(file));
        List<String> shown = readme.lines()
                .dropWhile(line -> !line.equals("```java"))
                .skip(1)
                .takeWhile(line -> !line.equals("```"))
                .toList();

        assertThat(shown).isEqualTo(snippet()).hasSizeBetween(8, 12);
    }

    @Test
    void anUploadThroughTheEmbeddedRelayArrives() throws Exception {
        byte[] video = new byte[300_000];
        new Random(2).nextBytes(video);
        SessionId id = new SessionId("embedded");
        InMemoryRecordingStore store = new InMemoryRecordingStore(Clock.systemUTC());
        try (ThreadWorkers workers = new ThreadWorkers()) {
            Embedding app = embedding(store, workers);

            UploadClient client = new UploadClient(
                    id,
                    new Description("video/webm", "webm", null, 0, null),
                    SenderConfig.defaults(),
                    (offset, length) ->
                            ByteBuffer.wrap(video, (int) offset, length).slice(),
                    events -> {
                        Peer peer = app.accepted(new Wire(events::text, bytes -> {}, events::closed), "phone", false);
                        events.opened(new Wire(
                                peer::text, bytes -> peer.binary(bytes, true), (code, reason) -> peer.closed()));
                    },
                    workers,
                    new UploadClient.Listener() {});
            client.produced(video.length);
            client.ended(null);

            assertThat(client.outcome()
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS)
                            .bytes())
                    .isEqualTo(video.length);
        }
        assertThat(store.bytes(id)).contains(video);
    }

    @Test
    void anAgentThatConnectsToTheEmbeddedRelayIsChallenged() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        try (ThreadWorkers workers = new ThreadWorkers()) {
            Embedding app = embedding(new InMemoryRecordingStore(Clock.systemUTC()), workers);
            app.accepted(new Wire(told::add, bytes -> {}, (code, reason) -> {}), "desk", true);
            await().until(() -> !told.isEmpty());
        }
        assertThat(told.get(0)).contains("\"type\":\"challenge\"");
    }

    private static Embedding embedding(InMemoryRecordingStore store, ThreadWorkers workers) throws StorageException {
        return new Embedding(
                store,
                new InMemoryDesktopRegistry(),
                DesktopGate.open(),
                workers,
                new RelayListener() {},
                new DesktopListener() {});
    }

    private static List<String> snippet() throws IOException {
        Path source = Path.of("src/main/java/io/quickdrop/examples/Embedding.java");
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(source)) {
            if (line.strip().startsWith("// snippet:")) {
                inside = line.contains("start");
            } else if (inside) {
                lines.add(line.substring(8));
            }
        }
        return lines;
    }

    /** One direction of a connection without a network: what is sent is told to the other end. */
    private record Wire(
            java.util.function.Consumer<String> text,
            java.util.function.Consumer<ByteBuffer> binary,
            java.util.function.BiConsumer<Integer, String> closed)
            implements Connection {
        @Override
        public void sendText(String message) {
            text.accept(message);
        }

        @Override
        public void sendBinary(ByteBuffer payload) {
            binary.accept(payload.duplicate());
        }

        @Override
        public void sendPing() {
            // a heartbeat of five seconds: this is over before
        }

        @Override
        public long pendingBytes() {
            return 0;
        }

        @Override
        public void pauseReading() {
            // what comes is passed on at once
        }

        @Override
        public void resumeReading() {
            // as above
        }

        @Override
        public void close(int code, String reason) {
            closed.accept(code, reason);
        }
    }
}
