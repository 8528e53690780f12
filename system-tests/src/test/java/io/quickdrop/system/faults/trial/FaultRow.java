package io.quickdrop.system.faults.trial;

import java.util.Random;
import org.junit.jupiter.api.Assumptions;

/**
 * One row of the fault table while it runs: how often, from which seed, and how long it took. What it prints is what
 * {@code docs/evidence.md} says. The seed is {@code -Dquickdrop.seed=N} or a new one.
 */
public final class FaultRow {
    private final String name;
    private final int trials;
    private final long seed;
    private final Random random;
    private final long begunNanos = System.nanoTime();

    private FaultRow(String name, int trials, long seed) {
        this.name = name;
        this.trials = trials;
        this.seed = seed;
        this.random = new Random(seed);
        System.out.printf("fault suite: %s: N=%d begins, seed %d%n", name, trials, seed);
    }

    /**
     * Begins the row; its seed is printed at once, so that a run that hangs can be repeated too.
     *
     * @param trials unless {@code -Dquickdrop.trials=N} says another number, while a row is being worked on
     */
    public static FaultRow begin(String name, int trials) {
        int count = Integer.getInteger("quickdrop.trials", trials);
        return new FaultRow(name, count, Long.getLong("quickdrop.seed", System.nanoTime()));
    }

    /** Says loudly that the row did not run, and counts as skipped. */
    public static void notRun(String name, String why) {
        System.out.printf("fault suite: %s: NOT RUN, since %s here%n", name, why);
        Assumptions.abort(name + ": " + why);
    }

    /** How many trials. */
    public int trials() {
        return trials;
    }

    /** Of everything random in it. */
    public long seed() {
        return seed;
    }

    /** For the thread that runs the row. */
    public Random random() {
        return random;
    }

    /** Another generator that follows from the seed: for a thread of its own. */
    public Random random(int lane) {
        return new Random(seed + 0x9e3779b97f4a7c15L * (lane + 1));
    }

    /** The line for the evidence: only a row in which nothing was lost comes here. */
    public void passed(String figures) {
        System.out.printf(
                "fault suite: %s: N=%d, seed %d, %.1f s: 0 acknowledged bytes lost, 0 stray files, all completed; %s%n",
                name, trials, seed, (System.nanoTime() - begunNanos) / 1e9, figures);
    }

    @Override
    public String toString() {
        return name + ", seed " + seed;
    }
}
