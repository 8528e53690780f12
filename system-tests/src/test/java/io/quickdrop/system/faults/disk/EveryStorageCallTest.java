package io.quickdrop.system.faults.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.system.faults.trial.CallGate;
import io.quickdrop.system.faults.trial.FaultRow;
import io.quickdrop.system.faults.trial.Judgement;
import io.quickdrop.system.faults.trial.Lanes;
import io.quickdrop.system.faults.trial.QuietLogs;
import io.quickdrop.system.faults.trial.StoreWorld;
import io.quickdrop.system.faults.trial.Traffic;
import io.quickdrop.system.harness.TestUpload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each call that an upload with a restart in its middle makes to the disk or the catalogue fails, one after the other: once
 * before it did its work, once after it, and with every call behind it until the phone was told. Through the whole relay,
 * as a phone sees it.
 */
final class EveryStorageCallTest {
    private static final int LANES = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** How a failing start is noticed: the operator starts the server again. */
    private static final int STARTS = 3;

    private enum Mode {
        ONCE,
        ONCE_AFTERWARDS,
        FROM_THERE_ON
    }

    private record Trial(int call, Mode mode) {}

    @Test
    void everyStorageCallFailsOnceAndFromThereOnAndNothingIsLost(@TempDir Path folder) throws Exception {
        int calls = new Run(folder.resolve("count"), new Trial(0, Mode.ONCE), new Random(1)).play();
        // How many forces there are is a matter of time; a call too many fails nothing.
        List<Trial> trials = new ArrayList<>();
        for (int call = 1; call <= calls; call++) {
            for (Mode mode : Mode.values()) {
                trials.add(new Trial(call, mode));
            }
        }
        FaultRow row = FaultRow.begin("every storage call fails once, and from there on", trials.size());
        AtomicInteger hit = new AtomicInteger();
        List<Callable<Integer>> lanes = new ArrayList<>();
        for (int lane = 0; lane < LANES; lane++) {
            int first = lane;
            Random random = row.random(lane);
            lanes.add(() -> {
                int count = 0;
                for (int i = first; i < trials.size(); i += LANES, count++) {
                    Run run = new Run(folder.resolve("run-" + i), trials.get(i), random);
                    run.play();
                    hit.addAndGet(run.failed.get() > 0 ? 1 : 0);
                }
                return count;
            });
        }
        try (QuietLogs quiet = new QuietLogs()) {
            assertThat(quiet).isNotNull();
            assertThat(Lanes.together(lanes).stream()
                            .mapToInt(Integer::intValue)
                            .sum())
                    .isEqualTo(trials.size());
        }
        row.passed(String.format("calls 1 to %d, three ways each; %d trials had a call to fail", calls, hit.get()));
        assertThat(hit.get()).as("trials with a call to fail").isGreaterThan(trials.size() * 9 / 10);
    }

    /** One upload, on a store whose {@link Trial} says which call fails. */
    private static final class Run implements CallGate.Guard {
        private final Path output;
        private final Trial trial;
        private final Random random;
        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();
        private final AtomicBoolean over = new AtomicBoolean();
        private final ThreadLocal<Integer> number = ThreadLocal.withInitial(() -> 0);

        Run(Path output, Trial trial, Random random) {
            this.output = output;
            this.trial = trial;
            this.random = random;
        }

        @Override
        public void before(String call) throws IOException {
            int now = calls.incrementAndGet();
            number.set(now);
            boolean fails =
                    switch (trial.mode) {
                        case ONCE -> now == trial.call;
                        case FROM_THERE_ON -> now >= trial.call;
                        case ONCE_AFTERWARDS -> false;
                    };
            if (fails) {
                fail(call);
            }
        }

        @Override
        public void after(String call) throws IOException {
            if (trial.mode == Mode.ONCE_AFTERWARDS && number.get() == trial.call) {
                fail(call);
            }
        }

        private void fail(String call) throws IOException {
            if (trial.call > 0 && !over.get()) {
                failed.incrementAndGet();
                throw new IOException(call + " fails for the test");
            }
        }

        /** Returns how many calls there were. */
        int play() throws StorageException {
            Judgement judgement = new Judgement(output);
            try (StoreWorld world = new StoreWorld(output, new CallGate(this).surroundings(Clock.systemUTC()));
                    Traffic traffic = new Traffic("call-" + trial.call, random, world::connector, 40_000, 80_000)) {
                start(world);
                TestUpload upload = traffic.beginLive();
                long half = upload.bytes().length() / 2;
                upload.produced(half);
                await(upload, () -> upload.acknowledged() == half);
                world.stop();
                judgement.whileDown(traffic);
                start(world);
                upload.whole();
                await(
                        upload,
                        () -> upload.client().outcome().toCompletableFuture().isDone());
                int made = calls.get();
                over.set(true);
                traffic.finishAll();
                world.stop();
                judgement.whileDown(traffic);
                world.open();
                judgement.atTheEnd(traffic);
                return made;
            } catch (StorageException | RuntimeException | AssertionError e) {
                throw new AssertionError("with " + trial + ", of " + output, e);
            }
        }

        private void start(StoreWorld world) throws StorageException {
            for (int attempt = 1; ; attempt++) {
                try {
                    world.open();
                    return;
                } catch (StorageException e) {
                    assertThat(failed.get())
                            .as("calls that failed, when a start failed with %s", e)
                            .isPositive();
                    over.set(attempt >= STARTS || trial.mode != Mode.FROM_THERE_ON);
                }
            }
        }

        /** A fault that stays ends as soon as the phone knows of it. */
        private void await(TestUpload upload, Callable<Boolean> fact) {
            org.awaitility.Awaitility.await()
                    .pollInterval(Duration.ofMillis(2))
                    .atMost(PATIENCE)
                    .until(() -> {
                        if (trial.mode == Mode.FROM_THERE_ON
                                && upload.statuses().stream().anyMatch(words -> words.startsWith("storage_"))) {
                            over.set(true);
                        }
                        return fact.call();
                    });
        }
    }
}
