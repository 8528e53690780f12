package io.quickdrop.websocket;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts the server with the pinned key, whatever names its certificate has, and nobody else. Safe on any thread.
 *
 * <p>Without a pin it trusts nobody either, but remembers the key that it saw: that is how a server is met for the first time.
 */
public final class PinnedTrust {
    private final @Nullable ServerPin pin;
    private volatile @Nullable ServerPin seen;

    /** @param pin {@code null} to look only */
    public PinnedTrust(@Nullable ServerPin pin) {
        this.pin = pin;
    }

    /** The key that the server showed last; null if none did. */
    public @Nullable ServerPin seen() {
        return seen;
    }

    /** Whether the server's last key was another than the pinned one. */
    public boolean keyHasChanged() {
        ServerPin shown = seen;
        return pin != null && shown != null && !shown.equals(pin);
    }

    /** TLS that trusts so. */
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Judge()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime can't make a TLS context", e);
        }
    }

    private void judge(X509Certificate[] chain) throws CertificateException {
        ServerPin expected = pin;
        if (expected != null && expected.vouchesFor(chain)) {
            chain[0].checkValidity();
            seen = expected;
            return;
        }
        seen = ServerPin.of(chain);
        throw new CertificateException(
                expected == null ? "the server's key is not known yet" : "the server's key is another one");
    }

    /** Extended, so that the runtime asks nothing of names and authorities on its own. */
    private final class Judge extends X509ExtendedTrustManager {
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
            throw new CertificateException("a client is no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String algorithm, Socket socket)
                throws CertificateException {
            throw new CertificateException("a client is no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String algorithm, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("a client is no server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
