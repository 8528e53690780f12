package io.quickdrop.server.catalogue;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Ends connections whose use takes too long, by closing their sockets: whatever waits for an answer there fails at once. A
 * socket's own timeout bounds one read, and a call has several.
 */
final class Deadlines implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Deadlines.class.getName());

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemons("store-deadlines"));
    /** Closing a TLS socket may block, and must not hold up the next deadline. */
    private final ExecutorService aborting = Executors.newCachedThreadPool(daemons("store-abort"));

    Deadlines() {
        timer.setRemoveOnCancelPolicy(true);
    }

    /** The use of a connection; closing it ends the guard. */
    static final class Guard implements AutoCloseable {
        private final ScheduledFuture<?> end;
        private volatile boolean expired;

        private Guard(ScheduledThreadPoolExecutor timer, Duration limit, Runnable abort) {
            end = timer.schedule(
                    () -> {
                        expired = true;
                        abort.run();
                    },
                    Math.max(0, limit.toNanos()),
                    TimeUnit.NANOSECONDS);
        }

        /** Whether its time was over. */
        boolean expired() {
            return expired;
        }

        @Override
        public void close() {
            end.cancel(false);
        }
    }

    /** Closes the connection's socket at the limit, if the guard is not closed before. */
    Guard guard(Connection connection, Duration limit) {
        return new Guard(timer, limit, () -> aborting.execute(() -> abort(connection)));
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "a connection that takes too long was closed already", e);
        }
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void close() {
        timer.shutdownNow();
        aborting.shutdown();
    }
}
