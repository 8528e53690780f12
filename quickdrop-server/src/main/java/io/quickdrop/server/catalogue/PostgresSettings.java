package io.quickdrop.server.catalogue;

import java.util.Map;

/**
 * Where PostgreSQL is and who we are there. Its words for people never hold the password.
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

    /**
     * Reads an address as people have it from their provider: {@code postgresql://user:password@host:port/database},
     * {@code postgres://…} or {@code jdbc:postgresql://…}, with parameters behind a question mark.
     *
     * @param environment where a user ({@code PGUSER}) and a password ({@code QUICKDROP_DATABASE_PASSWORD}, {@code
     *     PGPASSWORD}) are looked for that the address does not name
     * @throws IllegalArgumentException with a sentence that says what was found and what is allowed
     */
    public static PostgresSettings parse(String url, Map<String, String> environment) {
        return new PostgresUrl(url, environment).settings();
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
