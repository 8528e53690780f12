package io.quickdrop.server.catalogue;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Hands signals to the listeners of this process, by a thread of its own, so that no listener holds up who commits.
 * Where more wait than {@link #MAX_WAITING}, they become one {@link Signal#RESYNC}.
 */
final class SignalDesk implements AutoCloseable {
    private static final Logger LOG = System.getLogger(SignalDesk.class.getName());
    /** Some megabytes of ids; a listener that far behind reads faster by reading everything. */
    private static final int MAX_WAITING = 10_000;

    private final List<Consumer<Signal>> listeners = new CopyOnWriteArrayList<>();
    private final Deque<Signal> waiting = new ArrayDeque<>();
    private final Thread thread;
    private boolean closed;

    SignalDesk() {
        thread = new Thread(this::serve, "catalogue-signals");
        thread.setDaemon(true);
        thread.start();
    }

    Subscription listen(Consumer<Signal> listener) {
        // An object each, so that the same listener may listen twice and stop once.
        Consumer<Signal> own = told -> listener.accept(told);
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    synchronized void tell(Signal signal) {
        if (closed) {
            return;
        }
        if (signal.isResync() || waiting.size() >= MAX_WAITING) {
            waiting.clear();
            waiting.add(Signal.RESYNC);
        } else {
            waiting.add(signal);
        }
        notifyAll();
    }

    private void serve() {
        try {
            while (true) {
                Signal next = next();
                for (Consumer<Signal> listener : listeners) {
                    try {
                        listener.accept(next);
                    } catch (RuntimeException e) {
                        LOG.log(Level.WARNING, "a listener failed on the signal " + next, e);
                    }
                }
            }
        } catch (InterruptedException e) {
            // close() ends this thread so.
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Signal next() throws InterruptedException {
        while (waiting.isEmpty()) {
            wait();
        }
        return waiting.remove();
    }

    /** Nobody is told any more. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            waiting.clear();
        }
        thread.interrupt();
    }
}
