package io.quickdrop.relay.sim.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand rooms of unequal viewers, with the promises looked at after every event. Another range of rooms:
 * {@code -Dquickdrop.sim.desktop.seed=N -Dquickdrop.sim.desktop.rooms=N}.
 */
class DesktopSimulationTest {
    private static final long FIRST_SEED = Long.getLong("quickdrop.sim.desktop.seed", 1);
    private static final long ROOMS = Long.getLong("quickdrop.sim.desktop.rooms", 10_000);

    @Test
    void inTenThousandRoomsEveryViewerComesToShowTheScreenAndNothingGrows() throws InterruptedException {
        int threads = Runtime.getRuntime().availableProcessors();
        AtomicLong nextSeed = new AtomicLong(FIRST_SEED);
        DesktopTally tally = new DesktopTally();
        long begun = System.nanoTime();
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(workers.submit(() -> {
                    for (long seed = nextSeed.getAndIncrement();
                            seed < FIRST_SEED + ROOMS && !Thread.interrupted();
                            seed = nextSeed.getAndIncrement()) {
                        tally.add(new DesktopWorld(seed, DesktopWorld.Alteration::none).run());
                    }
                }));
            }
            for (Future<?> worker : running) {
                worker.get();
            }
        } catch (ExecutionException failed) {
            throw new AssertionError(failed.getCause());
        } finally {
            workers.shutdownNow();
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf("Simulated %s%nin %.1f s: %,.0f rooms/s%n", tally, seconds, tally.rooms() / seconds);
        assertThat(tally.rooms()).isEqualTo(ROOMS);
    }
}
