package io.quickdrop.system.harness;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/**
 * The server's side of SOCKS 5 (RFC 1928) without authentication: by it a Java program that knows nothing of proxies goes
 * through one, and still says the right Host.
 */
final class Socks5 {
    private static final byte VERSION = 5;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;

    private Socks5() {}

    /** Reads where a client wants to go; it leads to one place all the same. */
    static void listen(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        OutputStream out = client.getOutputStream();
        expect(VERSION, in.readByte());
        in.skipNBytes(in.readUnsignedByte());
        out.write(new byte[] {VERSION, 0});
        expect(VERSION, in.readByte());
        in.skipNBytes(2);
        int type = in.readUnsignedByte();
        int address =
                switch (type) {
                    case IPV4 -> 4;
                    case IPV6 -> 16;
                    case NAME -> in.readUnsignedByte();
                    default -> throw new IOException("found address type " + type + "; allowed are 1, 3 and 4");
                };
        in.skipNBytes(address + 2);
    }

    /** Says that the way is open. */
    static void open(Socket client) throws IOException {
        client.getOutputStream().write(new byte[] {VERSION, 0, 0, IPV4, 0, 0, 0, 0, 0, 0});
    }

    private static void expect(byte expected, byte found) throws IOException {
        if (found != expected) {
            throw new IOException("found SOCKS version " + found + "; allowed is " + expected);
        }
    }
}
