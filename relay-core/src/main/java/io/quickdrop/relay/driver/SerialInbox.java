package io.quickdrop.relay.driver;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Hands items to one consumer, one at a time and in order, on the threads of an executor. */
final class SerialInbox<T> {
    /** Items handled before others get their turn on the thread. */
    private static final int BATCH = 64;

    private final Executor executor;
    private final Consumer<T> consumer;
    private final Queue<T> items = new ArrayDeque<>();
    private boolean scheduled;

    SerialInbox(Executor executor, Consumer<T> consumer) {
        this.executor = executor;
        this.consumer = consumer;
    }

    void add(T item) {
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
            consumer.accept(item);
        }
        executor.execute(this::drain);
    }
}
