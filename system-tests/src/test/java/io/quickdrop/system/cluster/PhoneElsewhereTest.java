package io.quickdrop.system.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.client.Connector;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.system.harness.CuttingProxy;
import io.quickdrop.system.harness.CuttingProxy.Ending;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.Pairing;
import io.quickdrop.system.harness.RawHttp;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import io.quickdrop.system.harness.TestUpload;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A phone that begins at one instance and comes back at another, while the first lives and after it died. */
@ExtendWith(ShowServerLogs.class)
final class PhoneElsewhereTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long BYTES_PER_SECOND = 2_000_000;
    private static final SeededBytes BYTES = new SeededBytes(11, 10_000_000);

    @Test
    void anUploadThatComesBackAtAnotherInstanceIsProxiedToItsOwnerAndListedOnBoth(@TempDir Path folder)
            throws IOException {
        try (ThreadWorkers workers = new ThreadWorkers();
                Cluster cluster = Cluster.of(2, folder);
                Phone phone = new Phone(cluster, workers)) {
            phone.at(0);
            TestUpload upload = phone.send("travels", BYTES);
            await().atMost(PATIENCE).until(() -> upload.acknowledged() > 2_000_000);
            phone.moveTo(1);
            String name = upload.await(PATIENCE).fileName();
            Path file = cluster.instance(0).server().output().resolve(name);
            assertThat(SeededBytes.sha256(file)).isEqualTo(BYTES.sha256());
            for (ClusterInstance instance : cluster.instances()) {
                await().atMost(PATIENCE).until(() -> lists(instance.door(), name));
            }
            byte[] there = content(cluster.instance(1).door(), name);
            assertThat(sha256(there)).isEqualTo(BYTES.sha256());
            System.out.printf(
                    "cluster: phone on the wrong instance: N=1, proxied to the owner over %d connections, exact there, listed"
                            + " and fetched on the other%n",
                    upload.connections());
        }
    }

    @Test
    void whereTheFolderIsSharedTheUploadOfADeadInstanceIsTakenOver(@TempDir Path folder) throws IOException {
        try (ThreadWorkers workers = new ThreadWorkers();
                Cluster cluster = Cluster.sharing(2, folder);
                Phone phone = new Phone(cluster, workers)) {
            phone.at(0);
            TestUpload upload = phone.send("inherited", BYTES);
            await().atMost(PATIENCE).until(() -> upload.acknowledged() > 2_000_000);
            long killedNanos = System.nanoTime();
            cluster.instance(0).server().kill9();
            long promised = upload.acknowledged();
            phone.moveTo(1);
            await().atMost(PATIENCE).until(() -> upload.acknowledged() > promised);
            double seconds = (System.nanoTime() - killedNanos) / 1e9;
            String name = upload.await(PATIENCE).fileName();
            assertThat(SeededBytes.sha256(folder.resolve("shared").resolve(name)))
                    .isEqualTo(BYTES.sha256());
            cluster.instance(0).server().start();
            for (ClusterInstance instance : cluster.instances()) {
                await().atMost(PATIENCE).until(() -> lists(instance.door(), name));
            }
            assertThat(SeededBytes.sha256(folder.resolve("shared").resolve(name)))
                    .isEqualTo(BYTES.sha256());
            System.out.printf(
                    "cluster: upload of a dead instance taken over in a shared folder: N=1, goes on %.1f s after the kill, %d"
                            + " bytes acknowledged before, exact%n",
                    seconds, promised);
        }
    }

    @Test
    void withoutASharedFolderThePhoneIsToldAndGoesOnWhenTheInstanceIsBack(@TempDir Path folder) throws IOException {
        try (ThreadWorkers workers = new ThreadWorkers();
                Cluster cluster = Cluster.of(2, folder);
                Phone phone = new Phone(cluster, workers)) {
            phone.at(0);
            TestUpload upload = phone.send("waits", BYTES);
            await().atMost(PATIENCE).until(() -> upload.acknowledged() > 2_000_000);
            cluster.instance(0).server().kill9();
            long promised = upload.acknowledged();
            int told = upload.statuses().size();
            phone.moveTo(1);
            await().atMost(PATIENCE).until(() -> upload
                    .statuses()
                    .subList(told, upload.statuses().size())
                    .stream()
                    .anyMatch(status -> status.contains("ash")));
            List<String> words = upload.statuses();
            cluster.instance(0).server().start();
            String name = upload.await(PATIENCE).fileName();
            assertThat(upload.acknowledged()).isGreaterThanOrEqualTo(promised);
            Path file = cluster.instance(0).server().output().resolve(name);
            assertThat(SeededBytes.sha256(file)).isEqualTo(BYTES.sha256());
            System.out.printf(
                    "cluster: upload of a dead instance without a shared folder: N=1, told '%s', exact when it is back%n",
                    words.get(words.size() - 1));
        }
    }

    private static boolean lists(Door door, String fileName) {
        return Dashboard.recording(door, fileName).isPresent();
    }

    private static byte[] content(Door door, String fileName) {
        String id = Dashboard.recording(door, fileName).orElseThrow().get("id").getAsString();
        RawHttp.Answer answer =
                RawHttp.get(door, "/api/recordings/" + id + "/content").send();
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.body();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** A phone that is paired once and carried from one instance's network to another's, at a phone's speed. */
    private static final class Phone implements AutoCloseable, Connector {
        private final Cluster cluster;
        private final ThreadWorkers workers;
        private final List<CuttingProxy> networks;
        private final String key;
        private final AtomicReference<Integer> place = new AtomicReference<>(0);

        Phone(Cluster cluster, ThreadWorkers workers) {
            this.cluster = cluster;
            this.workers = workers;
            this.key = Pairing.pair(cluster.instance(0).door(), "phone").key();
            networks = cluster.instances().stream()
                    .map(instance -> new CuttingProxy(instance.server().address()))
                    .toList();
            networks.forEach(network -> network.limit(BYTES_PER_SECOND));
        }

        void at(int instance) {
            place.set(instance);
        }

        void moveTo(int instance) {
            int before = place.getAndSet(instance);
            networks.get(before).cutAll(Ending.RST);
        }

        TestUpload send(String id, SeededBytes bytes) {
            return new TestUpload(id, bytes, this, workers, TestUpload.quickBackoff()).whole();
        }

        @Override
        public void connect(ConnectionEvents events) {
            int now = place.get();
            Door door = cluster.instance(now).door().through(networks.get(now));
            new TestConnector(door, Upgrade.v2(door, key)).connect(events);
        }

        @Override
        public void close() {
            networks.forEach(CuttingProxy::close);
        }
    }
}
