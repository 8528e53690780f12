package io.quickdrop.server.catalogue;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Listens to PostgreSQL on a connection of its own, and by it knows whether the store answers: it asks once a second, so a
 * frozen server or a half-open link is found within some five seconds. Whatever broke, it connects again by itself, and has
 * everybody read everything, since signals of the meantime are lost.
 */
final class PostgresWatch implements Signals, AutoCloseable {
    private static final Logger LOG = System.getLogger(PostgresWatch.class.getName());
    /** Of the database, whatever the schema: a signal too many costs a look. */
    private static final String CHANNEL = "quickdrop";

    private static final Duration LOGIN_LIMIT = Duration.ofSeconds(2);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(1);
    /** How long a suspicion waits for being looked into. */
    private static final int SLICE_MILLIS = 250;

    private static final int FIRST_PAUSE_MILLIS = 100;
    private static final int MAX_PAUSE_MILLIS = 1_000;

    private final PostgresSource source;
    private final StoreState state;
    private final Supplier<@Nullable String> callsProbe;
    private final Runnable recovered;
    private final SignalDesk desk = new SignalDesk();
    private final Thread thread;
    /** From the start until the thread has it. */
    private volatile @Nullable Connection opened;

    private volatile boolean suspected;
    private volatile boolean closed;

    /**
     * @param callsProbe why calls do not work; null if they do
     * @param recovered called when the store answers again after an outage, before anybody is told
     */
    PostgresWatch(PostgresSource source, StoreState state, Supplier<@Nullable String> callsProbe, Runnable recovered) {
        this.source = source;
        this.state = state;
        this.callsProbe = callsProbe;
        this.recovered = recovered;
        thread = new Thread(this::watch, "store-watch");
        thread.setDaemon(true);
    }

    /** Listens from when it returns; what is committed from then on is heard. */
    void start() throws SQLException {
        opened = connected();
        thread.start();
    }

    /** A call failed in a way that may be the store's; it is looked into soon. */
    void suspect() {
        suspected = true;
    }

    @Override
    public void signal(Connection connection, String topic, String id) throws SQLException {
        Signals.check(topic, id);
        try (PreparedStatement notify = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
            notify.setString(1, CHANNEL);
            notify.setString(2, topic + ":" + id);
            notify.execute();
        }
    }

    @Override
    public Subscription listen(Consumer<Signal> listener) {
        return desk.listen(listener);
    }

    private void watch() {
        int pauseMillis = FIRST_PAUSE_MILLIS;
        while (!closed) {
            try (Connection connection = next()) {
                pauseMillis = FIRST_PAUSE_MILLIS;
                listenOn(connection);
            } catch (SQLException e) {
                if (closed) {
                    return;
                }
                // The first failure may be of that connection alone; a second is the store's.
                if (pauseMillis > FIRST_PAUSE_MILLIS) {
                    state.down(PostgresErrors.why(e));
                }
                LOG.log(Level.DEBUG, "the connection that listens to the store broke", e);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "the watch of the store failed, and begins again", e);
            }
            if (!pause(pauseMillis)) {
                return;
            }
            pauseMillis = Math.min(MAX_PAUSE_MILLIS, pauseMillis * 2);
        }
    }

    /** The one of the start, or a new one, of which nobody knows what it has missed. */
    private Connection next() throws SQLException {
        Connection first = opened;
        if (first != null) {
            opened = null;
            return first;
        }
        Connection again = connected();
        answered();
        desk.tell(Signal.RESYNC);
        return again;
    }

    private static boolean pause(int millis) {
        try {
            // Instances that lost the store together do not come back in one moment.
            Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextInt(millis));
            return true;
        } catch (InterruptedException e) {
            // close() ends this thread so.
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Connection connected() throws SQLException {
        DataSource bounded = source.bounded(LOGIN_LIMIT, ANSWER_LIMIT);
        Connection connection = bounded.getConnection();
        try (Statement listen = connection.createStatement()) {
            listen.execute("LISTEN " + CHANNEL);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private void listenOn(Connection connection) throws SQLException {
        PGConnection postgres = connection.unwrap(PGConnection.class);
        long asked = System.nanoTime();
        while (!closed) {
            @Nullable PGNotification[] heard = postgres.getNotifications(SLICE_MILLIS);
            if (heard != null) {
                for (PGNotification one : heard) {
                    tell(one);
                }
            }
            boolean due = System.nanoTime() - asked >= PROBE_INTERVAL.toNanos();
            if (due || suspected) {
                suspected = false;
                ask(connection);
                asked = System.nanoTime();
                if (!state.status().up()) {
                    answered();
                }
            }
        }
    }

    private static void ask(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement()) {
            select.execute("SELECT 1");
        }
    }

    /** The store answered this connection; after an outage it must answer those of the calls as well. */
    private void answered() {
        if (state.status().up()) {
            return;
        }
        recovered.run();
        String failed = callsProbe.get();
        if (failed == null) {
            state.up();
        } else {
            LOG.log(Level.DEBUG, "the store answers, but not yet to all: {0}", failed);
        }
    }

    private void tell(@Nullable PGNotification heard) {
        String payload = heard == null ? null : heard.getParameter();
        int colon = payload == null ? -1 : payload.indexOf(':');
        if (payload != null && colon > 0) {
            desk.tell(new Signal(payload.substring(0, colon), payload.substring(colon + 1)));
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        desk.close();
        ThreadEnd.await(thread);
    }
}
