package io.quickdrop.relay.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.protocol.UploadMessage.Saved;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.client.UploadClient;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.relay.upload.SenderConfig;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The driver on real threads: what the simulation, being on one, cannot show. */
@Timeout(60)
class ThreadedUploadsTest {
    private static final Description DESCRIPTION = new Description("video/mp4", "mp4", null, 1, null);

    private final ThreadWorkers workers = new ThreadWorkers();
    private final ScheduledThreadPoolExecutor scissors = new ScheduledThreadPoolExecutor(1);
    private final InMemoryRecordingStore store = new InMemoryRecordingStore(() -> Instant.EPOCH);
    private final Relay relay =
            new Relay(RelayConfig.defaults("test"), store, workers, () -> Instant.EPOCH, new RelayListener() {});

    @AfterEach
    void stop() {
        scissors.shutdownNow();
        relay.close();
        workers.close();
    }

    @Test
    void manyUploadsAtOnceAcrossCutsAreEachExact() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        Map<SessionId, byte[]> sources = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
        List<CompletionStage<Saved>> outcomes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            SessionId id = new SessionId("take-" + i);
            byte[] source = new byte[1_000_000];
            new Random(i).nextBytes(source);
            sources.put(id, source);
            UploadClient client = client(id, source, connections);
            outcomes.add(client.outcome());
            for (int part = 1; part <= 10; part++) {
                client.produced(source.length / 10L * part);
            }
            client.ended(null);
        }
        for (CompletionStage<Saved> outcome : outcomes) {
            assertThat(outcome.toCompletableFuture().get(50, TimeUnit.SECONDS).bytes())
                    .isEqualTo(1_000_000);
        }
        sources.forEach((id, source) -> assertThat(store.bytes(id)).hasValue(source));
        assertThat(connections.get()).as("most were cut at least once").isGreaterThan(60);
    }

    @Test
    void shuttingDownLetsGoOfEveryFile() throws Exception {
        byte[] source = new byte[100_000];
        UploadClient client = client(new SessionId("take"), source, new AtomicInteger(1000));
        client.produced(source.length);
        await().until(() -> relay.sessions().stream().anyMatch(session -> session.durableBytes() == source.length));
        relay.shutDown(Duration.ofSeconds(1)).toCompletableFuture().get(10, TimeUnit.SECONDS);
        Relay next =
                new Relay(RelayConfig.defaults("test"), store, workers, () -> Instant.EPOCH, new RelayListener() {});
        next.restore();
        await().until(() -> next.sessions().size() == 1);
        client.close();
    }

    private UploadClient client(SessionId id, byte[] source, AtomicInteger connections) {
        SenderConfig config = new SenderConfig(10_000, 200_000, 50_000, Duration.ofSeconds(20), 3);
        return new UploadClient(
                id,
                DESCRIPTION,
                config,
                (offset, length) ->
                        ByteBuffer.wrap(source, (int) offset, length).slice(),
                events -> connect(events, connections.incrementAndGet()),
                workers,
                new UploadClient.Listener() {});
    }

    private void connect(ConnectionEvents events, int number) {
        InMemoryConnection.Pair pair = InMemoryConnection.pair(workers.machines());
        Peer peer = relay.connected(pair.left(), new PeerIdentity("phone", true));
        pair.left().receiveBy(new InMemoryConnection.Receiver() {
            @Override
            public void text(String text) {
                peer.text(text);
            }

            @Override
            public void binary(ByteBuffer payload) {
                peer.binary(payload, true);
            }

            @Override
            public void alive() {
                peer.alive();
            }

            @Override
            public void closed(int code, String reason) {
                peer.closed();
            }
        });
        pair.right().receiveBy(new InMemoryConnection.Receiver() {
            @Override
            public void text(String text) {
                events.text(text);
            }

            @Override
            public void alive() {
                events.alive();
            }

            @Override
            public void closed(int code, String reason) {
                events.closed(code, reason);
            }
        });
        events.opened(pair.right());
        if (number <= 80) {
            scissors.schedule(() -> pair.left().cut(), number % 20, TimeUnit.MILLISECONDS);
        }
    }
}
