package io.quickdrop.server.tls;

import io.quickdrop.server.addresses.HostName;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the server shows in a TLS handshake. Immutable and safe on any thread; its text form holds no key. */
public final class ServerCertificate {
    private final KeyAndChain keys;
    private final Set<HostName> hosts;

    ServerCertificate(KeyAndChain keys) {
        this.keys = keys;
        this.hosts = namesOf(keys.own());
    }

    /** The private key; stays in this process. */
    public PrivateKey key() {
        return keys.key();
    }

    /** The server's certificate, then the authority's; a fresh array. */
    public X509Certificate[] chain() {
        return keys.chain().toArray(X509Certificate[]::new);
    }

    /** What agents sign: SHA-256 of the X.509 encoding of the server's public key, 64 lower-case hex digits. */
    public String keyHash() {
        return keyHash(keys.own());
    }

    static String keyHash(X509Certificate certificate) {
        try {
            byte[] key = certificate.getPublicKey().getEncoded();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** Every name and address that the certificate vouches for. */
    public Set<HostName> hosts() {
        return hosts;
    }

    /** When it ends; it is renewed {@link TlsDirectory#RENEW_BEFORE} earlier at the next start or change of address. */
    public Instant notAfter() {
        return keys.own().getNotAfter().toInstant();
    }

    Instant notBefore() {
        return keys.own().getNotBefore().toInstant();
    }

    private static Set<HostName> namesOf(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return Optional.ofNullable(names).orElse(List.of()).stream()
                    .flatMap(name -> HostName.parse(String.valueOf(name.get(1))).stream())
                    .collect(Collectors.toUnmodifiableSet());
        } catch (CertificateParsingException e) {
            // Not one of ours, then: it covers nothing and is replaced.
            return Set.of();
        }
    }

    @Override
    public String toString() {
        return "ServerCertificate for " + hosts + " until " + notAfter();
    }
}
