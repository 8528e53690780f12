package io.quickdrop.relay.sim;

import io.quickdrop.relay.driver.threads.Workers;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;

/** A process of the world: its threads and timers stop while it is frozen, and for ever when it is killed. */
public final class SimulatedProcess implements Workers {
    private final VirtualTime time;
    private final SplittableRandom random;
    private final DoubleSupplier storageMillis;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final Executor machines;
    private final Executor storage;
    private boolean alive = true;
    private boolean frozen;

    /** @param storageMillis how long the disk lets each call wait */
    public SimulatedProcess(VirtualTime time, SplittableRandom random, DoubleSupplier storageMillis) {
        this.time = time;
        this.random = random;
        this.storageMillis = storageMillis;
        this.machines = task -> this.time.soon(() -> run(task));
        this.storage = task -> this.time.afterMillis(this.storageMillis.getAsDouble(), () -> run(task));
    }

    /** Whether it has not been killed. */
    public boolean isAlive() {
        return alive;
    }

    /** Runs {@code task} now, or when the process is thawed, behind what waits already; never if it is dead. */
    public void run(Runnable task) {
        if (frozen) {
            waiting.add(task);
        } else if (alive) {
            task.run();
        }
    }

    /** Stops everything (SIGSTOP) and lets it go on later (SIGCONT). */
    public void freeze(double millis) {
        if (!frozen) {
            frozen = true;
            time.afterMillis(millis, this::thaw);
        }
    }

    private void thaw() {
        frozen = false;
        for (int i = waiting.size(); i > 0; i--) {
            run(waiting.remove());
        }
    }

    /** Ends it at once (SIGKILL). */
    public void kill() {
        alive = false;
        waiting.clear();
    }

    @Override
    public Instant now() {
        return time.now();
    }

    @Override
    public Executor machines() {
        return machines;
    }

    @Override
    public Executor storage() {
        return storage;
    }

    @Override
    public Timer at(Instant at, Runnable task) {
        VirtualTime.Event event = time.atNanos(at.getEpochSecond() * 1_000_000_000L + at.getNano(), () -> run(task));
        return event::cancel;
    }

    @Override
    public double random() {
        return random.nextDouble();
    }
}
