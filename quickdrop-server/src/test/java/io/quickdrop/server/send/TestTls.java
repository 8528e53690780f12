package io.quickdrop.server.send;

import io.quickdrop.server.addresses.HostName;
import io.quickdrop.server.tls.LocalAuthority;
import io.quickdrop.server.tls.ServerCertificate;
import io.quickdrop.server.tls.TlsDirectory;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Certificates as the real server makes them. */
final class TestTls {
    private TestTls() {}

    /** A server's context with a certificate for one host; {@code tls/ca.crt} is in the folder then. */
    static SSLContext server(Path dataDirectory, String host) throws Exception {
        Set<HostName> hosts = Set.of(new HostName(host));
        TlsDirectory directory = new TlsDirectory(dataDirectory, InstantSource.system());
        LocalAuthority authority = directory.authority(hosts);
        ServerCertificate certificate = directory.certificate(authority, hosts);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", certificate.key(), new char[0], certificate.chain());
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
