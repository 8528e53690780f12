package io.quickdrop.relay.driver.threads;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.relay.sim.SimulatedProcess;
import io.quickdrop.relay.sim.VirtualTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DeadlineTimerTest {
    private final VirtualTime time = new VirtualTime(new SplittableRandom(1));
    private final SimulatedProcess process = new SimulatedProcess(time, new SplittableRandom(2), () -> 0);
    private final List<Long> ticks = new ArrayList<>();
    private final DeadlineTimer timer =
            new DeadlineTimer(process, () -> ticks.add(time.now().toEpochMilli()));

    private static Optional<Instant> at(long millis) {
        return Optional.of(Instant.ofEpochMilli(millis));
    }

    private void runOut() {
        while (time.step()) {
            // until nothing is left to happen
        }
    }

    @Test
    void aDeadlineTicksOnce() {
        timer.arm(at(10));
        timer.arm(at(10));
        runOut();
        assertThat(ticks).containsExactly(10L);
    }

    @Test
    void anEarlierDeadlineReplacesALaterOne() {
        timer.arm(at(10));
        timer.arm(at(5));
        runOut();
        assertThat(ticks).containsExactly(5L);
    }

    @Test
    void aDeadlineThatMovesAwayCostsAnEarlyTickAndIsArmedThen() {
        timer.arm(at(10));
        timer.arm(at(20));
        time.step();
        assertThat(ticks).containsExactly(10L);
        timer.arm(at(20));
        runOut();
        assertThat(ticks).containsExactly(10L, 20L);
    }

    @Test
    void aTickIsArmedAgainAlsoIfTheMachinesClockHasNotReachedItsTime() {
        Workers hasty = new Workers() {
            @Override
            public Instant now() {
                return Instant.EPOCH;
            }

            @Override
            public java.util.concurrent.Executor machines() {
                return process.machines();
            }

            @Override
            public java.util.concurrent.Executor storage() {
                return process.storage();
            }

            @Override
            public Timer at(Instant when, Runnable task) {
                return process.at(Instant.EPOCH, task);
            }

            @Override
            public double random() {
                return 0;
            }
        };
        DeadlineTimer early = new DeadlineTimer(hasty, () -> ticks.add(0L));
        early.arm(at(10));
        time.step();
        early.arm(at(10));
        time.step();
        assertThat(ticks).hasSize(2);
    }

    @Test
    void aCancelledDeadlineDoesNotTick() {
        timer.arm(at(10));
        timer.cancel();
        runOut();
        assertThat(ticks).isEmpty();
        timer.arm(at(30));
        runOut();
        assertThat(ticks).containsExactly(30L);
    }
}
