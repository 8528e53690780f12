package io.quickdrop.relay.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * One hundred thousand recordings over lines that fail, with the promises looked at after every event. Another range of
 * worlds: {@code -Dquickdrop.sim.seed=N -Dquickdrop.sim.sessions=N}.
 */
class SimulationTest {
    private static final long FIRST_SEED = Long.getLong("quickdrop.sim.seed", 1);
    private static final long SESSIONS = Long.getLong("quickdrop.sim.sessions", 100_000);
    /** Kept here, or the level set on it would go with the garbage. */
    private static final Logger DRIVER_LOG = Logger.getLogger("io.quickdrop.relay.driver");

    @BeforeAll
    static void theDriverReportsEachFaultAndThereAreManyOnPurpose() {
        DRIVER_LOG.setLevel(Level.OFF);
    }

    @Test
    void aHundredThousandRecordingsOverLossyLinksKeepEveryPromise() throws InterruptedException {
        int threads = Runtime.getRuntime().availableProcessors();
        AtomicLong nextSeed = new AtomicLong(FIRST_SEED);
        Tally tally = new Tally();
        long begun = System.nanoTime();
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(workers.submit(() -> {
                    while (tally.sessions() < SESSIONS && !Thread.interrupted()) {
                        long seed = nextSeed.getAndIncrement();
                        tally.add(new Simulation(seed, alteration(seed)).run());
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
        System.out.printf("Simulated %s%nin %.1f s: %,.0f sessions/s%n", tally, seconds, tally.sessions() / seconds);
        assertThat(tally.sessions()).isGreaterThanOrEqualTo(SESSIONS);
        assertThat(tally.repairs()).isPositive();
    }

    /** Every fourth world damages bytes behind the back of both ends. */
    private static Simulation.Alteration alteration(long seed) {
        return seed % 4 == 0 ? new Damage(seed) : new Simulation.Alteration();
    }
}
