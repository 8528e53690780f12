package io.quickdrop.server.cluster;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS that believes the server whose authority has a pinned public key, whatever names its certificate has. */
final class PinnedTls {
    private PinnedTls() {}

    /** @param pin SHA-256 of the authority's public key, 64 lower-case hex digits */
    static SSLContext context(String pin) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Judge(pin)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime can't make a TLS context", e);
        }
    }

    /** Whether the pinned key vouches for the first certificate: it is its own, or signed a chain down to it. */
    static boolean vouches(String pin, X509Certificate[] chain) {
        for (int i = 0; i < chain.length; i++) {
            if (keyHash(chain[i]).equals(pin)) {
                return true;
            }
            boolean more = i + 1 < chain.length;
            if (!more || chain[i + 1].getBasicConstraints() < 0 || !signed(chain[i], chain[i + 1])) {
                return false;
            }
        }
        return false;
    }

    private static boolean signed(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String keyHash(X509Certificate certificate) {
        try {
            byte[] key = certificate.getPublicKey().getEncoded();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** Extended, so that the runtime asks nothing of names and authorities on its own. */
    private static final class Judge extends X509ExtendedTrustManager {
        private final String pin;

        Judge(String pin) {
            this.pin = pin;
        }

        private void judge(X509Certificate[] chain) throws CertificateException {
            if (!vouches(pin, chain)) {
                throw new CertificateException("the instance's key is not the one that it put into the store");
            }
            chain[0].checkValidity();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String algorithm) throws CertificateException {
            judge(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String algorithm, Socket socket)
                throws CertificateException {
            judge(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String algorithm, SSLEngine engine)
                throws CertificateException {
            judge(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String algorithm) throws CertificateException {
            throw new CertificateException("instances show no certificate as clients");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String algorithm, Socket socket)
                throws CertificateException {
            throw new CertificateException("instances show no certificate as clients");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String algorithm, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("instances show no certificate as clients");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
