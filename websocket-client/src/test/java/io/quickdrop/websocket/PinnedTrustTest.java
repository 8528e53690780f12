package io.quickdrop.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whom a pin lets through, over real TLS; certificates are made by the JDK's own keytool. */
@Timeout(120)
final class PinnedTrustTest {
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static KeyStore keys;

    /** An authority with two certificates of servers, and a stranger with the same names. */
    @BeforeAll
    static void makeCertificates() throws Exception {
        generate("ca", "CN=authority", "-ext", "bc:c");
        generate("old", "CN=server");
        generate("new", "CN=server at another address");
        generate("stranger", "CN=server");
        sign("old", "ca");
        sign("new", "ca");
        keys = KeyStore.getInstance(folder.resolve("keys").toFile(), PASSWORD);
    }

    @Test
    void aServerIsKnownByItsAuthorityAlsoWithANewCertificate() throws Exception {
        ServerPin pin = seenFirst("old", "old", "ca");
        assertThat(pin).isEqualTo(ServerPin.of(new X509Certificate[] {certificate("ca")}));
        assertThat(meet(pin, "old", "old", "ca").keyHasChanged()).isFalse();
        assertThat(meet(pin, "new", "new", "ca").keyHasChanged()).isFalse();
    }

    @Test
    void aServerThatShowsOnlyItsOwnCertificateIsKnownByThatOne() throws Exception {
        ServerPin pin = seenFirst("old", "old");
        assertThat(meet(pin, "old", "old").keyHasChanged()).isFalse();
        assertThat(meet(pin, "old", "old", "ca").keyHasChanged()).isFalse();
        assertRefused(pin, "new", "new");
    }

    @Test
    void anotherKeyIsRefused() throws Exception {
        ServerPin pin = seenFirst("old", "old", "ca");
        assertRefused(pin, "stranger", "stranger");
    }

    @Test
    void showingTheAuthoritysCertificateBesidesOnesOwnDoesNotHelp() throws Exception {
        ServerPin pin = seenFirst("old", "old", "ca");
        assertRefused(pin, "stranger", "stranger", "ca");
    }

    @Test
    void aServersCertificateIsNoAuthority() throws Exception {
        // A stranger's certificate signed by a server's key: that key may speak for itself, and for nobody else.
        generate("forged", "CN=server");
        sign("forged", "old");
        keys = KeyStore.getInstance(folder.resolve("keys").toFile(), PASSWORD);
        assertRefused(seenFirst("old", "old"), "forged", "forged", "old");
        assertRefused(seenFirst("old", "old", "ca"), "forged", "forged", "old", "ca");
    }

    @Test
    void withoutAPinNobodyIsTrustedButTheKeyIsSeen() throws Exception {
        assertThat(seenFirst("stranger", "stranger")).isNotNull();
    }

    private static ServerPin seenFirst(String key, String... chain) throws Exception {
        PinnedTrust trust = new PinnedTrust(null);
        assertThatThrownBy(() -> handshake(trust, key, chain)).isInstanceOf(SSLHandshakeException.class);
        @Nullable ServerPin seen = trust.seen();
        if (seen == null) {
            throw new AssertionError("no key was seen");
        }
        return seen;
    }

    private static PinnedTrust meet(ServerPin pin, String key, String... chain) throws Exception {
        PinnedTrust trust = new PinnedTrust(pin);
        handshake(trust, key, chain);
        return trust;
    }

    private static void assertRefused(ServerPin pin, String key, String... chain) {
        PinnedTrust trust = new PinnedTrust(pin);
        assertThatThrownBy(() -> handshake(trust, key, chain)).isInstanceOf(SSLHandshakeException.class);
        assertThat(trust.keyHasChanged() || chain.length > 1).isTrue();
    }

    /** A handshake with a server that has this key and shows this chain. */
    private static void handshake(PinnedTrust trust, String key, String... chain) throws Exception {
        List<X509Certificate> shown = new ArrayList<>();
        for (String alias : chain) {
            shown.add(certificate(alias));
        }
        PrivateKey own = (PrivateKey) keys.getKey(key, PASSWORD);
        SSLContext server = SSLContext.getInstance("TLS");
        server.init(new KeyManager[] {new Show(own, shown.toArray(X509Certificate[]::new))}, null, null);
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (SSLServerSocket listening =
                (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 1, loopback)) {
            Thread answering = new Thread(() -> answer(listening), "test-server");
            answering.setDaemon(true);
            answering.start();
            try (Socket tcp = new Socket(loopback, listening.getLocalPort());
                    SSLSocket socket = (SSLSocket)
                            trust.context().getSocketFactory().createSocket(tcp, "127.0.0.1", tcp.getPort(), true)) {
                socket.setSoTimeout(20_000);
                socket.startHandshake();
            }
        }
    }

    private static void answer(SSLServerSocket listening) {
        try (SSLSocket socket = (SSLSocket) listening.accept()) {
            socket.startHandshake();
            socket.getInputStream().read();
        } catch (IOException refused) {
            // what the client thinks of it is what counts
        }
    }

    /** Shows any chain, also one that does not fit together: what an attacker would do, and a key store refuses. */
    private static final class Show extends X509ExtendedKeyManager {
        private final PrivateKey key;
        private final X509Certificate[] chain;

        Show(PrivateKey key, X509Certificate[] chain) {
            this.key = key;
            this.chain = chain;
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return "server";
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[] {"server"};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain;
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }

        @Override
        public @Nullable String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[0];
        }
    }

    private static X509Certificate certificate(String alias) throws Exception {
        return (X509Certificate) keys.getCertificateChain(alias)[0];
    }

    private static void generate(String alias, String name, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", name, "-validity", "30"));
        arguments.addAll(List.of(more));
        keytool(arguments);
    }

    private static void sign(String alias, String issuer) throws Exception {
        String request = folder.resolve(alias + ".csr").toString();
        String signed = folder.resolve(alias + ".crt").toString();
        keytool(List.of("-certreq", "-alias", alias, "-file", request));
        keytool(List.of("-gencert", "-alias", issuer, "-infile", request, "-outfile", signed, "-validity", "30"));
        keytool(List.of("-importcert", "-noprompt", "-alias", alias, "-file", signed));
    }

    private static void keytool(List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(arguments);
        command.addAll(List.of(
                "-keystore",
                folder.resolve("keys").toString(),
                "-storepass",
                new String(PASSWORD),
                "-storetype",
                "PKCS12"));
        Path said = Files.createTempFile(folder, "keytool", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("keytool failed: " + Files.readString(said, StandardCharsets.UTF_8));
        }
    }
}
