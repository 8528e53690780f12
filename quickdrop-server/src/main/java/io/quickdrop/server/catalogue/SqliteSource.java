package io.quickdrop.server.catalogue;

import io.quickdrop.relay.driver.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Where a SQLite database is, and what its errors mean there. */
interface SqliteSource {
    /** What the device or the file says, rather than the statement. */
    Set<Integer> BROKEN = Set.of(
            SQLiteErrorCode.SQLITE_FULL.code,
            SQLiteErrorCode.SQLITE_IOERR.code,
            SQLiteErrorCode.SQLITE_CANTOPEN.code,
            SQLiteErrorCode.SQLITE_CORRUPT.code,
            SQLiteErrorCode.SQLITE_NOTADB.code,
            SQLiteErrorCode.SQLITE_READONLY.code,
            SQLiteErrorCode.SQLITE_PERM.code,
            SQLiteErrorCode.SQLITE_BUSY.code);

    /** A new connection, the caller's to close. */
    Connection connect() throws SQLException;

    /** Brings the schema to this version of the server. */
    void migrate() throws StorageException;

    /** The failure in words. */
    StorageException failure(String doing, SQLException cause);

    /** Whether the database itself failed, rather than the statement. */
    default boolean isBroken(SQLException cause) {
        return BROKEN.contains(primaryCode(cause));
    }

    /** SQLite's primary result code; -1 where the cause is not SQLite's. */
    static int primaryCode(SQLException cause) {
        return cause instanceof SQLiteException sqlite ? sqlite.getResultCode().code & 0xff : -1;
    }

    /** Runs the one set of migrations. */
    static void migrate(DataSource source) {
        Flyway.configure(SqliteSource.class.getClassLoader())
                .dataSource(source)
                .locations("classpath:db/migration")
                .load()
                .migrate();
    }
}
