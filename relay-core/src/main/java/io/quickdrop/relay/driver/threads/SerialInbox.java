package io.quickdrop.relay.driver.threads;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Hands items to one consumer, one at a time and in order, on the threads of an executor. */
public final class SerialInbox<T> {
    /** Items handled before others get their turn on the thread. */
    private static final int BATCH = 64;

    private final Executor executor;
    private final Consumer<T> consumer;
    private final Queue<T> items = new ArrayDeque<>();
    private boolean scheduled;

    /** Begins empty; {@code consumer} runs on the threads of {@code executor}, on one at a time. */
    public SerialInbox(Executor executor, Consumer<T> consumer) {
        this.executor = executor;
        this.consumer = consumer;
    }

    /** Whether nothing waits behind the item that is being handled. */
    public boolean isEmpty() {
        synchronized (items) {
            return items.isEmpty();
        }
    }

    /** Hands over an item. Safe on any thread; never runs the consumer itself, if the executor does not. */
    public void add(T item) {
        synchronized (items) {
            items.add(item);
            if (scheduled) {
                return;
            }
            scheduled = true;
        }
        executor.execute(this::drain);
    }

    private void drain() {
        for (int i = 0; i < BATCH; i++) {
            T item;
            synchronized (items) {
                item = items.poll();
                if (item == null) {
                    scheduled = false;
                    return;
                }
            }
            boolean returned = false;
            try {
                consumer.accept(item);
                returned = true;
            } finally {
                if (!returned) {
                    executor.execute(this::drain); // what it threw goes to the thread; the items behind still count
                }
            }
        }
        executor.execute(this::drain);
    }
}
