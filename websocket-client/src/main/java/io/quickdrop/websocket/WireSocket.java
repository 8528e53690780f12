package io.quickdrop.websocket;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.security.PublicKey;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The socket that Java-WebSocket's client is given instead of one of its own, for what that client has no means: a
 * deadline on the TLS handshake, a count of the bytes that wait, reads that can be held back, and an {@link #abort} that
 * never waits for the peer (an {@link SSLSocket} whose writer is stuck can't be closed: it wants to say goodbye first).
 *
 * <p>Safe on any thread.
 */
final class WireSocket extends Socket {
    /** A TLS record: written bytes are counted off in such pieces. */
    private static final int PIECE_BYTES = 16 * 1024;

    private final String host;
    private final @Nullable SSLContext tls;
    private final boolean checksHostName;
    private final AtomicLong pendingBytes = new AtomicLong();
    private final Object gate = new Object();

    private volatile Socket tcp = new Socket();
    private volatile @Nullable SSLSocket secured;
    private volatile boolean closed;
    private boolean paused;

    /**
     * Makes an unconnected socket.
     *
     * @param host name or address as the user gave it
     * @param tls whom to trust; {@code null} for no TLS
     * @param checksHostName whether the certificate must name {@code host}
     */
    WireSocket(String host, @Nullable SSLContext tls, boolean checksHostName) {
        this.host = host;
        this.tls = tls;
        this.checksHostName = checksHostName;
    }

    /** Bytes were queued for this socket. */
    void queued(long bytes) {
        pendingBytes.addAndGet(bytes);
    }

    /** Bytes that were queued and have not reached the operating system. */
    long pendingBytes() {
        return pendingBytes.get();
    }

    /** The handshakes are over: from now on silence is for the heartbeat to judge. */
    void established() throws SocketException {
        tcp.setSoTimeout(0);
    }

    /** Holds the next read back. */
    void pauseReading() {
        synchronized (gate) {
            paused = true;
        }
    }

    /** Lets reads through again. */
    void resumeReading() {
        synchronized (gate) {
            paused = false;
            gate.notifyAll();
        }
    }

    /** Frees the socket at once, whatever its threads are doing. */
    void abort() {
        synchronized (gate) {
            closed = true;
            gate.notifyAll();
        }
        try {
            tcp.close();
        } catch (IOException ignored) {
            // it is gone all the same
        }
    }

    /** Connects to the first address of the host that answers, as browsers do. */
    @Override
    public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
        int port = ((InetSocketAddress) endpoint).getPort();
        IOException failure = null;
        for (InetAddress address : InetAddress.getAllByName(host)) {
            try {
                connectTo(new InetSocketAddress(address, port), timeoutMillis);
                return;
            } catch (SSLException e) {
                throw e; // somebody is there: another address would not help
            } catch (IOException e) {
                failure = e;
            }
            if (closed) {
                break;
            }
        }
        throw failure == null ? new IOException("no address for " + host) : failure;
    }

    private void connectTo(InetSocketAddress address, int timeoutMillis) throws IOException {
        Socket fresh = new Socket();
        fresh.setTcpNoDelay(true);
        tcp = fresh;
        if (closed) {
            throw new SocketException("closed");
        }
        try {
            fresh.connect(address, timeoutMillis);
            fresh.setSoTimeout(timeoutMillis);
            if (tls != null) {
                secured = handshake(fresh, tls);
            }
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
    }

    private SSLSocket handshake(Socket connected, SSLContext context) throws IOException {
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(connected, host, connected.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        if (checksHostName) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** The key in the server's own certificate; empty without TLS. Asked when the handshakes are over. */
    Optional<PublicKey> serverKey() throws SSLPeerUnverifiedException {
        SSLSocket tlsSocket = secured;
        return tlsSocket == null
                ? Optional.empty()
                : Optional.of(tlsSocket.getSession().getPeerCertificates()[0].getPublicKey());
    }

    private Socket stream() {
        SSLSocket tlsSocket = secured;
        return tlsSocket == null ? tcp : tlsSocket;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new GatedInput(stream().getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new MeteredOutput(stream().getOutputStream());
    }

    /** Closes in order; called by the library's writer when it has nothing left to write. */
    @Override
    public synchronized void close() throws IOException {
        synchronized (gate) {
            closed = true;
            gate.notifyAll();
        }
        stream().close();
    }

    @Override
    public boolean isConnected() {
        return tcp.isConnected();
    }

    @Override
    public boolean isClosed() {
        return closed || tcp.isClosed();
    }

    @Override
    public void setTcpNoDelay(boolean on) {
        // always on, see connectTo
    }

    @Override
    public void setReuseAddress(boolean on) {
        // means nothing to a client
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return tcp.getLocalSocketAddress();
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return tcp.getRemoteSocketAddress();
    }

    private final class GatedInput extends FilterInputStream {
        GatedInput(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            awaitGate();
            return in.read(target, offset, length);
        }

        private void awaitGate() throws IOException {
            synchronized (gate) {
                while (paused && !closed) {
                    try {
                        gate.wait();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new InterruptedIOException("interrupted while reading is paused");
                    }
                }
            }
        }
    }

    private final class MeteredOutput extends FilterOutputStream {
        MeteredOutput(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            for (int done = 0; done < length; done += PIECE_BYTES) {
                int piece = Math.min(PIECE_BYTES, length - done);
                out.write(source, offset + done, piece);
                pendingBytes.addAndGet(-piece);
            }
        }
    }
}
