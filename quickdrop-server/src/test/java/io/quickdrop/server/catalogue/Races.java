package io.quickdrop.server.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several who do something in one moment. */
final class Races {
    private Races() {}

    /** Has each run on a thread of its own, all from one moment on, and returns what they found, in their order. */
    static <T> List<T> together(List<? extends Callable<T>> runners) throws Exception {
        CyclicBarrier start = new CyclicBarrier(runners.size());
        ExecutorService threads = Executors.newFixedThreadPool(runners.size());
        try {
            List<Future<T>> running = new ArrayList<>();
            for (Callable<T> runner : runners) {
                running.add(threads.submit(() -> {
                    start.await();
                    return runner.call();
                }));
            }
            List<T> found = new ArrayList<>();
            for (Future<T> one : running) {
                found.add(one.get());
            }
            return found;
        } finally {
            threads.shutdownNow();
        }
    }
}
