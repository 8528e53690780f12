package io.quickdrop.system.harness;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS that trusts one server's own authority and nothing else, as a phone does after its owner installed it. */
public final class TrustedTls {
    private TrustedTls() {}

    /** Trusts the authority in {@code caFile}, PEM. */
    public static SSLContext of(Path caFile) {
        try (InputStream in = Files.newInputStream(caFile)) {
            Certificate authority = CertificateFactory.getInstance("X.509").generateCertificate(in);
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("quickdrop", authority);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError("the authority in " + caFile + " can't be trusted", e);
        }
    }
}
