package io.quickdrop.server.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A cable between a store and who uses it. Pulled out, whatever is on it stays half open for ever: bytes vanish, and nobody is
 * told. Connections that are made while it is out do not get through either.
 */
final class Wire implements AutoCloseable {
    private final ServerSocket server;
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile boolean out;

    /** @param target port of 127.0.0.1 */
    Wire(int target) throws IOException {
        this.target = target;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        run(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Nothing passes any more. */
    void pullOut() {
        out = true;
    }

    /** New connections pass again; those from before do not come back. */
    void plugIn() {
        out = false;
    }

    private void accept() {
        try {
            while (true) {
                Socket near = server.accept();
                sockets.add(near);
                if (out) {
                    continue;
                }
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(far);
                run(() -> copy(near, far));
                run(() -> copy(far, near));
            }
        } catch (IOException e) {
            // The test has closed the wire.
            closeAll();
        }
    }

    private void copy(Socket from, Socket to) {
        boolean lost = false;
        byte[] bytes = new byte[8192];
        try (InputStream in = from.getInputStream();
                OutputStream on = to.getOutputStream()) {
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                lost |= out;
                if (!lost) {
                    on.write(bytes, 0, read);
                }
            }
        } catch (IOException e) {
            // One end is gone: closing the streams tells the other, as a cable that is in does.
            lost |= out;
        }
    }

    private static void run(Runnable task) {
        Thread thread = new Thread(task, "wire");
        thread.setDaemon(true);
        thread.start();
    }

    private void closeAll() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new IllegalStateException("the test's socket does not close", e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        closeAll();
    }
}
