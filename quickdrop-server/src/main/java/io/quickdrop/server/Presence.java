package io.quickdrop.server;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.quickdrop.server.access.HostAllowlist;
import io.quickdrop.server.addresses.HostName;
import io.quickdrop.server.addresses.NetworkView;
import io.quickdrop.server.addresses.ReachableAddresses;
import io.quickdrop.server.tls.LocalAuthority;
import io.quickdrop.server.tls.ServerCertificate;
import io.quickdrop.server.tls.TlsDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Under which names this machine is reached now, and what follows from them: the certificate, the allowed Host and
 * Origin. Looked at again from time to time, since laptops move between networks.
 */
final class Presence {
    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

    private final NetworkView network;
    private final TlsDirectory directory;
    private final Set<HostName> extraNames;
    private final @Nullable URI advertised;
    private final LocalAuthority authority;
    private volatile Standing standing;
    private int port;

    private record Standing(
            ReachableAddresses addresses,
            Set<HostName> names,
            HostAllowlist allowlist,
            SslContext tls,
            Set<String> serverKeys) {}

    /**
     * Looks around.
     *
     * @param port before it is bound; 0 is replaced by {@link #bound}
     * @param advertised where other instances and agents find this one, if that is another address; its host is one of our
     *     names, and its port one under which we answer
     */
    Presence(NetworkView network, TlsDirectory directory, Set<HostName> extraNames, int port, @Nullable URI advertised)
            throws IOException {
        this.network = network;
        this.directory = directory;
        this.extraNames = extraNames;
        this.advertised = advertised;
        this.port = Math.max(1, port);
        ReachableAddresses addresses = ReachableAddresses.of(network);
        this.authority = directory.authority(names(addresses));
        this.standing = stand(addresses, Set.of());
    }

    ReachableAddresses addresses() {
        return standing.addresses;
    }

    Set<HostName> names() {
        return standing.names;
    }

    /** Whether an address is this computer's. */
    boolean isOwn(InetAddress address) {
        return standing.names.contains(HostName.of(address));
    }

    HostAllowlist allowlist() {
        return standing.allowlist;
    }

    SslContext tls() {
        return standing.tls;
    }

    /** Hashes of the public keys that this process has shown in TLS handshakes. */
    Set<String> serverKeys() {
        return standing.serverKeys;
    }

    LocalAuthority authority() {
        return authority;
    }

    /** The one that was bound; before, the one that is wanted. */
    synchronized int port() {
        return port;
    }

    /** The port is known now. */
    synchronized void bound(int boundPort) {
        port = boundPort;
        Standing old = standing;
        standing = new Standing(old.addresses, old.names, allowlist(old.names), old.tls, old.serverKeys);
    }

    /** Looks again; if addresses came or went, new connections get a certificate that names them. */
    synchronized void refresh() {
        ReachableAddresses now = ReachableAddresses.of(network);
        if (now.equals(standing.addresses)) {
            return;
        }
        try {
            standing = stand(now, standing.serverKeys);
            LOG.info(
                    "addresses changed; the server is now at {}",
                    now.preferred().url(port));
        } catch (IOException e) {
            LOG.error("addresses changed, but no certificate for them can be made: {}", e.getMessage());
        }
    }

    /** @param before keys of certificates that connections of now may have been opened with */
    private Standing stand(ReachableAddresses addresses, Set<String> before) throws IOException {
        Set<HostName> names = names(addresses);
        ServerCertificate certificate = directory.certificate(authority, names);
        SslContext tls = SslContextBuilder.forServer(certificate.key(), certificate.chain())
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .build();
        Set<String> keys = new HashSet<>(before);
        keys.add(certificate.keyHash());
        return new Standing(addresses, names, allowlist(names), tls, Set.copyOf(keys));
    }

    private Set<HostName> names(ReachableAddresses addresses) {
        Set<HostName> names = new HashSet<>(addresses.names());
        names.addAll(extraNames);
        if (advertised != null) {
            HostName.parse(advertised.getHost().replaceAll("^\\[|]$", "")).ifPresent(names::add);
        }
        return Set.copyOf(names);
    }

    private HostAllowlist allowlist(Set<HostName> names) {
        Set<Integer> ports = new HashSet<>(Set.of(port));
        if (advertised != null) {
            ports.add(advertised.getPort());
        }
        return new HostAllowlist(names, ports);
    }
}
