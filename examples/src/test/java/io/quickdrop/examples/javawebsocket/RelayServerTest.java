package io.quickdrop.examples.javawebsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.protocol.UploadMessage.Saved;
import io.quickdrop.relay.driver.InMemoryRecordingStore;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.RelayConfig;
import io.quickdrop.relay.driver.RelayListener;
import io.quickdrop.relay.driver.StoreFault;
import io.quickdrop.relay.driver.ThreadWorkers;
import io.quickdrop.relay.driver.UploadClient;
import io.quickdrop.relay.testing.CuttingProxy;
import io.quickdrop.relay.upload.SenderConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UploadServerTest {
    private static final SessionId ID = new SessionId("take-1");

    private final InMemoryRecordingStore store = new InMemoryRecordingStore(Clock.systemUTC());
    private final ThreadWorkers workers = new ThreadWorkers();
    private final Relay relay =
            new Relay(RelayConfig.defaults("test"), store, workers, Clock.systemUTC(), new RelayListener() {});
    private final UploadServer server =
            new UploadServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), relay);
    private CuttingProxy proxy;

    @BeforeEach
    void start() throws Exception {
        server.start();
        proxy = new CuttingProxy(server.startedPort());
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        relay.close();
        server.stop(1000);
        workers.close();
    }

    @Test
    void anUploadIsExactAcrossCuts() throws Exception {
        byte[] video = randomBytes(5_000_000);
        proxy.cutAt(1_234_567, 3_777_777);

        CompletableFuture<Saved> outcome = upload(video, SenderConfig.defaults());

        assertThat(outcome.get(30, TimeUnit.SECONDS).bytes()).isEqualTo(video.length);
        assertThat(proxy.connections()).isEqualTo(3);
        assertThat(store.bytes(ID)).contains(video);
    }

    @Test
    void aStuckDiskStopsTheSocketAndNotTheHeap() throws Exception {
        CountDownLatch diskWorks = new CountDownLatch(1);
        store.failBy((call, session) -> {
            if (call == StoreFault.Call.APPEND) {
                awaitUninterruptibly(diskWorks);
            }
        });
        byte[] video = randomBytes(48 << 20);

        CompletableFuture<Saved> outcome =
                upload(video, new SenderConfig(64 << 10, video.length, 1 << 20, Duration.ofMinutes(1), 3));

        // 6 MiB that the relay takes from one connection, and what sockets and the library's few buffers hold
        await().until(() -> proxy.passedBytes() > 6 << 20);
        await().during(Duration.ofMillis(500)).until(() -> proxy.passedBytes() < 30 << 20);
        diskWorks.countDown();
        assertThat(outcome.get(60, TimeUnit.SECONDS).bytes()).isEqualTo(video.length);
        assertThat(store.bytes(ID)).contains(video);
    }

    private CompletableFuture<Saved> upload(byte[] bytes, SenderConfig config) {
        UploadClient client = new UploadClient(
                ID,
                new Description("video/webm", "webm", null, 0, null),
                config,
                (offset, length) -> ByteBuffer.wrap(bytes, (int) offset, length).slice(),
                new UploadingClient(URI.create("ws://localhost:" + proxy.port())),
                workers,
                new UploadClient.Listener() {});
        client.produced(bytes.length);
        client.ended(null);
        return client.outcome().toCompletableFuture();
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(3).nextBytes(bytes);
        return bytes;
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
