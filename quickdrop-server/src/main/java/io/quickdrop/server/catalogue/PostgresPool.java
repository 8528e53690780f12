package io.quickdrop.server.catalogue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The connections that calls share. Whoever waits for one is told within {@link #BORROW_LIMIT} that there is none, and a
 * little later where the connections have gone silent.
 */
final class PostgresPool implements AutoCloseable {
    /** A stopped store is an error within 2 s, of which some is left for the caller's own work. */
    static final Duration BORROW_LIMIT = Duration.ofMillis(1_800);

    /** A silent connection is noticed when it is lent; the driver counts in seconds. */
    private static final Duration VALIDATION_LIMIT = Duration.ofSeconds(1);

    /** The end of what the deadline of the call did not end. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    private static final Duration LOGIN_LIMIT = Duration.ofSeconds(2);

    /** Calls wait for the disk's sync rather than compute, and PostgreSQL commits together what comes together. */
    private static final int MAX_SIZE = 10;

    private static final int MIN_IDLE = 2;
    /** Longer than any call: who still uses an old connection has been ended by its deadline. */
    private static final Duration OLD_POOL_GRACE = Duration.ofSeconds(10);

    /**
     * What every session is to have, whatever the server's or the role's defaults are. A lock that somebody holds is waited
     * for less long than the call; a session whose instance is frozen within a transaction loses its locks.
     */
    private static final String SESSION =
            """
            SELECT set_config('synchronous_commit',
                       CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'
                            ELSE current_setting('synchronous_commit') END, false),
                   set_config('default_transaction_isolation', 'read committed', false),
                   set_config('lock_timeout', '3500', false),
                   set_config('statement_timeout', '4500', false),
                   set_config('idle_in_transaction_session_timeout', '5000', false)
            """;

    private final PostgresSource source;
    private final ScheduledExecutorService undertaker;
    private volatile HikariDataSource current;
    private boolean closed;

    PostgresPool(PostgresSource source) throws SQLException {
        this.source = source;
        undertaker = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "store-old-pools");
            thread.setDaemon(true);
            return thread;
        });
        current = made();
    }

    private HikariDataSource made() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setPoolName("store");
        config.setDataSource(source.bounded(LOGIN_LIMIT, ANSWER_LIMIT));
        config.setConnectionTimeout(BORROW_LIMIT.toMillis());
        config.setValidationTimeout(VALIDATION_LIMIT.toMillis());
        config.setInitializationFailTimeout(-1);
        config.setMaximumPoolSize(MAX_SIZE);
        config.setMinimumIdle(MIN_IDLE);
        config.setConnectionInitSql(SESSION);
        return new HikariDataSource(config);
    }

    /** A connection that was seen to work a moment ago, with automatic commits. */
    Connection borrow() throws SQLException {
        return current.getConnection();
    }

    /** Whether nobody got a connection because none can be made, rather than because all are busy. */
    boolean isEmpty() {
        HikariPoolMXBean pool = current.getHikariPoolMXBean();
        return pool == null || pool.getTotalConnections() == 0;
    }

    /**
     * Begins with new connections after an outage: the old ones may be half open, and the pool's pauses between attempts have
     * grown to ten seconds.
     */
    synchronized void renew() throws SQLException {
        if (!closed) {
            HikariDataSource old = current;
            current = made();
            undertaker.schedule(old::close, OLD_POOL_GRACE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        undertaker.shutdownNow().forEach(Runnable::run);
        current.close();
    }
}
