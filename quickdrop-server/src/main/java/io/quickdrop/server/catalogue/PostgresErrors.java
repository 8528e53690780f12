package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.StorageException.Kind;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What PostgreSQL's errors mean, by SQLSTATE (appendix A of its manual), and their words. */
final class PostgresErrors {
    static final String UNIQUE_VIOLATION = "23505";
    private static final String DISK_FULL = "53100";
    private static final String TOO_MANY_CONNECTIONS = "53300";
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String QUERY_CANCELED = "57014";
    private static final String READ_ONLY = "25006";
    private static final String NO_DATABASE = "3D000";
    /** serialization_failure, deadlock_detected: PostgreSQL chose us to begin again. */
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");
    /** admin_shutdown, crash_shutdown, cannot_connect_now, idle_in_transaction_session_timeout. */
    private static final Set<String> ENDED = Set.of("57P01", "57P02", "57P03", "25P03");

    private PostgresErrors() {}

    /** Whether nothing was done and doing it again is likely to work. */
    static boolean isConflict(SQLException cause) {
        return CONFLICTS.contains(state(cause));
    }

    /** Whether somebody else was first: what the statement had checked is no longer so. */
    static boolean isTaken(SQLException cause) {
        return state(cause).equals(UNIQUE_VIOLATION);
    }

    /** Whether the connection is of no use any more. */
    static boolean isConnectionLost(SQLException cause) {
        return state(cause).startsWith("08") || ENDED.contains(state(cause));
    }

    private static String state(SQLException cause) {
        String state = cause.getSQLState();
        return state == null ? "" : state;
    }

    /** The failure in words, with {@code Kind.FULL} where PostgreSQL has no room. */
    static StorageException failure(PostgresSettings settings, String doing, String why, Throwable cause) {
        boolean full = cause instanceof SQLException sql && state(sql).equals(DISK_FULL);
        return new StorageException(
                full ? Kind.FULL : Kind.FAILED,
                "the store " + settings.shown() + " failed to " + doing + ": " + why,
                cause);
    }

    /** Why, for people. PostgreSQL's details are left out: they hold values of rows. */
    static String why(SQLException cause) {
        return switch (state(cause)) {
            case TOO_MANY_CONNECTIONS -> "it has no connection left (max_connections)";
            case LOCK_NOT_AVAILABLE, QUERY_CANCELED -> "it was busy with others for too long: " + message(cause);
            case READ_ONLY -> "it is read-only, as a standby is";
            case NO_DATABASE -> "it has no such database";
            case "28000", "28P01" -> "it does not let this user in: " + message(cause);
            default -> unreachable(cause);
        };
    }

    private static String unreachable(SQLException cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof SocketTimeoutException) {
                return "it does not answer";
            }
            if (each instanceof ConnectException) {
                return "nothing listens there (connection refused)";
            }
            if (each instanceof UnknownHostException) {
                return "its host has no address";
            }
        }
        return state(cause).startsWith("08") ? "it does not answer (" + message(cause) + ")" : message(cause);
    }

    private static String message(SQLException cause) {
        for (@Nullable Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof PSQLException sql) {
                ServerErrorMessage said = sql.getServerErrorMessage();
                if (said != null && said.getMessage() != null) {
                    return said.getMessage();
                }
            }
        }
        return String.valueOf(cause.getMessage());
    }
}
