package io.quickdrop.relay.driver.threads;

import java.time.Instant;
import java.util.concurrent.Executor;

/**
 * The time and the threads that machines run on. {@link ThreadWorkers} has real ones; the simulator of the test-jar has
 * virtual ones.
 */
public interface Workers {
    /** Monotonic time: only differences mean anything. */
    Instant now();

    /** Runs machines; tasks are short and never block. A task never runs inside {@code execute}: callers hold locks. */
    Executor machines();

    /** Runs calls of the store; tasks may block. */
    Executor storage();

    /** Runs {@code task} on {@link #machines} at {@code time} or soon after it. */
    Timer at(Instant time, Runnable task);

    /** Uniformly from [0, 1). */
    double random();

    /** A task that waits for its time. */
    interface Timer {
        /** Forgets the task if it has not begun. */
        void cancel();
    }
}
