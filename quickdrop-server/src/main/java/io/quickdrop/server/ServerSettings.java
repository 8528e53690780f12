package io.quickdrop.server;

import io.quickdrop.server.addresses.HostName;
import io.quickdrop.server.recordings.StoreSettings;
import io.quickdrop.server.retention.RetentionPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * What the operator may choose.
 *
 * @param port 0 takes any free one
 * @param output folder for recordings
 * @param extraNames further names under which the server is reached, for example behind a router
 * @param allowV1 whether v1 clients on other machines are served, which have no keys
 * @param localOnly whether to start although no phone can reach this machine
 * @param retention how long what never ended is kept
 * @param keepReceived how long takes are kept as they were received, after a repaired file took their place
 * @param cluster what makes it one of several
 */
public record ServerSettings(
        int port,
        Path output,
        Set<HostName> extraNames,
        boolean allowV1,
        boolean localOnly,
        RetentionPolicy retention,
        Duration keepReceived,
        ClusterSettings cluster) {
    /** The port that the QR codes of every installation have had: phones keep their journal under it. */
    public static final int DEFAULT_PORT = 8443;

    /** @throws IllegalArgumentException if the port is not one, or a time is negative */
    public ServerSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + ": allowed are 0 to 65535");
        }
        if (keepReceived.isNegative()) {
            throw new IllegalArgumentException("keep-received " + keepReceived + ": it may not be negative");
        }
        extraNames = Set.copyOf(extraNames);
    }

    /** A server on its own. */
    public ServerSettings(
            int port,
            Path output,
            Set<HostName> extraNames,
            boolean allowV1,
            boolean localOnly,
            RetentionPolicy retention,
            Duration keepReceived) {
        this(port, output, extraNames, allowV1, localOnly, retention, keepReceived, ClusterSettings.alone());
    }

    /** Takes are kept as they were received for as long as usual. */
    public ServerSettings(
            int port,
            Path output,
            Set<HostName> extraNames,
            boolean allowV1,
            boolean localOnly,
            RetentionPolicy retention) {
        this(port, output, extraNames, allowV1, localOnly, retention, StoreSettings.DEFAULT_KEEP_RECEIVED);
    }

    /** What never ended is kept as long as usual. */
    public ServerSettings(int port, Path output, Set<HostName> extraNames, boolean allowV1, boolean localOnly) {
        this(port, output, extraNames, allowV1, localOnly, RetentionPolicy.defaults());
    }

    /** The same as one of several. */
    public ServerSettings with(ClusterSettings several) {
        return new ServerSettings(port, output, extraNames, allowV1, localOnly, retention, keepReceived, several);
    }
}
