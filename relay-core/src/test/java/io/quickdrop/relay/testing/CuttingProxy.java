package io.quickdrop.relay.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * A TCP proxy on loopback that cuts, or holds up, what goes from client to server at an exact byte. Safe on any thread.
 */
public final class CuttingProxy implements AutoCloseable {
    private static final int PIECE_BYTES = 8192;

    private final ServerSocket entrance;
    private final Set<Socket> sockets = new HashSet<>();
    private int targetPort;
    private long passedBytes;
    private final Deque<Long> cuts = new ArrayDeque<>();
    private long holdAt = Long.MAX_VALUE;
    private int connections;
    private boolean closed;

    /** Listens on a free port, and passes on to {@code targetPort}. */
    public CuttingProxy(int targetPort) throws IOException {
        this.targetPort = targetPort;
        this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** Where clients connect. */
    public int port() {
        return entrance.getLocalPort();
    }

    /** New connections go there from now on. */
    public synchronized void passOnTo(int port) {
        targetPort = port;
    }

    /**
     * Cuts the connection that carries a byte, both directions, without a word; once for each.
     *
     * @param totals counts of {@link #passedBytes}, rising
     */
    public synchronized void cutAt(long... totals) {
        for (long total : totals) {
            cuts.add(total);
        }
    }

    /** Passes so many more bytes to the server and then none until {@link #release}. */
    public synchronized void holdAfter(long bytes) {
        holdAt = passedBytes + bytes;
    }

    /** Ends {@link #holdAfter}. */
    public synchronized void release() {
        holdAt = Long.MAX_VALUE;
        notifyAll();
    }

    /** Bytes passed to the server so far, over all connections. */
    public synchronized long passedBytes() {
        return passedBytes;
    }

    /** Connections accepted so far. */
    public synchronized int connections() {
        return connections;
    }

    /** Cuts every connection now. */
    public synchronized void cutAll() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        synchronized (this) {
            closed = true;
            notifyAll();
            cutAll();
        }
    }

    private void accept() {
        while (true) {
            try {
                Socket client = entrance.accept();
                connect(client);
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void connect(Socket client) throws IOException {
        int port;
        synchronized (this) {
            port = targetPort;
            connections++;
        }
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), port);
        } catch (IOException e) {
            client.close(); // nobody there: the client sees its connection break
            return;
        }
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        synchronized (this) {
            sockets.add(client);
            sockets.add(server);
        }
        start(() -> pump(client, server, true));
        start(() -> pump(server, client, false));
    }

    private void pump(Socket from, Socket to, boolean upwards) {
        byte[] piece = new byte[PIECE_BYTES];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(piece); length > 0; length = in.read(piece)) {
                if (!upwards) {
                    out.write(piece, 0, length);
                } else if (!passUp(piece, length, out)) {
                    return;
                }
            }
        } catch (IOException | InterruptedException e) {
            // one side is gone: leaving closes the other
        }
    }

    private boolean passUp(byte[] piece, int length, OutputStream out) throws IOException, InterruptedException {
        for (int done = 0; done < length; ) {
            int part;
            boolean cut;
            synchronized (this) {
                while (passedBytes >= holdAt && !closed) {
                    wait();
                }
                long nextCut = cuts.isEmpty() ? Long.MAX_VALUE : cuts.getFirst();
                part = (int) Math.min(length - done, Math.min(nextCut, holdAt) - passedBytes);
                passedBytes += part;
                cut = passedBytes >= nextCut;
                if (cut) {
                    cuts.removeFirst();
                }
            }
            out.write(piece, done, part);
            if (cut) {
                return false;
            }
            done += part;
        }
        return true;
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "cutting-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
