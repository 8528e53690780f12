package io.quickdrop.server.tls;

import io.quickdrop.server.addresses.HostName;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The authority that a phone trusts once. Its certificate is public; its key signs server certificates for this
 * computer's addresses and nothing else. Immutable and safe on any thread.
 *
 * <p>What a stolen key could do is limited by name constraints: the authority can vouch for IP addresses, for
 * {@code localhost}, for the home-network domains in {@link CertificateMaker#HOME_DOMAINS} and for this computer's name,
 * but never for a site on the internet.
 */
public final class LocalAuthority {
    private final KeyAndChain keys;

    LocalAuthority(KeyAndChain keys) {
        this.keys = keys;
    }

    /** The certificate that phones install. */
    public X509Certificate certificate() {
        return keys.own();
    }

    /** The certificate in DER, the body of {@code /ca.crt} ({@code application/x-x509-ca-cert}). */
    public byte[] der() {
        try {
            return certificate().getEncoded();
        } catch (CertificateEncodingException e) {
            throw new AssertionError("a certificate that was decoded can be encoded", e);
        }
    }

    /** The certificate in PEM (RFC 7468). */
    public String pem() {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der());
        return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
    }

    /** SHA-256 of the DER form as phones show it: upper-case hex pairs with colons. */
    public String fingerprint() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(der());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(hash);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** What agents pin: SHA-256 of the X.509 encoding of the authority's public key, 64 lower-case hex digits. */
    public String keyHash() {
        return ServerCertificate.keyHash(certificate());
    }

    /** Whether {@code certificate} was signed by this authority's key. */
    boolean signed(X509Certificate certificate) {
        try {
            certificate.verify(certificate().getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Those of {@code hosts} that this authority may vouch for: its constraints are fixed when it is made. */
    List<HostName> allowed(Set<HostName> hosts) {
        return hosts.stream()
                .filter(host -> host.isAddress() || CertificateMaker.permits(certificate(), host))
                .sorted((a, b) -> a.value().compareTo(b.value()))
                .toList();
    }

    KeyAndChain issue(CertificateMaker maker, List<HostName> hosts, Instant now) {
        return maker.leaf(keys, hosts, now);
    }

    /** The PEM form as bytes for a file that others may read. */
    byte[] publicFile() {
        return pem().getBytes(StandardCharsets.US_ASCII);
    }
}
