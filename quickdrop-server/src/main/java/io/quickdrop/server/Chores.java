package io.quickdrop.server;

import io.quickdrop.relay.driver.StorageException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is looked after again and again, one after the other. What fails is tried again the next time. Safe on any thread. */
final class Chores {
    private static final Logger LOG = LoggerFactory.getLogger(Chores.class);

    private final ScheduledExecutorService thread;

    /** @param thread stays the caller's to end */
    Chores(ScheduledExecutorService thread) {
        this.thread = thread;
    }

    /** Something to look after; may wait for the store and the disk. */
    interface Chore {
        void run() throws StorageException;
    }

    /** Has the chore done after {@code first} seconds, and then {@code pause} seconds after each time. */
    void every(int first, int pause, String name, Chore chore) {
        AtomicBoolean failing = new AtomicBoolean();
        thread.scheduleWithFixedDelay(() -> run(name, chore, failing), first, pause, TimeUnit.SECONDS);
    }

    /** A store that is away for an hour is one line, not thousands. */
    private static void run(String name, Chore chore, AtomicBoolean failing) {
        try {
            chore.run();
            if (failing.getAndSet(false)) {
                LOG.info("looking after the {} works again", name);
            }
        } catch (StorageException | RuntimeException e) {
            if (!failing.getAndSet(true)) {
                LOG.warn("looking after the {} failed, it is tried again until it works: {}", name, e.toString());
            }
        }
    }
}
