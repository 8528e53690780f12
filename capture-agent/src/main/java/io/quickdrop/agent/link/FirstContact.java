package io.quickdrop.agent.link;

import io.quickdrop.websocket.PinnedTrust;
import io.quickdrop.websocket.ServerAddress;
import io.quickdrop.websocket.ServerPin;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Looks at the key of a server that is not known yet, and says nothing to it: the handshake is broken off at its key. */
public final class FirstContact {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private FirstContact() {}

    /**
     * The server's key.
     *
     * @throws IOException with words for people if nobody answers, or not in TLS
     */
    public static ServerPin look(ServerAddress server) throws IOException {
        PinnedTrust trust = new PinnedTrust(null);
        String host = server.web().getHost().replaceAll("^\\[|]$", "");
        int port = server.web().getPort();
        try (Socket tcp = new Socket()) {
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                throw new UnknownHostException("no such host: " + host);
            }
            tcp.connect(address, (int) PATIENCE.toMillis());
            tcp.setSoTimeout((int) PATIENCE.toMillis());
            try (SSLSocket socket =
                    (SSLSocket) trust.context().getSocketFactory().createSocket(tcp, host, port, true)) {
                socket.startHandshake();
            }
            throw new IOException("it has no key");
        } catch (IOException e) {
            @Nullable ServerPin seen = trust.seen();
            if (seen != null) {
                return seen;
            }
            throw e;
        }
    }
}
