package io.quickdrop.system.faults.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.relay.driver.client.UploadClient.UploadFailedException;
import io.quickdrop.system.faults.trial.FaultRow;
import io.quickdrop.system.faults.trial.Judgement;
import io.quickdrop.system.faults.trial.Lanes;
import io.quickdrop.system.faults.trial.Traffic;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestConnector;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import io.quickdrop.system.harness.TestUpload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server dies, its files are damaged, and it starts again. Tails that were never acknowledged harm nobody. What was
 * acknowledged and is damaged then is found and never called saved: wrong bits are sent again within the same upload, and
 * of what is gone the client is told, and sends it again.
 */
@ExtendWith(ShowServerLogs.class)
final class DamagedTailTest {
    private static final String NAME = "torn or flipped tail before restart";
    private static final List<Damage> KINDS = List.of(Damage.values());
    private static final int LANES = 2;
    private static final int UPLOADS_AT_ONCE = 19;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final class Found {
        private final Map<Damage, Integer> damages = new EnumMap<>(Damage.class);
        private int journals;
        private int mended;
        private int sentAgain;

        private int trials() {
            return journals
                    + damages.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    @Test
    void twoHundredDamagesAreHarmlessOrFoundAndMended(@TempDir Path folder) throws Exception {
        damageAgainAndAgain(folder, 200);
    }

    @Test
    @Tag("long")
    void aThousandDamagesAreHarmlessOrFoundAndMended(@TempDir Path folder) throws Exception {
        damageAgainAndAgain(folder, 1_000);
    }

    private static void damageAgainAndAgain(Path folder, int damages) throws Exception {
        FaultRow row = FaultRow.begin(NAME, damages);
        int half = row.trials() / LANES;
        List<Found> found = Lanes.together(List.of(
                () -> lane(folder, "one", half, row.random(0)),
                () -> lane(folder, "two", row.trials() - half, row.random(1))));
        Map<Damage, Integer> kinds = new EnumMap<>(Damage.class);
        found.forEach(lane -> lane.damages.forEach((damage, count) -> kinds.merge(damage, count, Integer::sum)));
        assertThat(found.stream().mapToInt(Found::trials).sum()).isEqualTo(row.trials());
        row.passed(String.format(
                "%s, journals of the catalogue %d; %d uploads mended by themselves, %d told that bytes are gone and sent again",
                kinds,
                found.stream().mapToInt(lane -> lane.journals).sum(),
                found.stream().mapToInt(lane -> lane.mended).sum(),
                found.stream().mapToInt(lane -> lane.sentAgain).sum()));
    }

    private static Found lane(Path folder, String name, int damages, Random random) throws IOException {
        Found found = new Found();
        while (found.trials() < damages) {
            int files = Math.min(UPLOADS_AT_ONCE, damages - found.trials());
            boolean journalToo = found.trials() + files < damages;
            round(folder.resolve(name + "-" + found.trials()), files, journalToo, random, found);
        }
        return found;
    }

    private static void round(Path output, int files, boolean journalToo, Random random, Found found)
            throws IOException {
        Set<TestUpload> mended = ConcurrentHashMap.newKeySet();
        try (ServerProcess server = Launch.in(output).start();
                Traffic traffic = new Traffic(
                        "tail",
                        random,
                        () -> new TestConnector(Door.of(server), Upgrade.v2(Door.of(server))),
                        20_000,
                        300_000)) {
            Judgement judgement = new Judgement(output);
            for (int i = 0; i < files; i++) {
                TestUpload upload = traffic.beginLive();
                upload.hear(message -> {
                    if (message instanceof UploadMessage.Blocks) {
                        mended.add(upload);
                    }
                });
                upload.produced(upload.bytes().length() / 2);
            }
            List<TestUpload> uploads = traffic.running();
            await().atMost(PATIENCE).until(() -> uploads.stream()
                    .allMatch(upload -> upload.acknowledged() == upload.bytes().length() / 2));
            uploads.forEach(upload -> upload.produced(upload.bytes().length()));
            await().pollDelay(Duration.ofMillis(1 + random.nextInt(60))).until(() -> true);
            server.kill9();
            judgement.whileDown(traffic);
            Map<TestUpload, Damage> damaged = new LinkedHashMap<>();
            for (TestUpload upload : uploads) {
                long kept = upload.acknowledged();
                Damage damage = KINDS.get(random.nextInt(KINDS.size()));
                damage.to(judgement.partOf(upload, kept).orElseThrow(), kept, random);
                damaged.put(upload, damage);
                found.damages.merge(damage, 1, Integer::sum);
            }
            boolean rowsGone =
                    journalToo && Damage.ofJournal(output.resolve(".quickdrop").resolve("catalogue.db-wal"), random);
            found.journals += journalToo ? 1 : 0;
            server.start();
            for (Map.Entry<TestUpload, Damage> each : damaged.entrySet()) {
                TestUpload upload = each.getKey();
                upload.client().ended(upload.bytes().sha256());
                complete(traffic, upload, rowsGone || each.getValue().destroys(), found);
                boolean flipped = each.getValue() == Damage.FLIPPED_BELOW;
                assertThat(rowsGone || !flipped || mended.contains(upload))
                        .as("whether the flipped bit of %s was found", upload.id())
                        .isTrue();
            }
            found.mended += mended.size();
            judgement.atTheEnd(traffic);
        }
    }

    private static void complete(Traffic traffic, TestUpload upload, boolean mayBeGone, Found found) {
        await().atMost(PATIENCE)
                .until(() -> upload.client().outcome().toCompletableFuture().isDone());
        try {
            upload.client().outcome().toCompletableFuture().join();
        } catch (CompletionException e) {
            assertThat(e.getCause())
                    .isInstanceOfSatisfying(UploadFailedException.class, failure -> assertThat(failure.reason())
                            .as("what %s was told (bytes may be gone: %s): %s", upload.id(), mayBeGone, failure)
                            .isEqualTo(ErrorReason.SESSION_UNKNOWN));
            assertThat(mayBeGone)
                    .as("whether bytes of %s are gone", upload.id())
                    .isTrue();
            found.sentAgain++;
            traffic.finish(traffic.again(upload));
            return;
        }
        traffic.finish(upload);
    }
}
