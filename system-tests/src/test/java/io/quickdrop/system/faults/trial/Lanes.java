package io.quickdrop.system.faults.trial;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Trials that wait more than they work, side by side: each lane has a server, a folder and a random generator of its own. */
public final class Lanes {
    private Lanes() {}

    /** Runs all at once, and returns what they found, in their order, when the last has ended. */
    public static <T> List<T> together(List<Callable<T>> lanes) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(lanes.size());
        try {
            List<Future<T>> running = lanes.stream().map(threads::submit).toList();
            List<T> found = new ArrayList<>();
            for (Future<T> lane : running) {
                found.add(lane.get());
            }
            return found;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        } finally {
            threads.shutdownNow();
        }
    }
}
