package io.quickdrop.bench.store;

import io.quickdrop.relay.driver.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Callers that ask the store again and again, each on a thread of its own, as many as there are at one time. */
final class Crowd {
    /** One call of the store. */
    interface Call {
        /**
         * Asks once.
         *
         * @param number no other call of the run has it
         */
        void run(long number) throws StorageException;
    }

    private Crowd() {}

    /** How many calls succeed in a second; one that fails ends the run. */
    static double perSecond(int callers, Duration time, Call call) throws Exception {
        AtomicLong numbers = new AtomicLong();
        AtomicLong done = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        long begun = System.nanoTime();
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                running.add(threads.submit(() -> {
                    while (System.nanoTime() - begun < time.toNanos()) {
                        call.run(numbers.incrementAndGet());
                        done.incrementAndGet();
                    }
                    return true;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        return done.get() / ((System.nanoTime() - begun) / 1e9);
    }
}
