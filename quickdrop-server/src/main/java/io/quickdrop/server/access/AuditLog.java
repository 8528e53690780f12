package io.quickdrop.server.access;

import com.google.gson.JsonObject;
import io.quickdrop.server.privatefile.PrivateFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Who did what, when, with what result: {@code <dataDir>/audit.log}, one JSON object per line, for its owner alone.
 *
 * <p>Each line holds the SHA-256 of the line before it, so that a changed, moved or deleted line shows in {@link
 * AuditTrail#verify}; lines cut from the end don't. A line that a crash tore stays as it is, and the next line notes it.
 * At {@code maxBytes} the file becomes {@code audit.1.log}, replacing the one before, and the chain goes on in a new
 * file: twice {@code maxBytes} is the most that lies on the disk.
 *
 * <p>Callers pass no secrets and no payloads. Safe on any thread; each call waits until its line is on the disk.
 */
public final class AuditLog implements Closeable {
    /** About 80,000 lines. */
    public static final long DEFAULT_MAX_BYTES = 16L * 1024 * 1024;

    /** What the first line of all holds as the hash of the line before it. */
    static final String BEGINNING = "0".repeat(64);

    /** What {@code what} says in the line after a torn one. */
    static final String TORN_LINE = "torn_line";

    /** Longest value of a field, characters: a line stays below {@link #MAX_LINE_BYTES}, and peers can't fill the file. */
    static final int MAX_VALUE_CHARS = 256;

    /** Four values, each character at most six bytes of JSON, and the rest. */
    static final int MAX_LINE_BYTES = 8 * 1024;

    private static final byte LINE_FEED = '\n';

    private final Path file;
    private final long maxBytes;
    private final InstantSource clock;
    private FileChannel channel;
    private String previousHash = BEGINNING;

    private AuditLog(Path file, long maxBytes, InstantSource clock, FileChannel channel) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.clock = clock;
        this.channel = channel;
    }

    /** Opens the log in {@code dataDirectory} and goes on where it ended; see {@link #DEFAULT_MAX_BYTES}. */
    public static AuditLog open(Path dataDirectory, long maxBytes, InstantSource clock) throws IOException {
        PrivateFile.createDirectory(dataDirectory);
        Path file = dataDirectory.resolve("audit.log");
        AuditLog log = new AuditLog(file, maxBytes, clock, PrivateFile.openForAppend(file));
        try {
            log.continueChain();
            return log;
        } catch (IOException e) {
            log.close();
            throw e;
        }
    }

    /**
     * Appends one line.
     *
     * @param who {@link Principal#inAuditLog()}, with the remote address where it matters
     * @param what the action in snake_case, for example {@code device_revoked}
     * @param object what it was done to, by id; empty for nothing
     * @param result {@code ok}, or the error's name
     */
    public synchronized void record(String who, String what, String object, String result) throws IOException {
        if (channel.size() >= maxBytes) {
            startNewFile();
        }
        append(who, what, object, result);
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
    }

    private void append(String who, String what, String object, String result) throws IOException {
        JsonObject line = new JsonObject();
        line.addProperty("when", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
        line.addProperty("who", bounded(who));
        line.addProperty("what", bounded(what));
        line.addProperty("object", bounded(object));
        line.addProperty("result", bounded(result));
        line.addProperty("prev", previousHash);
        byte[] bytes = line.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer out =
                ByteBuffer.allocate(bytes.length + 1).put(bytes).put(LINE_FEED).flip();
        long start = channel.size();
        try {
            while (out.hasRemaining()) {
                channel.write(out);
            }
            channel.force(false);
        } catch (IOException e) {
            // A full disk may take half a line; without it the next line still continues the chain.
            channel.truncate(start);
            throw e;
        }
        previousHash = hash(bytes);
    }

    private void continueChain() throws IOException {
        byte[] tail = tail(file);
        if (tail.length == 0) {
            previousHash = lastHash(older(file));
            return;
        }
        boolean torn = tail[tail.length - 1] != LINE_FEED;
        previousHash = hash(lastLine(tail));
        if (torn) {
            channel.write(ByteBuffer.wrap(new byte[] {LINE_FEED}));
            append("server", TORN_LINE, "", "the line before this one was cut off by a crash");
        }
    }

    private void startNewFile() throws IOException {
        channel.close();
        Files.move(file, older(file), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        channel = PrivateFile.openForAppend(file);
    }

    static Path older(Path file) {
        return file.resolveSibling("audit.1.log");
    }

    static String hash(byte[] line) {
        return HexFormat.of().formatHex(Token.sha256(line));
    }

    /** The hash of the last line of {@code file}; {@link #BEGINNING} if there is none. */
    private static String lastHash(Path file) throws IOException {
        byte[] tail = Files.exists(file) ? tail(file) : new byte[0];
        return tail.length == 0 ? BEGINNING : hash(lastLine(tail));
    }

    /** The end of the file, enough for its last line. */
    private static byte[] tail(Path file) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            long from = Math.max(0, in.size() - 2L * MAX_LINE_BYTES);
            ByteBuffer tail = ByteBuffer.allocate((int) (in.size() - from));
            while (tail.hasRemaining() && in.read(tail, from + tail.position()) >= 0) {
                // Reads until the end; a short read is no end.
            }
            return Arrays.copyOf(tail.array(), tail.position());
        }
    }

    /** The last line without its line feed, torn or not. */
    private static byte[] lastLine(byte[] tail) {
        int end = tail[tail.length - 1] == LINE_FEED ? tail.length - 1 : tail.length;
        int start = end;
        while (start > 0 && tail[start - 1] != LINE_FEED) {
            start--;
        }
        return Arrays.copyOfRange(tail, start, end);
    }

    private static String bounded(String value) {
        return value.length() <= MAX_VALUE_CHARS ? value : value.substring(0, MAX_VALUE_CHARS) + "…";
    }
}
