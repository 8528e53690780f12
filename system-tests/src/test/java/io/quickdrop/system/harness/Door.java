package io.quickdrop.system.harness;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Where a client of the tests knocks, and whom it believes to be there. The two differ behind a proxy: Host and Origin
 * name the server, as they do for a phone whose network is bad.
 *
 * @param route where TCP connects to
 * @param tls whom to trust
 * @param authority {@code host:port} for the Host header
 */
public record Door(InetSocketAddress route, SSLContext tls, String authority) {
    /** Let the operating system choose how much it reads ahead. */
    static final int SYSTEM_BUFFER = 0;

    private static final int PATIENCE_MILLIS = 10_000;

    /** Straight to the server. */
    public static Door of(ServerProcess server) {
        return new Door(server.address(), server.tls(), server.authority());
    }

    /** The same server through {@code proxy}. */
    public Door through(CuttingProxy proxy) {
        return new Door(proxy.address(), tls, authority);
    }

    /** The Origin of the server's own pages. */
    public String origin() {
        return "https://" + authority;
    }

    /** A connection, encrypted, with the server's certificate checked. */
    Secured open() throws IOException {
        return open(SYSTEM_BUFFER);
    }

    /** The same, with a bound on what the operating system reads ahead, bytes. */
    Secured open(int receiveBufferBytes) throws IOException {
        Socket tcp = new Socket();
        try {
            if (receiveBufferBytes != SYSTEM_BUFFER) {
                tcp.setReceiveBufferSize(receiveBufferBytes);
            }
            tcp.setTcpNoDelay(true);
            tcp.connect(route, PATIENCE_MILLIS);
            tcp.setSoTimeout(PATIENCE_MILLIS);
            String host = authority.substring(0, authority.lastIndexOf(':'));
            SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(tcp, host, route.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return new Secured(tcp, socket);
        } catch (IOException e) {
            tcp.close();
            throw e;
        }
    }

    /** A TLS socket and what carries it: closing the latter never waits for the peer. */
    record Secured(Socket tcp, SSLSocket socket) {}
}
