package io.quickdrop.server.send;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Decides which servers' certificates are believed. */
final class ServerTrust {
    private ServerTrust() {}

    /**
     * Trusts the authorities in a file, PEM or DER, and no others: whoever names one means that one.
     *
     * @throws SendFailure with a sentence if the file holds none
     */
    static SSLContext only(Path authorityFile) throws SendFailure {
        return context(authorityFile, false);
    }

    /** Trusts the authorities in a file and, besides, those that the Java runtime trusts. */
    static SSLContext also(Path authorityFile) throws SendFailure {
        return context(authorityFile, true);
    }

    private static SSLContext context(Path file, boolean besides) throws SendFailure {
        Collection<? extends Certificate> authorities;
        try (InputStream in = Files.newInputStream(file)) {
            authorities = CertificateFactory.getInstance("X.509").generateCertificates(in);
        } catch (IOException e) {
            throw new SendFailure("The CA file " + file + " can't be read: " + FileToSend.words(e) + ".");
        } catch (CertificateException e) {
            throw new SendFailure("The CA file " + file + " holds no certificate; PEM and DER are understood.");
        }
        if (authorities.isEmpty()) {
            throw new SendFailure("The CA file " + file + " holds no certificate; PEM and DER are understood.");
        }
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Certificate authority : authorities) {
                store.setCertificateEntry("authority-" + count++, authority);
            }
            if (besides) {
                for (X509Certificate authority : trustedBy(null).getAcceptedIssuers()) {
                    store.setCertificateEntry("runtime-" + count++, authority);
                }
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trustedBy(store)}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java runtime can't make a TLS context", e);
        }
    }

    /** @param store {@code null} for what the Java runtime trusts */
    private static X509TrustManager trustedBy(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager candidate : factory.getTrustManagers()) {
            if (candidate instanceof X509TrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("no trust manager for X.509");
    }
}
