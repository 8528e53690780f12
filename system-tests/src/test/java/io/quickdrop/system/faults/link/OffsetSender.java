package io.quickdrop.system.faults.link;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.quickdrop.protocol.Chunk;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.TestSocket;
import io.quickdrop.system.harness.TestSocket.Frame;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/**
 * A client that sends chunks out of place, and knows what the server has to answer to each: it keeps the only truth there
 * is, how far the bytes have come. For one thread.
 */
final class OffsetSender {
    /** Where a chunk lies, seen from the end of what has come. */
    enum Kind {
        IN_PLACE,
        /** All of it came before. */
        DUPLICATE,
        /** Its beginning came before. */
        OVERLAP,
        /** Its beginning came before, and was different. */
        CONFLICT,
        /** It begins a little behind the end. */
        GAP,
        /** It begins behind everything that will ever be. */
        PAST_END,
        /** It would end behind the longest recording that is allowed. */
        TOO_FAR,
        /** Its offset has the highest bit. */
        NEGATIVE
    }

    private static final int MAX_CHUNK_BYTES = 400;
    /** One mistake in two seconds is allowed, and 20 at once. */
    private static final int NEGATIVES_PER_CONNECTION = 15;

    private static final long LENGTH = 40_000_000;

    private final Door door;
    private final String session;
    private final Random random;
    private final int chunks;
    private final SeededBytes source;
    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private TestSocket socket;
    private int negatives;
    private long received;
    private long durable;

    /** @param chunks how many to send */
    OffsetSender(Door door, String session, Random random, int chunks) throws IOException {
        this.door = door;
        this.session = session;
        this.random = random;
        this.chunks = chunks;
        this.source = new SeededBytes(random.nextLong(), LENGTH);
        this.socket = TestSocket.open(door, Upgrade.v2(door));
    }

    /** What was sent in the end. */
    SeededBytes bytes() {
        return new SeededBytes(source.seed(), received);
    }

    /** How many chunks of each kind. */
    Map<Kind, Integer> counts() {
        return counts;
    }

    /** Sends them all, ends the recording, and returns its file name. */
    String run() throws IOException {
        try {
            ask("start");
            for (int i = 0; i < chunks; i++) {
                Kind kind = next();
                counts.merge(kind, 1, Integer::sum);
                send(kind);
            }
            socket.text("{\"type\":\"end\",\"sessionId\":\"" + session + "\",\"totalBytes\":" + received
                    + ",\"sha256\":\"" + bytes().sha256() + "\"}");
            JsonObject saved = answer("saved");
            expect(saved.get("bytes").getAsLong() == received, saved + " although " + received + " were sent");
            return saved.get("fileName").getAsString();
        } finally {
            socket.close();
        }
    }

    private Kind next() {
        if (received < MAX_CHUNK_BYTES) {
            return Kind.IN_PLACE;
        }
        int dice = random.nextInt(100);
        if (dice < 2) {
            return Kind.CONFLICT;
        }
        Kind[] others = {
            Kind.IN_PLACE, Kind.DUPLICATE, Kind.OVERLAP, Kind.GAP, Kind.PAST_END, Kind.TOO_FAR, Kind.NEGATIVE
        };
        Kind kind = others[random.nextInt(others.length)];
        return kind == Kind.NEGATIVE && dice >= 20 ? Kind.DUPLICATE : kind;
    }

    private void send(Kind kind) throws IOException {
        int length = 1 + random.nextInt(MAX_CHUNK_BYTES);
        switch (kind) {
            case IN_PLACE -> chunk(received, length);
            case DUPLICATE -> chunk(random.nextLong(received - length + 1), length);
            case OVERLAP -> chunk(received - random.nextInt(length), length);
            case CONFLICT -> conflict(length);
            case GAP -> refused(received + 1 + random.nextInt(1_000), length);
            case PAST_END -> refused(LENGTH + random.nextLong(Long.MAX_VALUE - 2 * LENGTH), length);
            case TOO_FAR -> refused(Long.MAX_VALUE - random.nextInt(MAX_CHUNK_BYTES), length);
            case NEGATIVE -> negative(length);
        }
    }

    /** One whose new bytes the server has to take. */
    private void chunk(long offset, int length) throws IOException {
        socket.binary(Chunk.of(offset, source.read(offset, length)).encode().array());
        received = Math.max(received, offset + length);
    }

    /** One behind a gap: the answer says where to go on, and what comes in its place afterwards is taken. */
    private void refused(long offset, int length) throws IOException {
        byte[] payload = new byte[length];
        socket.binary(Chunk.of(offset, ByteBuffer.wrap(payload)).encode().array());
        problem("offset_mismatch");
        chunk(received, 1); // ends the series of refusals, of which only the first is answered
    }

    private void negative(int length) throws IOException {
        if (++negatives % NEGATIVES_PER_CONNECTION == 0) {
            socket.close();
            socket = TestSocket.open(door, Upgrade.v2(door));
            ask("resume");
        }
        long offset = random.nextLong() | Long.MIN_VALUE;
        socket.binary(Chunk.of(offset, ByteBuffer.allocate(length)).encode().array());
        JsonObject problem = answer("error");
        expect(problem.get("reason").getAsString().equals("bad_chunk"), "offset " + offset + " brought " + problem);
    }

    /** Bytes that differ from those before: all that is not durable goes back, and {@code started} says how far. */
    private void conflict(int length) throws IOException {
        long offset = received - 1 - random.nextInt(length);
        byte[] other = source.read(offset, length).array();
        other[0] ^= (byte) (1 + random.nextInt(255));
        socket.binary(Chunk.of(offset, ByteBuffer.wrap(other)).encode().array());
        JsonObject problem = answer("error");
        expect(problem.get("reason").getAsString().equals("content_conflict"), "a conflict brought " + problem);
        continueAt(answer("started"));
    }

    private void ask(String type) throws IOException {
        socket.text("{\"type\":\"" + type + "\",\"sessionId\":\"" + session
                + "\",\"mime\":\"video/webm\",\"ext\":\"webm\",\"ts\":1700000000000}");
        continueAt(answer("started"));
    }

    private void continueAt(JsonObject started) {
        long offset = started.get("bytes").getAsLong();
        expect(offset >= durable && offset <= received, started + " between " + durable + " and " + received);
        durable = offset;
        received = offset;
    }

    private void problem(String reason) throws IOException {
        JsonObject problem = answer("error");
        expect(
                problem.get("reason").getAsString().equals(reason)
                        && problem.get("expectedOffset").getAsLong() == received,
                "found " + problem + " where " + reason + " at " + received + " was due");
    }

    /** The next message but {@code hello} and {@code progress}, which has to be of this type. */
    private JsonObject answer(String type) throws IOException {
        while (true) {
            Frame frame = socket.read();
            if (frame.opcode() == TestSocket.PING) {
                socket.frame(TestSocket.PONG, frame.payload());
            } else if (frame.opcode() == TestSocket.CLOSE) {
                throw new AssertionError("closed with " + frame.closeCode() + " " + frame.closeReason() + " instead of "
                        + type + ", after " + counts);
            } else if (frame.opcode() == TestSocket.TEXT) {
                JsonObject message = JsonParser.parseString(frame.text()).getAsJsonObject();
                String found = message.get("type").getAsString();
                if (found.equals("progress")) {
                    long offset = message.get("bytes").getAsLong();
                    expect(
                            offset >= durable && offset <= received,
                            message + " between " + durable + " and " + received);
                    durable = offset;
                } else if (!found.equals("hello")) {
                    expect(found.equals(type), "found " + message + " instead of " + type + ", after " + counts);
                    return message;
                }
            }
        }
    }

    private static void expect(boolean fact, String otherwise) {
        if (!fact) {
            throw new AssertionError(otherwise);
        }
    }
}
