package io.quickdrop.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.quickdrop.server.addresses.HostName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsDirectoryTest {
    private static final Instant START = Instant.parse("2026-11-22T14:03:09Z");
    private static final Set<HostName> HOSTS =
            hosts("localhost", "127.0.0.1", "::1", "laptop", "laptop.local", "192.168.1.5");

    private final Path dataDirectory;
    private Instant now = START;
    private TlsDirectory tls;

    TlsDirectoryTest(@TempDir Path dataDirectory) {
        this.dataDirectory = dataDirectory;
        this.tls = new TlsDirectory(dataDirectory, () -> now);
    }

    @Test
    void theLeafIsWhatPhonesAskFor() throws Exception {
        LocalAuthority authority = tls.authority(HOSTS);
        ServerCertificate certificate = tls.certificate(authority, HOSTS);
        X509Certificate leaf = certificate.chain()[0];

        assertThat(certificate.hosts()).isEqualTo(HOSTS);
        assertThat(leaf.getBasicConstraints()).as("not a CA").isEqualTo(-1);
        assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(leaf.getSigAlgName()).isEqualTo("SHA256withECDSA");
        assertThat(((ECPublicKey) leaf.getPublicKey())
                        .getParams()
                        .getCurve()
                        .getField()
                        .getFieldSize())
                .isEqualTo(256);
        Instant from = leaf.getNotBefore().toInstant();
        assertThat(from).isEqualTo(START.minus(Duration.ofDays(1)));
        assertThat(Duration.between(from, leaf.getNotAfter().toInstant())).isLessThanOrEqualTo(Duration.ofDays(397));
        assertThat(certificate.chain()[1]).isEqualTo(authority.certificate());
        validate(leaf, authority);
    }

    @Test
    void theAuthorityIsOneAndCanBeExported() throws Exception {
        LocalAuthority authority = tls.authority(HOSTS);
        X509Certificate certificate = authority.certificate();

        assertThat(certificate.getBasicConstraints()).as("path length").isZero();
        assertThat(certificate.getKeyUsage()[5]).as("signs certificates").isTrue();
        assertThat(certificate.getSubjectX500Principal().getName()).matches("CN=QuickDrop local CA [0-9a-f]{8},O=.*");
        assertThat(authority.fingerprint()).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
        assertThat(CertificateFactory.getInstance("X.509")
                        .generateCertificate(Files.newInputStream(dataDirectory.resolve("tls/ca.crt"))))
                .isEqualTo(certificate);
        assertThat(authority.pem()).startsWith("-----BEGIN CERTIFICATE-----\n");
    }

    @Test
    void bothAreKeptOverARestart() throws Exception {
        LocalAuthority authority = tls.authority(HOSTS);
        ServerCertificate certificate = tls.certificate(authority, HOSTS);

        now = START.plus(Duration.ofDays(300));
        tls = new TlsDirectory(dataDirectory, () -> now);
        LocalAuthority again = tls.authority(HOSTS);
        assertThat(again.fingerprint()).isEqualTo(authority.fingerprint());
        assertThat(tls.certificate(again, HOSTS).chain()).isEqualTo(certificate.chain());
    }

    @Test
    void aNewAddressRenewsTheLeafAndNotTheAuthority() throws Exception {
        LocalAuthority authority = tls.authority(HOSTS);
        ServerCertificate before = tls.certificate(authority, HOSTS);
        Set<HostName> moved = hosts("localhost", "10.0.0.7");

        ServerCertificate after = tls.certificate(tls.authority(moved), moved);

        assertThat(after.hosts()).isEqualTo(moved);
        assertThat(after.chain()[0]).isNotEqualTo(before.chain()[0]);
        assertThat(after.chain()[1]).isEqualTo(authority.certificate());
        validate(after.chain()[0], authority);
    }

    @Test
    void anAddressThatWentAwayKeepsTheLeaf() throws Exception {
        LocalAuthority authority = tls.authority(HOSTS);
        ServerCertificate before = tls.certificate(authority, HOSTS);

        assertThat(tls.certificate(authority, hosts("localhost", "192.168.1.5")).chain())
                .isEqualTo(before.chain());
    }

    @Test
    void theLeafIsRenewedThirtyDaysBeforeItsEnd() throws Exception {
        LocalAuthority authority = tls.authority(HOSTS);
        ServerCertificate first = tls.certificate(authority, HOSTS);

        now = first.notAfter().minus(Duration.ofDays(30)).minusSeconds(1);
        assertThat(tls.certificate(authority, HOSTS).chain()).isEqualTo(first.chain());
        now = now.plusSeconds(1);
        ServerCertificate second = tls.certificate(authority, HOSTS);
        assertThat(second.notAfter()).isAfter(first.notAfter());
        assertThat(tls.authority(HOSTS).fingerprint()).isEqualTo(authority.fingerprint());
    }

    @Test
    void aLeafFromTheFutureIsRenewed() throws Exception {
        LocalAuthority authority = tls.authority(HOSTS);
        ServerCertificate first = tls.certificate(authority, HOSTS);

        now = START.plus(Duration.ofDays(200));
        Files.delete(dataDirectory.resolve("tls/server.pem"));
        tls.certificate(authority, HOSTS);
        now = START.plus(Duration.ofDays(10));
        assertThat(tls.certificate(authority, HOSTS).notAfter())
                .isEqualTo(first.notAfter().plus(Duration.ofDays(10)));
    }

    @Test
    void theAuthorityCannotVouchForASiteOnTheInternet() throws Exception {
        LocalAuthority authority = tls.authority(HOSTS);
        X509Certificate forged = authority
                .issue(new CertificateMaker(new SecureRandom()), List.of(new HostName("bank.example")), now)
                .own();

        assertThatThrownBy(() -> validate(forged, authority)).isInstanceOf(NameConstraintValidatorException.class);
    }

    @Test
    void aNameThatTheAuthorityMayNotVouchForIsLeftOut() throws Exception {
        LocalAuthority authority = tls.authority(HOSTS);
        Set<HostName> renamed = hosts("localhost", "desk.corp.example", "desk.local", "192.168.1.5");

        ServerCertificate certificate = tls.certificate(authority, renamed);

        assertThat(certificate.hosts()).isEqualTo(hosts("localhost", "desk.local", "192.168.1.5"));
        validate(certificate.chain()[0], authority);
    }

    @Test
    void onlyTheOwnerMayOpenTheFiles() throws Exception {
        assumeThat(dataDirectory.getFileSystem().supportedFileAttributeViews()).contains("posix");
        tls.certificate(tls.authority(HOSTS), HOSTS);
        Path directory = dataDirectory.resolve("tls");

        assertThat(modes(directory)).isEqualTo("rwx------");
        for (String name : List.of("ca.pem", "server.pem", "ca.crt")) {
            assertThat(modes(directory.resolve(name))).as(name).isEqualTo("rw-------");
        }
        Files.setPosixFilePermissions(directory.resolve("ca.pem"), PosixFilePermissions.fromString("rw-r--r--"));
        tls.authority(HOSTS);
        assertThat(modes(directory.resolve("ca.pem"))).as("repaired").isEqualTo("rw-------");
    }

    @Test
    void aDamagedAuthorityIsNamedInOneSentenceAndNotReplaced() throws Exception {
        tls.authority(HOSTS);
        Path file = dataDirectory.resolve("tls/ca.pem");
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 10, whole.length / 4, whole.length / 2, whole.length - 40}) {
            byte[] torn = Arrays.copyOf(whole, length);
            Files.write(file, torn);
            assertThatThrownBy(() -> tls.authority(HOSTS))
                    .as("cut at " + length)
                    .isInstanceOf(DamagedTlsFileException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("delete that file to make a new authority");
            assertThat(file).hasBinaryContent(torn);
        }
    }

    @Test
    void theKeyOfAnotherCertificateIsNoticed() throws Exception {
        tls.authority(HOSTS);
        CertificateMaker maker = new CertificateMaker(new SecureRandom());
        KeyAndChain mixed = new KeyAndChain(
                maker.authority(List.of(), now).key(),
                maker.authority(List.of(), now).chain());
        Files.write(dataDirectory.resolve("tls/ca.pem"), mixed.toPem());

        assertThatThrownBy(() -> tls.authority(HOSTS)).hasMessageContaining("the key belongs to another certificate");
    }

    @Test
    void anEndedAuthoritySaysSo() throws Exception {
        tls.authority(HOSTS);
        now = START.plus(Duration.ofDays(3651));

        assertThatThrownBy(() -> tls.authority(HOSTS))
                .isInstanceOf(DamagedTlsFileException.class)
                .hasMessageContaining("ended on 20");
    }

    @Test
    void aDamagedLeafIsMadeAgain() throws Exception {
        LocalAuthority authority = tls.authority(HOSTS);
        tls.certificate(authority, HOSTS);
        Files.writeString(dataDirectory.resolve("tls/server.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA");

        validate(tls.certificate(authority, HOSTS).chain()[0], authority);
    }

    @Test
    void theTextFormsHoldNoKey() throws Exception {
        LocalAuthority authority = tls.authority(HOSTS);
        ServerCertificate certificate = tls.certificate(authority, HOSTS);

        assertThat(certificate.toString()).startsWith("ServerCertificate for ").doesNotContain("PRIVATE");
        assertThat(new KeyAndChain(certificate.key(), List.of(certificate.chain())).toString())
                .isEqualTo("KeyAndChain of CN=QuickDrop server, O=QuickDrop Relay");
    }

    /** Validates the path as Java's TLS clients do, and the names as phones do: Java ignores an anchor's constraints. */
    private void validate(X509Certificate leaf, LocalAuthority authority) throws Exception {
        TrustAnchor anchor = new TrustAnchor(authority.certificate(), null);
        PKIXParameters parameters = new PKIXParameters(Set.of(anchor));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(now));
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf)), parameters);
        PKIXNameConstraintValidator names = new PKIXNameConstraintValidator();
        names.intersectPermittedSubtree(NameConstraints.getInstance(extension(authority.certificate(), "2.5.29.30"))
                .getPermittedSubtrees());
        for (GeneralName name :
                GeneralNames.getInstance(extension(leaf, "2.5.29.17")).getNames()) {
            names.checkPermitted(name);
        }
    }

    /** The bare value of an extension, which X.509 wraps in an octet string. */
    private static byte[] extension(X509Certificate certificate, String id) {
        return ASN1OctetString.getInstance(certificate.getExtensionValue(id)).getOctets();
    }

    private static String modes(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static Set<HostName> hosts(String... names) {
        return Arrays.stream(names).map(HostName::new).collect(Collectors.toSet());
    }
}
