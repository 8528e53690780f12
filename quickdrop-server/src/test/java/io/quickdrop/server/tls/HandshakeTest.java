package io.quickdrop.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.server.addresses.HostName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real client that trusts the authority connects by name and by address, and checks the name as browsers do. */
@Timeout(30)
class HandshakeTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Test
    void whoTrustsTheAuthorityConnectsByNameAndByAddress(@TempDir Path dataDirectory) throws Exception {
        Set<HostName> hosts = Set.of(new HostName("localhost"), new HostName("127.0.0.1"));
        TlsDirectory tls = new TlsDirectory(dataDirectory, InstantSource.system());
        LocalAuthority authority = tls.authority(hosts);
        SSLContext server = serverContext(tls.certificate(authority, hosts));
        SSLContext client = clientContext(authority);

        for (String host : new String[] {"localhost", "127.0.0.1"}) {
            try (SSLServerSocket listening =
                    (SSLServerSocket) server.getServerSocketFactory().createServerSocket()) {
                listening.bind(new InetSocketAddress(LOOPBACK, 0));
                CompletableFuture<Integer> served = CompletableFuture.supplyAsync(() -> echoOne(listening));
                try (Socket plain = new Socket(LOOPBACK, listening.getLocalPort());
                        SSLSocket socket = (SSLSocket)
                                client.getSocketFactory().createSocket(plain, host, listening.getLocalPort(), true)) {
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setEndpointIdentificationAlgorithm("HTTPS");
                    socket.setSSLParameters(parameters);
                    socket.getOutputStream().write(42);
                    assertThat(socket.getInputStream().read()).as(host).isEqualTo(42);
                }
                assertThat(served.get(10, TimeUnit.SECONDS)).isEqualTo(42);
            }
        }
    }

    private static int echoOne(SSLServerSocket listening) {
        try (SSLSocket socket = (SSLSocket) listening.accept()) {
            int read = socket.getInputStream().read();
            socket.getOutputStream().write(read);
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SSLContext serverContext(ServerCertificate certificate) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("server", certificate.key(), new char[0], certificate.chain());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static SSLContext clientContext(LocalAuthority authority) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", authority.certificate());
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
