package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of the catalogue: a thread that takes everything that waits, runs it in one transaction, and commits
 * once for all (group commit). Four writers instead of one starve each other for up to two seconds, measured.
 *
 * <p>The queue is as long as there are threads that wait, since each waits for its own work.
 */
final class CatalogueWriter implements AutoCloseable {
    private static final Logger LOG = System.getLogger(CatalogueWriter.class.getName());
    /** Bounds how long the first of a batch waits for the last. */
    private static final int MAX_BATCH = 256;

    private final SqliteSource file;
    private final Commit commit;
    private final SqliteSignals signals;
    private final StoreState state;
    private final BlockingQueue<Job<?>> queue = new LinkedBlockingQueue<>();
    private final AtomicLong commits = new AtomicLong();
    private final Thread thread;
    private final Job<?> last = new Job<>("stop", connection -> true);
    private boolean closed;
    /** Of the writer's thread alone. Given up after every failure: a failed sync is not repeated on its descriptor. */
    private @Nullable Connection connection;

    CatalogueWriter(SqliteSource file, Commit commit, SqliteSignals signals, StoreState state) {
        this.file = file;
        this.commit = commit;
        this.signals = signals;
        this.state = state;
        thread = new Thread(this::serve, "catalogue-writer");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Runs the work in a transaction and returns when it is on the disk.
     *
     * @throws StorageException if it failed; whether it is on the disk is then unknown, and reading tells
     */
    <T> T run(String doing, Work<T> work) throws StorageException {
        Job<T> job = new Job<>(doing, work);
        synchronized (this) {
            if (closed) {
                throw new StorageException(Kind.FAILED, "the catalogue is closed: can't " + doing);
            }
            queue.add(job);
        }
        return job.await();
    }

    /** Transactions committed so far. */
    long commits() {
        return commits.get();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            queue.add(last);
        }
        ThreadEnd.await(thread);
    }

    private void serve() {
        List<Job<?>> batch = new ArrayList<>();
        boolean open = true;
        while (open) {
            batch.clear();
            try {
                batch.add(queue.take());
            } catch (InterruptedException e) {
                // Nobody but close() ends this thread, and it does so by the last job.
                continue;
            }
            queue.drainTo(batch, MAX_BATCH - 1);
            open = !batch.remove(last);
            if (!batch.isEmpty()) {
                commitTogether(batch);
            }
        }
        giveUpConnection();
    }

    /**
     * One transaction for all. If somebody's statement fails, one for each, so that nobody fails for another's work. If
     * the commit fails, all fail: it may have reached the disk, so nothing is run a second time behind anybody's back.
     */
    private void commitTogether(List<Job<?>> batch) {
        signals.begin();
        try {
            Connection open = connected();
            for (Job<?> job : batch) {
                job.work(open);
            }
        } catch (SQLException | RuntimeException e) {
            giveUpConnection();
            if (batch.size() == 1) {
                noteFailure(batch.get(0), e);
                batch.get(0).fail(e);
            } else {
                batch.forEach(job -> commitTogether(List.of(job)));
            }
            return;
        }
        try {
            commit.commit(connected());
            commits.incrementAndGet();
        } catch (SQLException | RuntimeException e) {
            giveUpConnection();
            signals.committed();
            state.down(String.valueOf(e.getMessage()));
            batch.forEach(job -> job.fail(e));
            return;
        }
        state.up();
        signals.committed();
        batch.forEach(Job::succeed);
    }

    /** A statement that breaks a rule of the schema says nothing about the store. */
    private void noteFailure(Job<?> job, Exception cause) {
        if (cause instanceof SQLException sql && file.isBroken(sql)) {
            state.down("it failed to " + job.doing + ": " + sql.getMessage());
        }
    }

    private Connection connected() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = file.connect();
            connection = open;
            open.setAutoCommit(false);
        }
        return open;
    }

    /** Closing rolls back what was not committed. */
    private void giveUpConnection() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.log(Level.WARNING, "a connection to the catalogue could not be closed", e);
            }
        }
    }

    private final class Job<T> {
        private final String doing;
        private final Work<T> work;
        private final CompletableFuture<T> outcome = new CompletableFuture<>();
        private @Nullable T found;

        Job(String doing, Work<T> work) {
            this.doing = doing;
            this.work = work;
        }

        void work(Connection open) throws SQLException {
            found = work.on(open);
        }

        void succeed() {
            outcome.complete(Objects.requireNonNull(found, doing));
        }

        void fail(Throwable cause) {
            outcome.completeExceptionally(cause);
        }

        T await() throws StorageException {
            try {
                return outcome.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StorageException(Kind.FAILED, "interrupted while the catalogue was to " + doing, e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof SQLException sql) {
                    throw file.failure(doing, sql);
                }
                throw new AssertionError("the catalogue's work to " + doing + " broke", e.getCause());
            }
        }
    }
}
