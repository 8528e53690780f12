package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;

/** The first contact with a PostgreSQL: whether it is what a store must be, and its schema. */
final class PostgresStart {
    /** The oldest that its makers still cared for when this was written was 14; nothing newer than 12 is used. */
    private static final int OLDEST = 120_000;

    private static final Duration LOGIN_LIMIT = Duration.ofSeconds(5);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
    /** A change of the schema may rewrite a table. */
    private static final Duration MIGRATION_LIMIT = Duration.ofMinutes(10);

    /** "quickdro" in ASCII: the lock of this database that its migration takes, and gives back with its connection. */
    private static final long TURN = 0x71_75_69_63_6b_64_72_6fL;

    private final PostgresSource source;
    private final PostgresSettings settings;

    PostgresStart(PostgresSource source) {
        this.source = source;
        settings = source.settings();
    }

    /** @throws StorageException if it can't be reached or can't be a store, with a sentence for who started the server */
    void check() throws StorageException {
        try (Connection first = source.bounded(LOGIN_LIMIT, ANSWER_LIMIT).getConnection();
                Statement statement = first.createStatement()) {
            checkServer(statement);
            checkSessions(first);
        } catch (SQLException e) {
            throw refusal(PostgresErrors.why(e), e);
        }
    }

    private void checkServer(Statement statement) throws SQLException, StorageException {
        try (ResultSet row = statement.executeQuery(
                """
                SELECT current_setting('server_version_num')::int, current_setting('server_version'),
                       current_setting('fsync'), current_setting('server_encoding'), pg_is_in_recovery()
                """)) {
            row.next();
            if (row.getInt(1) < OLDEST) {
                throw refusal("it is PostgreSQL " + row.getString(2) + ": allowed are 12 and newer");
            }
            if (!row.getString(3).equals("on")) {
                throw refusal("its fsync is " + row.getString(3)
                        + ", so a power cut would lose what phones were told is saved: allowed is on");
            }
            if (!row.getString(4).equals("UTF8")) {
                throw refusal("the database's encoding is " + row.getString(4) + ": allowed is UTF8");
            }
            if (row.getBoolean(5)) {
                throw refusal("it is a standby, which is read-only: allowed is the primary");
            }
        }
    }

    /** A pooler in transaction mode lends one session of PostgreSQL to two connections that look like two. */
    private void checkSessions(Connection first) throws SQLException, StorageException {
        long before = session(first);
        try (Connection second = source.bounded(LOGIN_LIMIT, ANSWER_LIMIT).getConnection()) {
            second.setAutoCommit(false);
            long other = session(second);
            long after = session(first);
            second.rollback();
            if (other == before || after != before) {
                throw refusal("its connections share sessions, and " + PostgresUrl.poolerAdvice());
            }
        }
    }

    private static long session(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * Brings the schema to this version of the server; of several instances that start at once, one does it and the others
     * wait.
     *
     * @return whether there was none before
     */
    boolean migrate() throws StorageException {
        // Flyway's own lock does not cover its making of its own table.
        try (Connection turn = source.bounded(LOGIN_LIMIT, MIGRATION_LIMIT).getConnection();
                Statement lock = turn.createStatement()) {
            lock.execute("SELECT pg_advisory_lock(" + TURN + ")");
            MigrateResult result = Flyway.configure(PostgresStart.class.getClassLoader())
                    .dataSource(source.bounded(LOGIN_LIMIT, MIGRATION_LIMIT))
                    .locations("classpath:db/migration")
                    // Tables of others in the schema are no hindrance.
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load()
                    .migrate();
            return result.initialSchemaVersion == null || result.initialSchemaVersion.equals("0");
        } catch (SQLException | FlywayException e) {
            throw refusal("its tables can't be made or brought to this version: " + firstLine(e), e);
        }
    }

    private static String firstLine(Exception cause) {
        return String.valueOf(cause.getMessage()).strip().lines().findFirst().orElse("");
    }

    private StorageException refusal(String found) {
        return new StorageException(Kind.FAILED, words(found));
    }

    private StorageException refusal(String found, Exception cause) {
        return new StorageException(Kind.FAILED, words(found), cause);
    }

    private String words(String found) {
        return "the store " + settings.shown() + " can't be used: " + found;
    }
}
