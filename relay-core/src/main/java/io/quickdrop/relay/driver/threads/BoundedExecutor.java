package io.quickdrop.relay.driver.threads;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Lends a few threads of another executor, however many tasks wait: for calls that may block long. Safe on any thread. */
public final class BoundedExecutor implements Executor {
    private final Executor threads;
    private final int most;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;

    /** Lends {@code most} threads of {@code threads}. */
    public BoundedExecutor(Executor threads, int most) {
        this.threads = threads;
        this.most = most;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (waiting) {
            waiting.add(task);
            if (running == most) {
                return;
            }
            running++;
        }
        threads.execute(this::work);
    }

    private void work() {
        boolean done = false;
        try {
            for (Runnable task = next(); task != null; task = next()) {
                task.run();
            }
            done = true;
        } finally {
            if (!done) {
                threads.execute(this::work); // what the task threw goes to the thread; the ones behind still count
            }
        }
    }

    private @Nullable Runnable next() {
        synchronized (waiting) {
            Runnable task = waiting.poll();
            if (task == null) {
                running--;
            }
            return task;
        }
    }
}
