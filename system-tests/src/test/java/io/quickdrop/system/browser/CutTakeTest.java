package io.quickdrop.system.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.system.harness.CuttingProxy.Cut;
import io.quickdrop.system.harness.CuttingProxy.Direction;
import io.quickdrop.system.harness.CuttingProxy.Ending;
import io.quickdrop.system.harness.ShowServerLogs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A walk out of the Wi-Fi and back, five times in one take. {@code -Dquickdrop.seed=N} repeats a run. */
@ExtendWith(ShowServerLogs.class)
final class CutTakeTest {
    private static final int CUTS = 5;
    private static final int TAKE_SECONDS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final double SAVE_MS = 60_000;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void fiveCutsAtRandomBytesCostNoneAndDoubleNone() {
        long seed = Long.getLong("quickdrop.seed", System.nanoTime());
        System.out.println("Take with " + CUTS + " cuts: -Dquickdrop.seed=" + seed);
        assertSurvivesCuts(seed);
    }

    @Tag("long")
    @RepeatedTest(20)
    void fiveCutsAtRandomBytesCostNoneTwentyTimesOver() {
        fiveCutsAtRandomBytesCostNoneAndDoubleNone();
    }

    private void assertSurvivesCuts(long seed) {
        Scissors scissors = new Scissors(new Random(seed));
        try (Scene scene = Scene.in(folder, scissors::cutFor)) {
            PhonePage phone = scene.phone(scene.dashboard());
            long before = scene.network().forwarded(Direction.UP);

            phone.record();
            long firstCutAt = before + scissors.upBytes();
            await().atMost(PATIENCE).until(() -> scene.network().forwarded(Direction.UP) >= firstCutAt);
            scissors.sharp = true;
            scene.network().cutAll(Ending.RST);
            await().atMost(PATIENCE).until(() -> scene.network().cuts() >= CUTS);
            scissors.sharp = false;
            assertThat(phone.onlyTake().state())
                    .as("all cuts fell into the take")
                    .isEqualTo("recording");
            phone.recordUntil(TAKE_SECONDS).stop().waitUntilSaved(1, SAVE_MS);

            Path file = TakeTruth.assertIdentical(scene, phone).get(0);
            assertThat(MediaFile.probe(file).track("video").duration())
                    .isGreaterThan(Duration.ofMillis(1_000L * TAKE_SECONDS - 1_500));
            System.out.println("Saved after " + scene.network().cuts() + " cuts and "
                    + scene.network().connections() + " connections: " + phone.onlyTake());
        }
    }

    /** Decides in advance behind which byte each connection ends, some within the handshakes, some within a chunk. */
    private static final class Scissors {
        private static final int UP_BYTES = 100_000;
        private static final int DOWN_BYTES = 2_500;

        private final Random random;
        private volatile boolean sharp;

        Scissors(Random random) {
            this.random = random;
        }

        synchronized int upBytes() {
            return 1 + random.nextInt(UP_BYTES);
        }

        synchronized Optional<Cut> cutFor(int connection) {
            if (!sharp) {
                return Optional.empty();
            }
            Ending ending = random.nextBoolean() ? Ending.RST : Ending.FIN;
            return Optional.of(
                    random.nextInt(3) > 0
                            ? new Cut(Direction.UP, upBytes(), ending)
                            : new Cut(Direction.DOWN, 1 + random.nextInt(DOWN_BYTES), ending));
        }
    }
}
