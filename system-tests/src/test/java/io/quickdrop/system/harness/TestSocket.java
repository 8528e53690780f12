package io.quickdrop.system.harness;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket (RFC 6455) by hand, which can also say what no library would. Reading and writing may be done by two
 * threads; each by one at a time.
 */
public final class TestSocket implements AutoCloseable {
    /** Opcodes of RFC 6455 section 5.2. */
    public static final int TEXT = 1;

    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private static final int FIN = 0x80;
    private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};

    private final Door.Secured secured;
    private final DataInputStream in;
    private final OutputStream out;
    private final RawHttp.Answer answer;
    private volatile long bytesPerSecond = Long.MAX_VALUE;

    /**
     * A frame.
     *
     * @param last its FIN bit
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier that nobody compares
    public record Frame(int opcode, boolean last, byte[] payload) {
        /** The payload of a text. */
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** The code of a close; 1005 if it has none. */
        public int closeCode() {
            return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xffff;
        }

        /** The words of a close. */
        public String closeReason() {
            return payload.length < 2 ? "" : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }
    }

    /**
     * What an upgrade asks for.
     *
     * @param headers besides the obligatory ones; may replace them
     */
    public record Upgrade(Map<String, String> headers) {
        /** As v1 clients outside browsers: neither Origin nor subprotocol. */
        public static Upgrade v1() {
            return new Upgrade(Map.of());
        }

        /** As our pages on the server's own machine. */
        public static Upgrade v2(Door door) {
            return new Upgrade(Map.of("Origin", door.origin(), "Sec-WebSocket-Protocol", "quickdrop.v2"));
        }

        /** As a desktop's agent, which has a key to prove and no Origin. */
        public static Upgrade agent() {
            return new Upgrade(Map.of("Authorization", "Agent", "Sec-WebSocket-Protocol", "quickdrop.v2"));
        }

        /** As our phone page with a key. */
        public static Upgrade v2(Door door, String key) {
            return v2(door).with("Sec-WebSocket-Protocol", "quickdrop.v2, quickdrop.token." + key);
        }

        /** With another header; {@code null} leaves it out. */
        public Upgrade with(String name, @Nullable String value) {
            Map<String, String> changed = new LinkedHashMap<>(headers);
            if (value == null) {
                changed.remove(name);
            } else {
                changed.put(name, value);
            }
            return new Upgrade(changed);
        }
    }

    private TestSocket(Door.Secured secured, RawHttp.Answer answer) throws IOException {
        this.secured = secured;
        this.answer = answer;
        this.in = new DataInputStream(
                new BufferedInputStream(new PacedStream(secured.socket().getInputStream()), 1 << 16));
        this.out = secured.socket().getOutputStream();
    }

    /** Asks for an upgrade at {@code /ws}; see {@link #upgraded} for the answer. */
    public static TestSocket open(Door door, Upgrade upgrade) throws IOException {
        return open(door, upgrade, "/ws", Door.SYSTEM_BUFFER);
    }

    /**
     * Asks for an upgrade.
     *
     * @param target path and query
     * @param receiveBufferBytes how much the system reads ahead of us
     */
    public static TestSocket open(Door door, Upgrade upgrade, String target, int receiveBufferBytes)
            throws IOException {
        Door.Secured secured = door.open(receiveBufferBytes);
        try {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("Host", door.authority());
            headers.put("Connection", "Upgrade");
            headers.put("Upgrade", "websocket");
            headers.put("Sec-WebSocket-Version", "13");
            headers.put("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==");
            headers.putAll(upgrade.headers);
            StringBuilder head = new StringBuilder("GET " + target + " HTTP/1.1\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            secured.socket()
                    .getOutputStream()
                    .write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
            return new TestSocket(secured, RawHttp.read(secured.socket().getInputStream(), false));
        } catch (IOException | RuntimeException e) {
            secured.tcp().close();
            throw e;
        }
    }

    /** The server's answer to the upgrade. */
    public RawHttp.Answer answer() {
        return answer;
    }

    /** Whether the server switched protocols. */
    public boolean upgraded() {
        return answer.status() == 101;
    }

    /** Reads no faster than this from now on: a slow link's receiver, or a slow machine. */
    public void pace(long readBytesPerSecond) {
        bytesPerSecond = readBytesPerSecond;
    }

    /** SHA-256 of the key in the certificate that the server shows, lower-case hex, as agents sign it. */
    public String serverKey() throws IOException {
        try {
            byte[] key = secured.socket()
                    .getSession()
                    .getPeerCertificates()[0]
                    .getPublicKey()
                    .getEncoded();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** How long a read may wait, milliseconds; 0 for ever. */
    public void patience(int millis) throws IOException {
        secured.tcp().setSoTimeout(millis);
    }

    /** Sends a text frame. */
    public void text(String text) throws IOException {
        frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a binary frame. */
    public void binary(byte[] payload) throws IOException {
        frame(BINARY, payload);
    }

    /** Sends a whole frame, masked as RFC 6455 section 5.3 asks of clients. */
    public void frame(int opcode, byte[] payload) throws IOException {
        byte[] bytes = new byte[14 + payload.length];
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        header(frame, FIN | opcode, payload.length);
        frame.put(MASK);
        int start = frame.position();
        frame.put(payload);
        for (int i = 0; i < payload.length; i++) {
            bytes[start + i] ^= MASK[i & 3];
        }
        raw(bytes, frame.position());
    }

    /** Announces a masked frame of {@code length} bytes, whose payload is to follow by {@link #raw}, masked with zeros. */
    public void announce(int opcode, long length) throws IOException {
        byte[] bytes = new byte[14];
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        header(frame, FIN | opcode, length);
        frame.putInt(0);
        raw(bytes, frame.position());
    }

    private static void header(ByteBuffer frame, int first, long length) {
        frame.put((byte) first);
        if (length < 126) {
            frame.put((byte) (0x80 | length));
        } else if (length <= 0xffff) {
            frame.put((byte) (0x80 | 126)).putShort((short) length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(length);
        }
    }

    /** Sends bytes as they are. */
    public void raw(byte[] bytes, int count) throws IOException {
        out.write(bytes, 0, count);
        out.flush();
    }

    /** The next frame, whatever it is. Servers don't mask. */
    public Frame read() throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        long length = second & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        byte[] payload = new byte[Math.toIntExact(length)];
        in.readFully(payload);
        return new Frame(first & 0x0f, (first & FIN) != 0, payload);
    }

    /**
     * The next message of this type; pings on the way are answered, everything else is passed over.
     *
     * @throws AssertionError if the connection ends instead
     */
    public JsonObject message(String type) throws IOException {
        while (true) {
            Frame frame = read();
            if (frame.opcode() == TEXT) {
                JsonObject message = JsonParser.parseString(frame.text()).getAsJsonObject();
                if (message.get("type").getAsString().equals(type)) {
                    return message;
                }
            } else if (frame.opcode() == PING) {
                frame(PONG, frame.payload());
            } else if (frame.opcode() == CLOSE) {
                throw new AssertionError("closed with " + frame.closeCode() + " '" + frame.closeReason()
                        + "' while waiting for '" + type + "'");
            }
        }
    }

    /** Reads on until the server closes, and returns its code; 1006 if it ends the connection without one. */
    public int closeCode() {
        try {
            while (true) {
                Frame frame = read();
                if (frame.opcode() == CLOSE) {
                    return frame.closeCode();
                }
                if (frame.opcode() == PING) {
                    frame(PONG, frame.payload());
                }
            }
        } catch (SocketTimeoutException stillOpen) {
            throw new AssertionError("the server does not close", stillOpen);
        } catch (IOException ended) {
            return 1006;
        }
    }

    /** Says a code and lets go. */
    public void close(int code, String reason) throws IOException {
        byte[] words = reason.getBytes(StandardCharsets.UTF_8);
        frame(
                CLOSE,
                ByteBuffer.allocate(2 + words.length)
                        .putShort((short) code)
                        .put(words)
                        .array());
    }

    /** Frees the socket at once and without a word. */
    @Override
    public void close() {
        try {
            secured.tcp().close();
        } catch (IOException ignored) {
            // it is gone all the same
        }
    }

    /** Reads little by little, ten times a second, where {@link #pace} says so. */
    private final class PacedStream extends FilterInputStream {
        PacedStream(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            long rate = bytesPerSecond;
            if (rate == Long.MAX_VALUE) {
                return super.read(bytes, offset, length);
            }
            int count = super.read(bytes, offset, (int) Math.max(1, Math.min(length, rate / 10)));
            LockSupport.parkNanos(Math.max(0, count) * 1_000_000_000L / rate);
            return count;
        }
    }
}
