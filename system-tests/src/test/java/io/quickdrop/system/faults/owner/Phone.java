package io.quickdrop.system.faults.owner;

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

/** A phone by hand, which wants a session and sends all of it, and tells how it came out. For one thread. */
final class Phone {
    private static final int CHUNK_BYTES = 16 * 1024;
    private static final int SUPERSEDED = 4409;

    /** How it came out. */
    enum Outcome {
        /** It was told {@code saved}. */
        SAVED,
        /** It was closed with 4409. */
        SUPERSEDED,
        /** The session is another device's. */
        FORBIDDEN
    }

    /**
     * What it saw.
     *
     * @param acknowledged the highest offset it was told
     * @param fileName of {@code saved}, else empty
     */
    record Story(Outcome outcome, long acknowledged, String fileName) {}

    private final Door door;
    private final String key;
    private final String session;
    private final SeededBytes bytes;

    Phone(Door door, String key, String session, SeededBytes bytes) {
        this.door = door;
        this.key = key;
        this.session = session;
        this.bytes = bytes;
    }

    /** Connects; what it asks for is said by {@link Connected#run}. */
    Connected connect() throws IOException {
        TestSocket socket = TestSocket.open(door, Upgrade.v2(door, key));
        socket.message("hello");
        return new Connected(socket);
    }

    /** A phone with a connection. */
    final class Connected implements AutoCloseable {
        private final TestSocket socket;
        private long acknowledged;

        Connected(TestSocket socket) {
            this.socket = socket;
        }

        /** Asks for the session and sends everything from where the server says, until it comes out in one way or another. */
        Story run() throws IOException {
            try {
                socket.text("{\"type\":\"resume\",\"sessionId\":\"" + session
                        + "\",\"mime\":\"video/webm\",\"ext\":\"webm\",\"ts\":1700000000000}");
            } catch (IOException closedAlready) {
                // how it came out stands to be read
            }
            while (true) {
                Frame frame = socket.read();
                if (frame.opcode() == TestSocket.CLOSE) {
                    if (frame.closeCode() != SUPERSEDED) {
                        throw new AssertionError("closed with " + frame.closeCode() + " " + frame.closeReason());
                    }
                    return new Story(Outcome.SUPERSEDED, acknowledged, "");
                } else if (frame.opcode() == TestSocket.PING) {
                    send(() -> socket.frame(TestSocket.PONG, frame.payload()));
                } else if (frame.opcode() == TestSocket.TEXT) {
                    JsonObject message = JsonParser.parseString(frame.text()).getAsJsonObject();
                    switch (message.get("type").getAsString()) {
                        case "started" -> sendFrom(told(message));
                        case "progress" -> told(message);
                        case "saved" -> {
                            return new Story(
                                    Outcome.SAVED,
                                    acknowledged,
                                    message.get("fileName").getAsString());
                        }
                        case "error" -> {
                            if (!message.get("reason").getAsString().equals("forbidden")) {
                                throw new AssertionError("found " + message);
                            }
                            return new Story(Outcome.FORBIDDEN, acknowledged, "");
                        }
                        default -> throw new AssertionError("found " + message);
                    }
                }
            }
        }

        private long told(JsonObject message) {
            long offset = message.get("bytes").getAsLong();
            if (offset < acknowledged) {
                throw new AssertionError("after " + acknowledged + " came " + message);
            }
            acknowledged = offset;
            return offset;
        }

        private void sendFrom(long offset) throws IOException {
            send(() -> {
                for (long at = offset; at < bytes.length(); at += CHUNK_BYTES) {
                    ByteBuffer payload = bytes.read(at, (int) Math.min(CHUNK_BYTES, bytes.length() - at));
                    socket.binary(Chunk.of(at, payload).encode().array());
                }
                socket.text("{\"type\":\"end\",\"sessionId\":\"" + session + "\",\"totalBytes\":" + bytes.length()
                        + ",\"sha256\":\"" + bytes.sha256() + "\"}");
            });
        }

        /** A server that has closed does not read on: what it said before is still there to be read. */
        private void send(Sending sending) throws IOException {
            try {
                sending.run();
            } catch (IOException closed) {
                // the reader finds out why
            }
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private interface Sending {
        void run() throws IOException;
    }
}
