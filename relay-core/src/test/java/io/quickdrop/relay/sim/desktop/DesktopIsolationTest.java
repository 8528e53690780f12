package io.quickdrop.relay.sim.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * A fast viewer alone, and beside one at 1 Mbit/s, one that reads 1 kB/s and one that never acknowledges: the same rooms from
 * the same seeds, with nothing else different.
 */
class DesktopIsolationTest {
    private static final int ROOMS = 100;
    private static final double MILLIS = 15_000;

    @Test
    void aFastViewersPicturesAreAsYoungBesideSlowViewersAsAlone() {
        double worst = 0;
        double sumAlone = 0;
        double sumBeside = 0;
        for (long seed = 1; seed <= ROOMS; seed++) {
            List<Double> alone = ages(seed, 1);
            List<Double> beside = ages(seed, 4);
            double p95Alone = p95(alone);
            double p95Beside = p95(beside);
            sumAlone += p95Alone;
            sumBeside += p95Beside;
            worst = Math.max(worst, p95Beside / p95Alone);
            assertThat(p95Beside)
                    .as("p95 of the age of the fast viewer's pictures, ms, seed %d", seed)
                    .isLessThanOrEqualTo(p95Alone * 1.05);
            assertThat(beside.size())
                    .as("pictures of the fast viewer, seed %d", seed)
                    .isGreaterThanOrEqualTo((int) (alone.size() * 0.95));
        }
        System.out.printf(
                Locale.ROOT,
                "Fast viewer's p95 of age over %d rooms: %.1f ms alone, %.1f ms beside three slow ones; worst room %+.1f %%%n",
                ROOMS,
                sumAlone / ROOMS,
                sumBeside / ROOMS,
                100 * (worst - 1));
    }

    private static List<Double> ages(long seed, int viewers) {
        DesktopWorld world = new DesktopWorld(seed, DesktopWorld.Alteration::none, i -> i < viewers, true);
        world.runUntil(MILLIS);
        return world.viewers.get(0).agesMillis;
    }

    private static double p95(List<Double> ages) {
        assertThat(ages).hasSizeGreaterThan(20);
        List<Double> sorted = new ArrayList<>(ages);
        Collections.sort(sorted);
        return sorted.get((int) (0.95 * (sorted.size() - 1)));
    }
}
