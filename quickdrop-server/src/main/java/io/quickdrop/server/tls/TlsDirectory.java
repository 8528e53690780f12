package io.quickdrop.server.tls;

import io.quickdrop.server.addresses.HostName;
import io.quickdrop.server.privatefile.PrivateFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The folder {@code <dataDir>/tls}: {@code ca.pem} (authority, key and certificate), {@code ca.crt} (its public
 * certificate, to copy by hand), {@code server.pem} (key and chain of the server).
 *
 * <p>The authority is made once and kept, for phones trust it by hand. The server's certificate is cheap: it is made
 * again when an address appears that it doesn't name, when it nears its end, or when its file is damaged. It stays when
 * addresses go away, since a browser that was told to trust this very certificate would have to be told again.
 *
 * <p>Not for several threads or processes at once.
 */
public final class TlsDirectory {
    /** Renewed this long before the end, so that a server that runs for weeks doesn't run into it. */
    public static final Duration RENEW_BEFORE = Duration.ofDays(30);

    private static final System.Logger LOG = System.getLogger(TlsDirectory.class.getName());
    private static final String NEW_AUTHORITY =
            "delete that file to make a new authority, which every phone must then trust anew";

    private final Path directory;
    private final InstantSource clock;
    private final CertificateMaker maker;

    /**
     * Names the folder; nothing is read or made yet.
     *
     * @param dataDirectory the server's private folder; {@code tls} is made in it
     */
    public TlsDirectory(Path dataDirectory, InstantSource clock) {
        this.directory = dataDirectory.resolve("tls");
        this.clock = clock;
        this.maker = new CertificateMaker(new SecureRandom());
    }

    /**
     * The kept authority, or a new one at the first start.
     *
     * @param hosts all own names; a new authority is allowed to vouch for the DNS names among them
     * @throws DamagedTlsFileException if the kept one can't be read or has ended
     * @throws IOException if a new one can't be written
     */
    public LocalAuthority authority(Set<HostName> hosts) throws IOException {
        Path file = directory.resolve("ca.pem");
        PrivateFile.createDirectory(directory);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            KeyAndChain made = maker.authority(ownNames(hosts), clock.instant());
            PrivateFile.write(file, made.toPem());
        }
        KeyAndChain keys = read(file);
        Instant end = keys.own().getNotAfter().toInstant();
        if (keys.own().getBasicConstraints() < 0) {
            throw damaged(file, "holds no authority's certificate", NEW_AUTHORITY, new IOException("not a CA"));
        }
        if (!clock.instant().isBefore(end)) {
            throw damaged(file, "ended on " + end, NEW_AUTHORITY, new IOException("expired"));
        }
        LocalAuthority authority = new LocalAuthority(keys);
        PrivateFile.write(directory.resolve("ca.crt"), authority.publicFile());
        return authority;
    }

    /**
     * The kept server certificate if it is still good for all of {@code hosts}, else a new one.
     *
     * <p>DNS names that {@code authority} may not vouch for (the computer was renamed) are left out: its addresses and
     * {@code .local} name still work.
     *
     * @throws DamagedTlsFileException if the kept one can't be read for lack of rights
     * @throws IOException if a new one can't be written
     */
    public ServerCertificate certificate(LocalAuthority authority, Set<HostName> hosts) throws IOException {
        List<HostName> named = authority.allowed(hosts);
        if (named.isEmpty()) {
            throw new IllegalArgumentException("a server certificate names at least one host, found none in " + hosts);
        }
        Path file = directory.resolve("server.pem");
        PrivateFile.createDirectory(directory);
        Optional<ServerCertificate> kept =
                keptCertificate(file).filter(certificate -> isGood(certificate, authority, named));
        if (kept.isPresent()) {
            return kept.get();
        }
        KeyAndChain made = authority.issue(maker, named, clock.instant());
        PrivateFile.write(file, made.toPem());
        return new ServerCertificate(made);
    }

    private boolean isGood(ServerCertificate certificate, LocalAuthority authority, List<HostName> hosts) {
        Instant now = clock.instant();
        return certificate.hosts().containsAll(hosts)
                && !now.isBefore(certificate.notBefore())
                && now.isBefore(certificate.notAfter().minus(RENEW_BEFORE))
                && authority.signed(certificate.chain()[0]);
    }

    private Optional<ServerCertificate> keptCertificate(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        byte[] pem =
                readBytes(file, "make it readable for the user that runs QuickDrop, or delete it: it is made again");
        try {
            return Optional.of(new ServerCertificate(KeyAndChain.fromPem(pem)));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, file + " is damaged and is made again", e);
            return Optional.empty();
        }
    }

    private static KeyAndChain read(Path file) throws IOException {
        byte[] pem = readBytes(file, "make it readable for the user that runs QuickDrop");
        try {
            return KeyAndChain.fromPem(pem);
        } catch (IOException e) {
            throw damaged(
                    file, "is damaged (" + e.getMessage() + ")", "restore it from a backup, or " + NEW_AUTHORITY, e);
        }
    }

    private static byte[] readBytes(Path file, String remedy) throws IOException {
        try {
            return PrivateFile.read(file);
        } catch (AccessDeniedException e) {
            throw damaged(file, "may not be read", remedy, e);
        } catch (IOException e) {
            throw damaged(file, "can't be read (" + e.getMessage() + ")", remedy, e);
        }
    }

    private static DamagedTlsFileException damaged(Path file, String found, String remedy, Throwable cause) {
        return new DamagedTlsFileException(file, found, remedy, cause);
    }

    /** The DNS names that need a constraint of their own. */
    private static List<HostName> ownNames(Set<HostName> hosts) {
        return hosts.stream()
                .filter(host -> !host.isAddress() && !CertificateMaker.isHomeName(host))
                .sorted(Comparator.comparing(HostName::value))
                .toList();
    }
}
