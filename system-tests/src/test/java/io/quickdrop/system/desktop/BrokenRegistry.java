package io.quickdrop.system.desktop;

import io.quickdrop.system.harness.ServerProcess;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A server whose registry of desktops can't be written any more, from outside and while it runs: the database refuses every
 * row, as it does on a broken disk. Closing it mends the database.
 */
final class BrokenRegistry implements AutoCloseable {
    private final String url;

    private BrokenRegistry(String url) {
        this.url = url;
    }

    static BrokenRegistry of(ServerProcess server) {
        BrokenRegistry broken = new BrokenRegistry(
                "jdbc:sqlite:" + server.output().resolve(".quickdrop").resolve("catalogue.db"));
        for (String event : new String[] {"INSERT", "UPDATE"}) {
            broken.run("CREATE TRIGGER broken_" + event + " BEFORE " + event
                    + " ON desktops BEGIN SELECT RAISE(ABORT, 'the disk is broken'); END");
        }
        return broken;
    }

    private void run(String statement) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement sql = connection.createStatement()) {
            sql.execute("PRAGMA busy_timeout = 5000");
            sql.execute(statement);
        } catch (SQLException e) {
            throw new AssertionError("the registry can't be broken: " + statement, e);
        }
    }

    @Override
    public void close() {
        run("DROP TRIGGER broken_INSERT");
        run("DROP TRIGGER broken_UPDATE");
    }
}
