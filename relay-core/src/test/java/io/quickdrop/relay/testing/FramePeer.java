package io.quickdrop.relay.testing;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A WebSocket end written by hand (RFC 6455, without fragments), to put transports to the test: it stops reading its
 * socket when told, and drops it without a word. Sends block while the other end does not read. Safe on any thread.
 */
public final class FramePeer {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};

    /** What this end hears, on its reading thread. */
    public interface Heard {
        /** A text frame came. */
        void text(String text);

        /** A binary frame came. */
        void binary(ByteBuffer payload);

        /** The connection is gone; 1006 without a close frame. */
        void closed(int code);
    }

    private final Socket socket;
    private final boolean masks;
    private final Heard heard;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final Object gate = new Object();
    private boolean stopped;

    private FramePeer(Socket socket, boolean masks, Heard heard) throws IOException {
        this.socket = socket;
        this.masks = masks;
        this.heard = heard;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
        socket.setTcpNoDelay(true);
    }

    /** Connects to a server on loopback. */
    public static FramePeer client(int port, String subprotocol, Heard heard) throws IOException {
        FramePeer peer = new FramePeer(new Socket(InetAddress.getLoopbackAddress(), port), true, heard);
        peer.head("GET / HTTP/1.1\r\nHost: localhost:" + port + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + "Sec-WebSocket-Protocol: " + subprotocol + "\r\n\r\n");
        for (String line = peer.line(); !line.isEmpty(); line = peer.line()) {
            // only what a 101 says: frames follow
        }
        peer.start();
        return peer;
    }

    /** Answers the handshake of a client that has connected. */
    public static FramePeer server(Socket accepted, String subprotocol, Heard heard) throws IOException {
        FramePeer peer = new FramePeer(accepted, false, heard);
        String key = "";
        for (String line = peer.line(); !line.isEmpty(); line = peer.line()) {
            if (line.startsWith("Sec-WebSocket-Key: ")) {
                key = line.substring("Sec-WebSocket-Key: ".length());
            }
        }
        peer.head("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Protocol: " + subprotocol + "\r\nSec-WebSocket-Accept: " + accept(key) + "\r\n\r\n");
        peer.start();
        return peer;
    }

    /** Sends a text frame. */
    public void sendText(String text) throws IOException {
        send(1, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a binary frame. */
    public void sendBinary(byte[] payload) throws IOException {
        send(2, payload);
    }

    /** Reads nothing more behind the frame that it may be reading. */
    public void stopReading() {
        synchronized (gate) {
            stopped = true;
        }
    }

    /** Reads again. */
    public void startReading() {
        synchronized (gate) {
            stopped = false;
            gate.notifyAll();
        }
    }

    /** Sends a close frame with 1000. */
    public void close() throws IOException {
        send(8, new byte[] {3, (byte) 232});
    }

    /** Closes the socket without a close frame. */
    public void drop() throws IOException {
        socket.close();
        startReading();
    }

    private void start() {
        Thread thread = new Thread(this::read, "frame-peer");
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        int code = 1006;
        try {
            while (true) {
                synchronized (gate) {
                    while (stopped) {
                        gate.wait();
                    }
                }
                int opcode = in.readUnsignedByte() & 0x0f;
                byte[] payload = payload();
                if (opcode == 1) {
                    heard.text(new String(payload, StandardCharsets.UTF_8));
                } else if (opcode == 2) {
                    heard.binary(ByteBuffer.wrap(payload));
                } else if (opcode == 9) {
                    send(10, payload);
                } else if (opcode == 8) {
                    code = payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xffff;
                    send(8, payload);
                    break;
                }
            }
        } catch (IOException | InterruptedException gone) {
            // told below
        }
        heard.closed(code);
        try {
            socket.close();
        } catch (IOException ignored) {
            // it is gone all the same
        }
    }

    private byte[] payload() throws IOException {
        int second = in.readUnsignedByte();
        int length = second & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        byte[] mask = (second & 0x80) == 0 ? new byte[4] : in.readNBytes(4);
        byte[] payload = new byte[length];
        in.readFully(payload);
        for (int i = 0; i < length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return payload;
    }

    private synchronized void send(int opcode, byte[] payload) throws IOException {
        int maskBit = masks ? 0x80 : 0;
        out.writeByte(0x80 | opcode);
        if (payload.length < 126) {
            out.writeByte(maskBit | payload.length);
        } else if (payload.length <= 0xffff) {
            out.writeByte(maskBit | 126);
            out.writeShort(payload.length);
        } else {
            out.writeByte(maskBit | 127);
            out.writeLong(payload.length);
        }
        byte[] bytes = payload.clone();
        if (masks) {
            out.write(MASK);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] ^= MASK[i % 4];
            }
        }
        out.write(bytes);
        out.flush();
    }

    private synchronized void head(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the handshake ends early");
            } else if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
