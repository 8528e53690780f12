package io.quickdrop.system.harness;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 request with exactly the headers that a test wants, Host and Origin included. */
public final class RawHttp {
    private final Door door;
    private final String method;
    private final String target;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private byte[] body = new byte[0];

    private RawHttp(Door door, String method, String target) {
        this.door = door;
        this.method = method;
        this.target = target;
        headers.put("Host", door.authority());
        headers.put("Connection", "close");
    }

    /**
     * An answer.
     *
     * @param headers by lower-case name
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier that nobody compares
    public record Answer(int status, Map<String, String> headers, byte[] body) {
        /** A header's value. */
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
        }

        /** The body as text. */
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The body as a JSON object. */
        public JsonObject json() {
            return JsonParser.parseString(text()).getAsJsonObject();
        }
    }

    /** A GET without Origin. */
    public static RawHttp get(Door door, String target) {
        return new RawHttp(door, "GET", target);
    }

    /** Any method, with the Origin of the server's own pages. */
    public static RawHttp fromPage(Door door, String method, String target) {
        return new RawHttp(door, method, target).header("Origin", door.origin());
    }

    /** Any method without Origin, as no browser would send it. */
    public static RawHttp bare(Door door, String method, String target) {
        return new RawHttp(door, method, target);
    }

    /** Sets a header, or leaves it out with {@code null}. */
    public RawHttp header(String name, @Nullable String value) {
        if (value == null) {
            headers.remove(name);
        } else {
            headers.put(name, value);
        }
        return this;
    }

    /** Sets a JSON body. */
    public RawHttp json(String text) {
        body = text.getBytes(StandardCharsets.UTF_8);
        return header("Content-Type", "application/json").header("Content-Length", Integer.toString(body.length));
    }

    /** Sets a body of bytes. */
    public RawHttp bytes(byte[] bytes) {
        body = bytes.clone();
        return header("Content-Length", Integer.toString(body.length));
    }

    /** Sends it on a connection of its own and reads the answer to the end. */
    public Answer send() {
        Door.Secured secured = null;
        try {
            secured = door.open();
            var out = secured.socket().getOutputStream();
            out.write(head().getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
            return read(secured.socket().getInputStream(), method.equals("HEAD"));
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + target + " on " + door.authority(), e);
        } finally {
            close(secured);
        }
    }

    private String head() {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString();
    }

    static Answer read(InputStream in, boolean withoutBody) throws IOException {
        String head = readHead(in);
        String[] lines = head.split("\r\n", -1);
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.put(
                        lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip());
            }
        }
        int status = Integer.parseInt(lines[0].split(" ", -1)[1]);
        String length = headers.get("content-length");
        boolean none = withoutBody || status == 101 || status == 204 || status == 304;
        byte[] body = none ? new byte[0] : length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
        return new Answer(status, headers, body);
    }

    /** Up to the blank line, byte by byte: what follows belongs to somebody else. */
    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended in the head of the answer: '"
                        + head.toString(StandardCharsets.ISO_8859_1) + "'");
            }
            head.write(next);
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    private static void close(Door.@Nullable Secured secured) {
        if (secured != null) {
            try {
                secured.tcp().close();
            } catch (IOException ignored) {
                // it is gone all the same
            }
        }
    }
}
