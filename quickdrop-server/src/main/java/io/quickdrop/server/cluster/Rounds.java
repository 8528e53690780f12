package io.quickdrop.server.cluster;

import io.quickdrop.relay.driver.StorageException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that looks after things again and again, and at once when it is woken. Many wakes before it gets to it are
 * one. What fails is tried again at the next round. Safe on any thread.
 */
public final class Rounds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
    /** A burst of wakes becomes one look. */
    private static final long GATHER_MILLIS = 20;

    private static final long CLOSE_SECONDS = 10;

    /** Something to look after. */
    public interface Task {
        void run() throws StorageException;
    }

    private record Errand(Task task, AtomicBoolean wanted, AtomicBoolean failing) {}

    private final Map<String, Errand> errands = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor thread;

    /** @param name of the thread */
    public Rounds(String name) {
        thread = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread made = new Thread(task, name);
                    made.setDaemon(true);
                    return made;
                },
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Has the task run so often, beginning after one such time, and at each {@link #wake} of its name. */
    public void each(Duration time, String name, Task task) {
        onWake(name, task);
        thread.scheduleWithFixedDelay(() -> run(name), time.toMillis(), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Has the task run at each {@link #wake} of its name. */
    public void onWake(String name, Task task) {
        errands.put(name, new Errand(task, new AtomicBoolean(), new AtomicBoolean()));
    }

    /** Has the task of that name run soon; nothing if there is none. */
    public void wake(String name) {
        Errand errand = errands.get(name);
        if (errand != null && errand.wanted.compareAndSet(false, true)) {
            thread.schedule(() -> run(name), GATHER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void run(String name) {
        Errand errand = errands.get(name);
        if (errand == null) {
            return;
        }
        errand.wanted.set(false); // before it looks: what changes meanwhile is looked at again
        try {
            errand.task.run();
            if (errand.failing.getAndSet(false)) {
                LOG.info("looking after the {} works again", name);
            }
        } catch (StorageException | RuntimeException e) {
            if (!errand.failing.getAndSet(true)) {
                LOG.warn("looking after the {} failed, it is tried again soon: {}", name, e.toString());
            }
        }
    }

    /** Ends after what runs now. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a task of the last round hangs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
