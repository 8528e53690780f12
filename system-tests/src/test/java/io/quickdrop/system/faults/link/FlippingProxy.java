package io.quickdrop.system.faults.link;

import io.quickdrop.server.addresses.HostName;
import io.quickdrop.server.tls.ServerCertificate;
import io.quickdrop.server.tls.TlsDirectory;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ServerProcess;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * Damages what TLS would protect: it ends the client's TLS with the server's own certificate, begins its own to the
 * server, and flips bits of the WebSocket messages in between, on their way up. Two threads per connection.
 */
final class FlippingProxy implements AutoCloseable {
    /** Decides about each message, in order; called by one thread per connection. */
    interface Flipper {
        /**
         * May change {@code payload}, as the client meant it.
         *
         * @param opcode of RFC 6455, section 5.2
         */
        void flip(int opcode, byte[] payload);
    }

    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7f;

    private final ServerProcess target;
    private final SSLServerSocket listening;
    private final Flipper flipper;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** @param ownTls of {@link #tlsOf} the same server */
    FlippingProxy(ServerProcess target, SSLContext ownTls, Flipper flipper) throws IOException {
        this.target = target;
        this.flipper = flipper;
        listening = (SSLServerSocket)
                ownTls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon("flipping-accept", this::accept);
    }

    /** What the server itself shows to clients. */
    static SSLContext tlsOf(ServerProcess server) throws IOException {
        Path copy = Files.createTempDirectory("tls-of-server");
        Path tls = Files.createDirectory(copy.resolve("tls"));
        for (String file : Set.of("ca.pem", "ca.crt", "server.pem")) {
            Files.copy(server.caFile().resolveSibling(file), tls.resolve(file));
        }
        TlsDirectory directory = new TlsDirectory(copy, Clock.systemUTC());
        Set<HostName> hosts = Set.of(HostName.parse("localhost").orElseThrow());
        ServerCertificate certificate = directory.certificate(directory.authority(hosts), hosts);
        char[] password = new char[0];
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", certificate.key(), password, certificate.chain());
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("the server's own key can't be used", e);
        }
    }

    /** The server through this proxy. */
    Door door() {
        Door straight = Door.of(target);
        return new Door(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.getLocalPort()),
                straight.tls(),
                straight.authority());
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                sockets.add(client);
                daemon("flipping-up", () -> connect(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        try (client;
                Socket server = target.tls().getSocketFactory().createSocket()) {
            sockets.add(server);
            server.connect(target.address(), 10_000);
            daemon("flipping-down", () -> copyDown(server, client));
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream out = server.getOutputStream();
            out.write(head(in));
            while (true) {
                out.write(frame(in));
            }
        } catch (IOException over) {
            // one side is gone: leaving closes the other
        }
    }

    private static void copyDown(Socket server, Socket client) {
        try (server;
                client) {
            server.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException over) {
            // one side is gone: leaving closes the other
        }
    }

    /** The request to upgrade, which is passed on as it is. */
    private static byte[] head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int last = 0; last != 0x0d0a0d0a; ) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended within the request");
            }
            head.write(next);
            last = last << 8 | next;
        }
        return head.toByteArray();
    }

    /** One frame, as it goes on. Clients send whole messages, masked (RFC 6455, section 5.3). */
    private byte[] frame(DataInputStream in) throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        int lengthBytes =
                switch (second & LENGTH) {
                    case 126 -> 2;
                    case 127 -> 8;
                    default -> 0;
                };
        byte[] extended = in.readNBytes(lengthBytes);
        int length =
                switch (lengthBytes) {
                    case 2 -> ByteBuffer.wrap(extended).getShort() & 0xffff;
                    case 8 -> Math.toIntExact(ByteBuffer.wrap(extended).getLong());
                    default -> second & LENGTH;
                };
        if ((second & MASKED) == 0) {
            throw new IOException("found a frame without a mask");
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new IOException("ended within a frame");
        }
        unmask(mask, payload);
        flipper.flip(first & 0x0f, payload);
        unmask(mask, payload);
        return ByteBuffer.allocate(2 + lengthBytes + 4 + length)
                .put((byte) first)
                .put((byte) second)
                .put(extended)
                .put(mask)
                .put(payload)
                .array();
    }

    private static void unmask(byte[] mask, byte[] payload) {
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i & 3];
        }
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
