package io.quickdrop.server.tls;

import io.quickdrop.server.addresses.HostName;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes the two kinds of certificates (RFC 5280), P-256 and SHA-256 throughout. Knows no files. */
final class CertificateMaker {
    /** Domains of home networks: reserved (RFC 6762, RFC 8375, RFC 6761, ICANN 2024) or set by common routers. */
    static final List<String> HOME_DOMAINS =
            List.of("localhost", "local", "home.arpa", "internal", "lan", "home", "fritz.box");

    /** Phones whose clock is some hours behind must not call the certificate "not yet valid". */
    static final Duration BACKDATED = Duration.ofDays(1);

    /** Apple refuses server certificates that live for more than 398 days; a day of margin, {@link #BACKDATED} included. */
    static final Duration LEAF_LIFE = Duration.ofDays(397);

    /** Long, because every phone must trust a new one by hand. */
    static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);

    private final SecureRandom random;

    CertificateMaker(SecureRandom random) {
        this.random = random;
    }

    /** A new authority that may vouch for {@code ownNames} beside {@link #HOME_DOMAINS}. */
    KeyAndChain authority(List<HostName> ownNames, Instant now) {
        KeyPair keys = KeyAndChain.freshKeys(random);
        BigInteger serial = serial();
        // The name is unique, so that a phone that trusts two laptops can tell their authorities apart.
        String suffix = HexFormat.of().formatHex(serial.toByteArray(), 0, 4);
        X500Name name = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, "QuickDrop Relay")
                .addRDN(BCStyle.CN, "QuickDrop local CA " + suffix)
                .build();
        Instant start = start(now);
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name, serial, Date.from(start), Date.from(start.plus(AUTHORITY_LIFE)), name, keys.getPublic());
        return guarded(() -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
            // Not critical: what doesn't know the extension trusts as before, what knows it enforces it.
            builder.addExtension(Extension.nameConstraints, false, constraints(ownNames));
            return new KeyAndChain(keys.getPrivate(), List.of(sign(builder, keys.getPrivate())));
        });
    }

    /** A server certificate with a new key, naming {@code hosts}, with the authority's certificate behind it. */
    KeyAndChain leaf(KeyAndChain authority, List<HostName> hosts, Instant now) {
        KeyPair keys = KeyAndChain.freshKeys(random);
        X509Certificate issuer = authority.own();
        Instant start = later(start(now), issuer.getNotBefore().toInstant());
        // RFC 5280 counts both ends in, hence the second less.
        Instant end = start.plus(LEAF_LIFE).minusSeconds(1);
        Instant issuerEnd = issuer.getNotAfter().toInstant();
        X500Name name = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, "QuickDrop Relay")
                .addRDN(BCStyle.CN, "QuickDrop server")
                .build();
        return guarded(() -> {
            X500Name issuerName = new JcaX509CertificateHolder(issuer).getSubject();
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuerName,
                    serial(),
                    Date.from(start),
                    Date.from(end.isBefore(issuerEnd) ? end : issuerEnd),
                    name,
                    keys.getPublic());
            JcaX509ExtensionUtils utils = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            builder.addExtension(Extension.subjectAlternativeName, false, alternativeNames(hosts));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, utils.createSubjectKeyIdentifier(keys.getPublic()));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, utils.createAuthorityKeyIdentifier(issuer.getPublicKey()));
            X509Certificate own = sign(builder, authority.key());
            return new KeyAndChain(keys.getPrivate(), List.of(own, issuer));
        });
    }

    /** Whether the name constraints of {@code authority} permit the DNS name {@code host}; true if it has none. */
    static boolean permits(X509Certificate authority, HostName host) {
        byte[] extension = authority.getExtensionValue(Extension.nameConstraints.getId());
        if (extension == null) {
            return true;
        }
        NameConstraints constraints = NameConstraints.getInstance(
                ASN1OctetString.getInstance(extension).getOctets());
        return Arrays.stream(constraints.getPermittedSubtrees())
                .map(subtree -> subtree.getBase().getName().toString())
                .anyMatch(domain -> isWithin(host, domain));
    }

    /** Whether {@code host} lies in one of {@link #HOME_DOMAINS}. */
    static boolean isHomeName(HostName host) {
        return HOME_DOMAINS.stream().anyMatch(domain -> isWithin(host, domain));
    }

    /** A constraint covers its name and all below it (RFC 5280 section 4.2.1.10). */
    private static boolean isWithin(HostName host, String domain) {
        return host.value().equals(domain) || host.value().endsWith("." + domain);
    }

    private static NameConstraints constraints(List<HostName> ownNames) {
        GeneralSubtree[] permitted = Stream.concat(
                        HOME_DOMAINS.stream(), ownNames.stream().map(HostName::value))
                .map(domain -> new GeneralSubtree(new GeneralName(GeneralName.dNSName, domain)))
                .toArray(GeneralSubtree[]::new);
        return new NameConstraints(permitted, null);
    }

    private static GeneralNames alternativeNames(List<HostName> hosts) {
        return new GeneralNames(hosts.stream()
                .map(host ->
                        new GeneralName(host.isAddress() ? GeneralName.iPAddress : GeneralName.dNSName, host.value()))
                .toArray(GeneralName[]::new));
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    /** 127 random bits with the top one set: positive, of constant length, above the 64 bits that browsers ask for. */
    private BigInteger serial() {
        return new BigInteger(127, random).setBit(126);
    }

    /** Certificates count whole seconds. */
    private static Instant start(Instant now) {
        return now.minus(BACKDATED).truncatedTo(ChronoUnit.SECONDS);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    /** Nothing here depends on input from outside, so a failure is our own bug. */
    private static KeyAndChain guarded(Making making) {
        try {
            return making.make();
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new AssertionError("a certificate of constant form can be made", e);
        }
    }

    private interface Making {
        KeyAndChain make() throws GeneralSecurityException, OperatorCreationException, IOException;
    }
}
