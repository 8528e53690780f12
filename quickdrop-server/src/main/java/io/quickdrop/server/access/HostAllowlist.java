package io.quickdrop.server.access;

import io.quickdrop.server.addresses.HostName;
import java.util.Collection;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Under which names the server answers, and for which pages. The first is the defence against DNS rebinding (a foreign
 * name that resolves to us), the second against foreign pages that use a visitor's browser (CVE-2024-26135,
 * CVE-2025-24010).
 *
 * <p>Immutable and safe on any thread; make a new one when addresses or port change.
 */
public final class HostAllowlist {
    /** The answer to one header. */
    public enum Verdict {
        /** Go on. */
        ALLOWED,
        /** Answer 421 without a body. */
        HOST_NOT_ALLOWED,
        /** Answer 403. */
        ORIGIN_NOT_ALLOWED
    }

    /** RFC 9110 section 7.2: a host, IPv6 in brackets, and perhaps a port. No user part, no zone, no blanks. */
    private static final Pattern HOST_HEADER = Pattern.compile(
            "(?:\\[(?<six>[0-9A-Fa-f:.]{2,45})]|(?<other>[A-Za-z0-9.-]{1,253}))(?::(?<port>[0-9]{1,5}))?");

    private static final int HTTPS_PORT = 443;

    private final Set<HostName> hosts;
    private final Set<Integer> ports;
    private final Set<String> origins;

    /**
     * Lets {@code hosts} in.
     *
     * @param hosts all own names and addresses, loopback included
     * @param port the port that browsers see, 1 to 65535
     */
    public HostAllowlist(Collection<HostName> hosts, int port) {
        this(hosts, Set.of(port));
    }

    /**
     * Lets {@code hosts} in at several ports.
     *
     * @param hosts all own names and addresses, loopback included
     * @param ports those that browsers and other servers see, each 1 to 65535: our own, and that of the way that was
     *     advertised, where something in between forwards to us
     */
    public HostAllowlist(Collection<HostName> hosts, Set<Integer> ports) {
        if (ports.isEmpty() || ports.stream().anyMatch(port -> port < 1 || port > 65_535)) {
            throw new IllegalArgumentException("ports " + ports + ": allowed are 1 to 65535, at least one");
        }
        this.hosts = Set.copyOf(hosts);
        this.ports = Set.copyOf(ports);
        this.origins = hosts.stream()
                .flatMap(host -> ports.stream().map(port -> "https://" + host.inUrl(port)))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Judges the Host header (or {@code :authority}); null is a missing one. Without a port it means 443. */
    public Verdict checkHost(@Nullable String header) {
        return header != null && isOwn(header) ? Verdict.ALLOWED : Verdict.HOST_NOT_ALLOWED;
    }

    /**
     * Judges the Origin header of an upgrade or a mutation, compared as text: browsers send exactly one spelling.
     *
     * @param header the header as received; null is a missing one
     * @param bearerAccepted whether the request carries an {@code Authorization} token that was found valid: a browser
     *     never adds one by itself, so only then a missing Origin is a command line and no page
     */
    public Verdict checkOrigin(@Nullable String header, boolean bearerAccepted) {
        boolean allowed = header == null ? bearerAccepted : origins.contains(header);
        return allowed ? Verdict.ALLOWED : Verdict.ORIGIN_NOT_ALLOWED;
    }

    private boolean isOwn(String header) {
        Matcher match = HOST_HEADER.matcher(header);
        if (!match.matches()) {
            return false;
        }
        String six = match.group("six");
        // Brackets hold IPv6 and nothing else: "[127.0.0.1]" is no host.
        if (six != null && six.indexOf(':') < 0) {
            return false;
        }
        String host = six != null ? six : match.group("other");
        String named = match.group("port");
        int namedPort = named == null ? HTTPS_PORT : Integer.parseInt(named);
        return ports.contains(namedPort)
                && HostName.parse(host).filter(hosts::contains).isPresent();
    }
}
