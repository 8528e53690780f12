package io.quickdrop.server;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What makes a server one of several.
 *
 * @param database PostgreSQL's URL, {@code postgresql://user:password@host:port/database}; null for SQLite in the data
 *     folder, with this server alone
 * @param url how other instances and agents reach this one, {@code https://host:port}; null for its preferred address
 * @param name for people; null for the host and port of its URL
 * @param data folder for keys, tokens, the audit log and the instance's id; null for {@code .quickdrop} in the output folder
 * @param sharedFolder whether other instances write the same output folder
 * @param secretFile what the instances have in common; null for what the first of them puts into the store
 */
public record ClusterSettings(
        @Nullable String database,
        @Nullable URI url,
        @Nullable String name,
        @Nullable Path data,
        boolean sharedFolder,
        @Nullable Path secretFile) {
    /** @throws IllegalArgumentException with a sentence if the URL is none, or the choices do not go together */
    public ClusterSettings {
        if (url != null
                && (!"https".equals(url.getScheme())
                        || url.getHost() == null
                        || url.getPort() < 1
                        || (url.getRawPath() != null && !url.getRawPath().isEmpty()))) {
            throw new IllegalArgumentException("url '" + url + "': allowed is https://host:port");
        }
        if (database == null && (sharedFolder || secretFile != null)) {
            throw new IllegalArgumentException("database is missing: --shared-folder and --cluster-secret-file are for "
                    + "several instances, which share a PostgreSQL database");
        }
        if (sharedFolder && data == null) {
            throw new IllegalArgumentException(
                    "data is missing: instances that share an output folder have a data folder each");
        }
    }

    /** Where this server's own files are. */
    Path dataOr(Path usual) {
        return data == null ? usual : data;
    }

    /** Whether others may be on the same store. */
    public boolean isOneOfSeveral() {
        return database != null;
    }

    /** A server on its own. */
    public static ClusterSettings alone() {
        return new ClusterSettings(null, null, null, null, false, null);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "ClusterSettings[" + (database == null ? "alone" : "database, url " + url + ", name " + name) + "]";
    }
}
