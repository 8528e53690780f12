package io.quickdrop.system.faults.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.relay.driver.threads.ThreadWorkers;
import io.quickdrop.system.faults.trial.FaultRow;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.RecordingFolder;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import io.quickdrop.system.harness.TestUpload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Bits that flip where TLS does not protect them: in memory, in a proxy, in a library. */
@ExtendWith(ShowServerLogs.class)
final class CorruptionTest {
    /** In {@code ./verify}; mutants are found with fewer. */
    private static final int FLIPS = Integer.getInteger("quickdrop.flips", 200);

    private static final int FLIPS_AN_UPLOAD = 4;
    private static final int MIN_BYTES = 200_000;
    private static final int MAX_BYTES = 900_000;

    @Test
    void twoHundredFlippedBitsAreNoticedAndMadeUpFor(@TempDir Path folder) throws Exception {
        flip(folder, FLIPS);
    }

    @Test
    @Tag("long")
    void aThousandFlippedBitsAreNoticedAndMadeUpFor(@TempDir Path folder) throws Exception {
        flip(folder, 1_000);
    }

    private static void flip(Path folder, int flips) throws Exception {
        FaultRow row = FaultRow.begin("corrupted chunk", flips);
        Map<String, SeededBytes> saved = new HashMap<>();
        Map<BitFlips.Region, Integer> regions = new TreeMap<>();
        Map<String, Integer> heard = new TreeMap<>();
        int again = 0;
        try (ThreadWorkers workers = new ThreadWorkers();
                ServerProcess server = Launch.in(folder.resolve("out")).start()) {
            SSLContext tls = FlippingProxy.tlsOf(server);
            int flipped = 0;
            for (int number = 0; flipped < flips; number++) {
                Random random = row.random(number);
                SeededBytes bytes =
                        new SeededBytes(random.nextLong(), MIN_BYTES + random.nextInt(MAX_BYTES - MIN_BYTES));
                BitFlips bits = new BitFlips(random, FLIPS_AN_UPLOAD);
                try (FlippingProxy proxy = new FlippingProxy(server, tls, bits)) {
                    Queue<String> problems = new ConcurrentLinkedQueue<>();
                    Optional<String> name = send("flip-" + number, bytes, proxy.door(), workers, problems);
                    if (name.isEmpty()) {
                        // What a person does who is told so: the bytes are still there, and the network is sound now.
                        assertThat(bits.count())
                                .as("bits flipped before it gave up")
                                .isPositive();
                        name = send("flip-" + number, bytes, Door.of(server), workers, new ConcurrentLinkedQueue<>());
                        again++;
                    }
                    assertThat(name).as("upload %d's file", number).isPresent();
                    assertThat(saved.put(name.orElseThrow(), bytes)).isNull();
                    if (!bits.hitText()) {
                        // A damaged chunk is found at once and by its own checksum, and not by the hash of the whole.
                        assertThat(problems)
                                .as("what was said of upload %d, hit in %s", number, bits.flipped())
                                .doesNotContain(ErrorReason.INTEGRITY_MISMATCH);
                    }
                    problems.forEach(problem -> heard.merge(problem, 1, Integer::sum));
                    bits.flipped().forEach((region, count) -> regions.merge(region, count, Integer::sum));
                    flipped += bits.count();
                }
            }
            RecordingFolder.assertRecordingsExactly(server.output(), saved);
            assertThat(heard).containsKey(ErrorReason.CHUNK_CORRUPT);
            row.passed(saved.size() + " uploads, bits flipped in " + regions + ", the server said " + heard + "; "
                    + again + " uploads gave up, kept their bytes and completed at the second try");
        }
    }

    /** The file name, or empty if the client gave up. */
    private static Optional<String> send(
            String session, SeededBytes bytes, Door door, ThreadWorkers workers, Queue<String> problems)
            throws InterruptedException, TimeoutException {
        TestConnector connector = new TestConnector(door, Upgrade.v2(door));
        try (TestUpload upload = new TestUpload(session, bytes, connector, workers, TestUpload.quickBackoff())) {
            upload.hear(message -> {
                if (message instanceof LinkMessage.Problem problem) {
                    problems.add(problem.reason());
                }
            });
            upload.whole();
            CompletableFuture<?> outcome = upload.client().outcome().toCompletableFuture();
            try {
                outcome.get(2, TimeUnit.MINUTES);
            } catch (ExecutionException gaveUp) {
                return Optional.empty();
            }
            return Optional.of(upload.await(Duration.ofSeconds(1)).fileName());
        }
    }
}
