package io.quickdrop.server.doctor;

import io.quickdrop.server.addresses.HostAddress;
import io.quickdrop.server.doctor.Checkup.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Knocks at each address of this computer, as a phone would that trusts its authority. Waits for the network. */
public final class SelfCheck {
    private static final int PATIENCE_MILLIS = 1_000;

    private final SSLContext tls;

    /** @param authority the certificate that phones are to trust, DER */
    public SelfCheck(byte[] authority) {
        try {
            Certificate trusted =
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(authority));
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("quickdrop", trusted);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            tls = SSLContext.getInstance("TLS");
            tls.init(null, trust.getTrustManagers(), null);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("an authority that can't be trusted: " + e, e);
        }
    }

    /** Whether each address leads here. */
    public List<Checkup.Reach> of(List<HostAddress> addresses, int port) {
        List<Checkup.Reach> found = new ArrayList<>();
        for (HostAddress address : addresses) {
            found.add(new Checkup.Reach(
                    address.host().value(),
                    address.interfaceName(),
                    address.kind(),
                    knock(address.host().value(), port)));
        }
        return found;
    }

    private Answer knock(String host, int port) {
        try (Socket tcp = new Socket()) {
            tcp.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            tcp.setSoTimeout(PATIENCE_MILLIS);
            try (SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(tcp, host, port, true)) {
                secured.startHandshake();
                return Answer.GOOD;
            }
        } catch (SSLException stranger) {
            return Answer.STRANGER;
        } catch (IOException nothing) {
            return Answer.NOTHING;
        }
    }
}
