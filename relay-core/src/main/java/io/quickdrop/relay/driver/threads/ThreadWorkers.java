package io.quickdrop.relay.driver.threads;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Real time and real threads: one a core for machines, as many as sessions are busy for storage, one timer. */
public final class ThreadWorkers implements Workers, AutoCloseable {
    private final Instant start = Instant.EPOCH;
    private final long startNanos = System.nanoTime();
    private final ExecutorService machines;
    private final ExecutorService storage;
    private final ScheduledThreadPoolExecutor timer;

    /** Machines on every core. */
    public ThreadWorkers() {
        int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
        // Discarded is only what comes after close: answers of the store that nobody waits for any more.
        RejectedExecutionHandler discard = new ThreadPoolExecutor.DiscardPolicy();
        machines = new ThreadPoolExecutor(
                cores, cores, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named("relay-machine-"), discard);
        // One store call at a time per session: the number of sessions bounds the number of threads.
        storage = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), named("relay-storage-"), discard);
        timer = new ScheduledThreadPoolExecutor(1, named("relay-timer-"), discard);
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public Instant now() {
        return start.plusNanos(System.nanoTime() - startNanos);
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
    public Timer at(Instant time, Runnable task) {
        long delayNanos = Math.max(0, Duration.between(now(), time).toNanos());
        Future<?> future = timer.schedule(() -> machines.execute(task), delayNanos, TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    /** Lets running tasks finish and drops the timer's. */
    @Override
    public void close() {
        timer.shutdown();
        machines.shutdown();
        storage.shutdown();
    }
}
