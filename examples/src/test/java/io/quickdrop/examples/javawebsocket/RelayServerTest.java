package io.quickdrop.examples.javawebsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.protocol.UploadMessage.Saved;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.InMemoryRecordingStore;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.RelayConfig;
import io.quickdrop.relay.driver.RelayListener;
import io.quickdrop.relay.driver.StoreFault;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.client.UploadClient;
import io.quickdrop.relay.driver.desktop.DesktopConfig;
import io.quickdrop.relay.driver.desktop.DesktopGate;
import io.quickdrop.relay.driver.desktop.DesktopListener;
import io.quickdrop.relay.driver.desktop.DesktopRelay;
import io.quickdrop.relay.driver.desktop.InMemoryDesktopRegistry;
import io.quickdrop.relay.driver.desktop.Screenshot;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.relay.testing.CuttingProxy;
import io.quickdrop.relay.upload.SenderConfig;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RelayServerTest {
    private static final SessionId ID = new SessionId("take-1");

    private final InMemoryRecordingStore store = new InMemoryRecordingStore(Clock.systemUTC());
    private final ThreadWorkers workers = new ThreadWorkers();
    private final Relay relay =
            new Relay(RelayConfig.defaults("test"), store, workers, Clock.systemUTC(), new RelayListener() {});
    private final DesktopRelay desktops = new DesktopRelay(
            DesktopConfig.defaults(),
            relay,
            new InMemoryDesktopRegistry(),
            DesktopGate.open(),
            Clock.systemUTC(),
            new DesktopListener() {});
    private final RelayServer server =
            new RelayServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), relay, desktops);
    private CuttingProxy proxy;

    @BeforeEach
    void start() throws Exception {
        server.start();
        proxy = new CuttingProxy(server.startedPort());
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        desktops.close();
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

    @Test
    void aViewerSeesTheSharedDesktopAndWhatChangesOnIt() throws Exception {
        try (SharingClient client = new SharingClient(endpoint(), "desk", workers)) {
            await().until(() -> isOnline("desk"));
            SmallViewer viewer = new SmallViewer(server.getPort(), "desk");

            await().until(() -> viewer.isPainted(Color.BLUE));
            client.paint(Color.GREEN);
            await().until(() -> viewer.isPainted(Color.GREEN));
            assertThat(viewer.frames()).isGreaterThan(2);
            viewer.leave();
        }
    }

    @Test
    void aDesktopComesBackAfterACutAndItsViewerGoesOn() throws Exception {
        try (SharingClient client = new SharingClient(endpoint(), "desk", workers)) {
            await().until(() -> isOnline("desk"));
            SmallViewer viewer = new SmallViewer(server.getPort(), "desk");
            await().until(() -> viewer.isPainted(Color.BLUE));
            int before = proxy.connections();
            proxy.cutAll();
            client.paint(Color.RED);
            await().until(() -> viewer.isPainted(Color.RED));
            assertThat(proxy.connections()).isGreaterThan(before);
            viewer.leave();
        }
    }

    @Test
    void aViewerThatDoesNotReadDoesNotHoldTheOthersUp() throws Exception {
        try (SharingClient client = new SharingClient(endpoint(), "desk", workers)) {
            await().until(() -> isOnline("desk"));
            SmallViewer frozen = new SmallViewer(server.getPort(), "desk");
            await().until(() -> frozen.isPainted(Color.BLUE));
            frozen.freeze();
            SmallViewer viewer = new SmallViewer(server.getPort(), "desk");
            await().until(() -> viewer.isPainted(Color.BLUE));
            int before = viewer.frames();
            await().atMost(Duration.ofSeconds(10)).until(() -> viewer.frames() > before + 20);
            client.paint(Color.GREEN);
            await().until(() -> viewer.isPainted(Color.GREEN));
            viewer.leave();
            frozen.leave();
        }
    }

    @Test
    void aScreenshotIsTakenOnCommand() throws Exception {
        try (SharingClient client = new SharingClient(endpoint(), "desk", workers)) {
            client.paint(Color.RED);
            await().until(() -> isOnline("desk"));
            JsonObject data = new JsonObject();
            data.addProperty("screen", 0);
            CompletableFuture<String> completed = new CompletableFuture<>();
            desktops.command("desk", "screenshot", data, status -> {
                if (status.status().equals("completed")) {
                    completed.complete(status.commandId());
                }
            });
            String id = completed.get(10, TimeUnit.SECONDS);
            Screenshot shot = desktops.screenshot("desk", id).orElseThrow();
            ByteBuffer file = ByteBuffer.allocate((int) shot.bytes());
            shot.parts().forEach(part -> file.put(part.duplicate()));
            BufferedImage picture = ImageIO.read(new ByteArrayInputStream(file.array()));
            assertThat(new Color(picture.getRGB(600, 300))).isEqualTo(Color.RED);
        }
    }

    @Test
    void aPageOfAnotherOriginIsNotServed() throws Exception {
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        Map<String, String> headers = Map.of("Origin", "http://evil.example");
        new SocketConnector(endpoint(), headers).connect(new ConnectionEvents() {
            @Override
            public void opened(Connection connection) {
                closed.completeExceptionally(new AssertionError("it was served"));
            }

            @Override
            public void text(String text) {}

            @Override
            public void alive() {}

            @Override
            public void closed(int code, String reason) {
                closed.complete(code);
            }
        });
        assertThat(closed.get(10, TimeUnit.SECONDS)).isNotEqualTo(1000);
    }

    private URI endpoint() {
        return URI.create("ws://localhost:" + proxy.port());
    }

    private boolean isOnline(String clientId) {
        return desktops.list().stream()
                .anyMatch(known ->
                        known.clientId().equals(clientId) && known.state().equals(DesktopClient.ONLINE));
    }

    private CompletableFuture<Saved> upload(byte[] bytes, SenderConfig config) {
        UploadClient client = new UploadClient(
                ID,
                new Description("video/webm", "webm", null, 0, null),
                config,
                (offset, length) -> ByteBuffer.wrap(bytes, (int) offset, length).slice(),
                new SocketConnector(URI.create("ws://localhost:" + proxy.port()), Map.of()),
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
