package io.quickdrop.server.catalogue;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/** Makes connections to one PostgreSQL, none of which waits for ever. */
final class PostgresSource {
    /** Reaching the host: TCP answers within a second across the world, or a packet was lost and is sent once more. */
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);

    private final PostgresSettings settings;

    PostgresSource(PostgresSettings settings) {
        this.settings = settings;
    }

    PostgresSettings settings() {
        return settings;
    }

    /**
     * Connections whose login and whose every read are bounded.
     *
     * @param login all of connecting: reaching the host, TLS, the password
     * @param answer how long a statement may be silent
     */
    PGSimpleDataSource bounded(Duration login, Duration answer) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        List<String> hosts = Arrays.asList(settings.hosts().split(",", -1));
        source.setServerNames(hosts.stream()
                .map(host -> host.substring(0, host.lastIndexOf(':')))
                .toArray(String[]::new));
        source.setPortNumbers(hosts.stream()
                .mapToInt(host -> Integer.parseInt(host.substring(host.lastIndexOf(':') + 1)))
                .toArray());
        source.setDatabaseName(settings.database());
        source.setUser(settings.user());
        source.setPassword(settings.password());
        source.setApplicationName("quickdrop");
        source.setConnectTimeout((int) CONNECT_LIMIT.toSeconds());
        source.setLoginTimeout((int) login.toSeconds());
        source.setSocketTimeout((int) answer.toSeconds());
        source.setTcpKeepAlive(true);
        for (var parameter : settings.parameters().entrySet()) {
            source.setProperty(parameter.getKey(), parameter.getValue());
        }
        return source;
    }
}
