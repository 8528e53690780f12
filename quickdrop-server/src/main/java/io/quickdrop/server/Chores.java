package io.quickdrop.server;

import io.quickdrop.relay.driver.StorageException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
        thread.scheduleWithFixedDelay(() -> run(name, chore), first, pause, TimeUnit.SECONDS);
    }

    private static void run(String name, Chore chore) {
        try {
            chore.run();
        } catch (StorageException | RuntimeException e) {
            LOG.warn("looking after the {} failed, it is tried again soon: {}", name, e.toString());
        }
    }
}
