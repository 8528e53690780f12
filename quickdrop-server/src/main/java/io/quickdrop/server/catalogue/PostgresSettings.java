package io.quickdrop.server.catalogue;

import java.util.Map;

/**
 * Where PostgreSQL is and who we are there.
 *
 * @param hosts {@code host:port}, or several of them with commas between
 * @param password may be empty
 * @param parameters of the driver, by the driver's names
 */
public record PostgresSettings(
        String hosts, String database, String user, String password, Map<String, String> parameters) {
    public PostgresSettings {
        parameters = Map.copyOf(parameters);
    }

    /** The address for people: without the password. */
    public String shown() {
        return "postgresql://" + user + "@" + hosts + "/" + database;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return shown();
    }
}
