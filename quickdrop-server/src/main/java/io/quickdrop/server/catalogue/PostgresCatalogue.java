package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import io.quickdrop.server.catalogue.StoreState.Status;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL database that several instances share. Transactions run beside each other; one that lost a race is run
 * again, so that {@link Work} sees what the winner committed. Each call's whole time is bounded, and while the store is
 * known to be down calls fail at once.
 */
final class PostgresCatalogue implements Catalogue {
    /** A frozen store is an error within 5 s, of which some is left for a slow machine. */
    static final Duration CALL_LIMIT = Duration.ofMillis(4_500);

    /** A lost connection is replaced once, unless it took so long that the caller would wait for more than 2 s. */
    private static final Duration REPLACEMENT_LIMIT = Duration.ofMillis(150);

    /** Behind this there is no new round: borrowing another connection and the work still have to fit. */
    private static final Duration RACE_LIMIT = Duration.ofMillis(1_500);

    /** Races are lost to somebody who got on, so a few rounds are plenty. */
    private static final int MAX_ROUNDS = 8;

    private static final int MAX_PAUSE_MILLIS = 20;
    private static final String NOW = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

    private final PostgresSettings settings;
    private final PostgresPool pool;
    private final Deadlines deadlines;
    private final PostgresWatch watch;
    private final StoreState state;
    private final boolean created;
    private final String serverId;
    private final AtomicLong commits = new AtomicLong();
    private volatile boolean closed;

    private PostgresCatalogue(PostgresSource source, boolean created) throws StorageException {
        settings = source.settings();
        this.created = created;
        state = new StoreState(InstantSource.system());
        deadlines = new Deadlines();
        try {
            pool = new PostgresPool(source);
        } catch (SQLException e) {
            throw PostgresErrors.failure(settings, "be opened", PostgresErrors.why(e), e);
        }
        watch = new PostgresWatch(source, state, this::probe, this::renew);
        try {
            serverId = call("name itself", true, StoreInfo::lastingServerId);
            watch.start();
        } catch (SQLException e) {
            close();
            throw PostgresErrors.failure(settings, "be listened to", PostgresErrors.why(e), e);
        } catch (StorageException | RuntimeException e) {
            close();
            throw e;
        }
    }

    static PostgresCatalogue open(PostgresSettings settings) throws StorageException {
        PostgresSource source = new PostgresSource(settings);
        PostgresStart start = new PostgresStart(source);
        start.check();
        return new PostgresCatalogue(source, start.migrate());
    }

    @Override
    public String serverId() {
        return serverId;
    }

    @Override
    public boolean isNew() {
        return created;
    }

    @Override
    public long commits() {
        return commits.get();
    }

    @Override
    public long now(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(NOW);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public Signals signals() {
        return watch;
    }

    @Override
    public StoreState state() {
        return state;
    }

    @Override
    public <T> T write(String doing, Work<T> work) throws StorageException {
        refuseWhileDown(doing);
        T found = call(doing, true, work);
        commits.incrementAndGet();
        return found;
    }

    @Override
    public <T> T read(String doing, Work<T> work) throws StorageException {
        refuseWhileDown(doing);
        return call(doing, false, work);
    }

    /** Who asks a store that is known to be silent would wait for seconds, and hold up what needs no store. */
    private void refuseWhileDown(String doing) throws StorageException {
        if (closed) {
            throw new StorageException(Kind.FAILED, "the catalogue is closed: can't " + doing);
        }
        Status now = state.status();
        if (!now.up()) {
            throw new StorageException(
                    Kind.FAILED,
                    "the store " + settings.shown() + " is down since " + now.since() + ", so it can't " + doing + ": "
                            + now.detail());
        }
    }

    private <T> T call(String doing, boolean writes, Work<T> work) throws StorageException {
        long begun = System.nanoTime();
        for (int round = 1; ; round++) {
            try {
                return attempt(doing, begun, writes, work);
            } catch (LostRace e) {
                if (round == MAX_ROUNDS || elapsed(begun).compareTo(RACE_LIMIT) > 0 || !pause(round)) {
                    throw PostgresErrors.failure(settings, doing, PostgresErrors.why(e.cause), e.cause);
                }
            } catch (LostConnection e) {
                boolean replaceable = elapsed(begun).compareTo(REPLACEMENT_LIMIT) < 0;
                if (round == MAX_ROUNDS || !replaceable) {
                    watch.suspect();
                    throw PostgresErrors.failure(settings, doing, PostgresErrors.why(e.cause), e.cause);
                }
            }
        }
    }

    private static Duration elapsed(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Nothing was done, and it is worth another round. */
    private static final class LostRace extends Exception {
        private static final long serialVersionUID = 1;
        private final SQLException cause;

        LostRace(SQLException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    /** Nothing was done, since the connection broke before the commit. */
    private static final class LostConnection extends Exception {
        private static final long serialVersionUID = 1;
        private final SQLException cause;

        LostConnection(SQLException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    private <T> T attempt(String doing, long begun, boolean writes, Work<T> work)
            throws StorageException, LostRace, LostConnection {
        Connection connection = borrowed(doing);
        boolean committing = false;
        // The guard outlives the connection's return to the pool, which may have to roll back.
        try (Deadlines.Guard guard = deadlines.guard(connection, CALL_LIMIT.minus(elapsed(begun)))) {
            try (connection) {
                if (writes) {
                    connection.setAutoCommit(false);
                }
                T found = work.on(connection);
                if (writes) {
                    committing = true;
                    connection.commit();
                }
                return found;
            } catch (SQLException e) {
                throw failure(doing, begun, e, committing, guard.expired());
            }
        }
    }

    private Connection borrowed(String doing) throws StorageException {
        try {
            return pool.borrow();
        } catch (SQLException e) {
            SQLException why =
                    e instanceof SQLTransientConnectionException && e.getCause() instanceof SQLException inner
                            ? inner
                            : e;
            String words = why == e ? noConnection() : PostgresErrors.why(why);
            if (pool.isEmpty()) {
                state.down(words);
            }
            watch.suspect();
            throw PostgresErrors.failure(settings, doing, words, e);
        }
    }

    private String noConnection() {
        return pool.isEmpty()
                ? "it does not answer"
                : "all connections to it were busy for " + PostgresPool.BORROW_LIMIT.toMillis() + " ms";
    }

    private StorageException failure(String doing, long begun, SQLException cause, boolean committing, boolean expired)
            throws LostRace, LostConnection {
        if (expired) {
            watch.suspect();
            String unknown = committing ? "; whether it was done is unknown" : "";
            return PostgresErrors.failure(
                    settings,
                    doing,
                    "it did not answer within " + elapsed(begun).toMillis() + " ms" + unknown,
                    cause);
        }
        if (PostgresErrors.isConflict(cause) || PostgresErrors.isTaken(cause)) {
            throw new LostRace(cause);
        }
        if (!PostgresErrors.isConnectionLost(cause)) {
            return PostgresErrors.failure(settings, doing, PostgresErrors.why(cause), cause);
        }
        if (!committing) {
            throw new LostConnection(cause);
        }
        watch.suspect();
        return PostgresErrors.failure(
                settings, doing, PostgresErrors.why(cause) + "; whether it was done is unknown", cause);
    }

    /** The loser lets the winner get on. */
    private static boolean pause(int round) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(1, MAX_PAUSE_MILLIS) * (long) round);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether the calls' own connections work; {@code null} if so, else why not. */
    private @Nullable String probe() {
        try {
            call("be asked whether it is there", false, this::now);
            return null;
        } catch (StorageException e) {
            return e.getMessage();
        }
    }

    private void renew() {
        try {
            pool.renew();
        } catch (SQLException e) {
            throw new IllegalStateException("the pool's settings were right at the start", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        watch.close();
        pool.close();
        deadlines.close();
    }
}
