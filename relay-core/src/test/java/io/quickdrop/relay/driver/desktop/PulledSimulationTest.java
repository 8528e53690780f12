package io.quickdrop.relay.driver.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Sixty small clusters in which much goes wrong, with the promises looked at after every event. Another range: {@code
 * -Dquickdrop.sim.pull.seed=N -Dquickdrop.sim.pull.worlds=N}.
 */
class PulledSimulationTest {
    private static final long FIRST_SEED = Long.getLong("quickdrop.sim.pull.seed", 1);
    private static final long WORLDS = Long.getLong("quickdrop.sim.pull.worlds", 60);

    @Test
    void whateverHappensBetweenInstancesEverybodyComesToShowTheScreenFromOneCopy() {
        long events = 0;
        long pictures = 0;
        long roads = 0;
        long begun = System.nanoTime();
        for (long seed = FIRST_SEED; seed < FIRST_SEED + WORLDS; seed++) {
            PulledWorld world = new PulledWorld(seed).run();
            events += world.events;
            pictures += world.pictures;
            roads += world.town.roads.size();
        }
        System.out.printf(
                "Simulated clusters %d to %d: %,d events, %,d pictures to viewers, %,d connections between instances, %.1f s%n",
                FIRST_SEED, FIRST_SEED + WORLDS - 1, events, pictures, roads, (System.nanoTime() - begun) / 1e9);
        assertThat(pictures).isGreaterThan(50 * WORLDS);
        assertThat(roads).isGreaterThan(WORLDS);
    }
}
