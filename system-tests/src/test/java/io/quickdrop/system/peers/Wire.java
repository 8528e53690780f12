package io.quickdrop.system.peers;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.quickdrop.system.harness.TestSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A WebSocket with a thread that reads it, answers pings and, where asked to, pings by itself. Messages are remembered, so
 * that a test can wait for a fact whether it came already or is to come.
 *
 * <p>Safe on any thread.
 */
final class Wire implements AutoCloseable {
    private static final int PING_SECONDS = 5;
    private static final int KEPT_MESSAGES = 5_000;

    private final TestSocket socket;
    private final Consumer<JsonObject> onMessage;
    private final Consumer<byte[]> onBinary;
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<JsonObject> messages = new ArrayList<>();
    private volatile int closeCode = 1006;
    private volatile String closeReason = "";

    /** Both are called on the thread that reads. */
    Wire(TestSocket socket, Consumer<JsonObject> onMessage, Consumer<byte[]> onBinary) {
        this.socket = socket;
        this.onMessage = onMessage;
        this.onBinary = onBinary;
    }

    /** Starts to read. */
    Wire start(String name, boolean pings) throws IOException {
        socket.patience(0);
        daemon(name, this::read);
        if (pings) {
            daemon(name + "-ping", this::ping);
        }
        return this;
    }

    TestSocket socket() {
        return socket;
    }

    void text(JsonObject message) {
        text(message.toString());
    }

    void text(String message) {
        try {
            synchronized (socket) {
                socket.text(message);
            }
        } catch (IOException gone) {
            // the reader finds out too
        }
    }

    void binary(byte[] message) {
        try {
            synchronized (socket) {
                socket.binary(message);
            }
        } catch (IOException gone) {
            // the reader finds out too
        }
    }

    /** The first message so far or to come for which this holds. */
    JsonObject await(String what, Predicate<JsonObject> fact, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (messages) {
            int looked = 0;
            while (true) {
                for (; looked < messages.size(); looked++) {
                    if (fact.test(messages.get(looked))) {
                        return messages.get(looked);
                    }
                }
                long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0 || (over.getCount() == 0 && looked == messages.size())) {
                    throw new AssertionError("no " + what + " within " + patience + "; "
                            + (over.getCount() == 0 ? "closed with " + closeCode + " '" + closeReason + "'" : "open")
                            + "; the last messages: "
                            + messages.subList(Math.max(0, messages.size() - 8), messages.size()));
                }
                try {
                    messages.wait(Math.min(leftMillis, 1_000));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new AssertionError("interrupted", e);
                }
            }
        }
    }

    /** The first of this type. */
    JsonObject await(String type, Duration patience) {
        return await(type, message -> isType(message, type), patience);
    }

    /** The newest of this type so far. */
    Optional<JsonObject> newest(String type) {
        synchronized (messages) {
            for (int i = messages.size() - 1; i >= 0; i--) {
                if (isType(messages.get(i), type)) {
                    return Optional.of(messages.get(i));
                }
            }
            return Optional.empty();
        }
    }

    /** How many of this type came. */
    long count(String type) {
        synchronized (messages) {
            return messages.stream().filter(message -> isType(message, type)).count();
        }
    }

    /** What was heard before this moment no longer counts. */
    void forget() {
        synchronized (messages) {
            messages.clear();
        }
    }

    boolean isOver() {
        return over.getCount() == 0;
    }

    /** The server's code, when it has closed; 1006 if it said none. */
    int awaitClose(Duration patience) {
        try {
            if (!over.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the server has not closed within " + patience);
            }
            return closeCode;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    static boolean isType(JsonObject message, String type) {
        return message.has("type") && message.get("type").getAsString().equals(type);
    }

    @Override
    public void close() {
        socket.close();
    }

    private void read() {
        try {
            while (true) {
                TestSocket.Frame frame = socket.read();
                if (frame.opcode() == TestSocket.TEXT) {
                    hear(JsonParser.parseString(frame.text()).getAsJsonObject());
                } else if (frame.opcode() == TestSocket.BINARY) {
                    onBinary.accept(frame.payload());
                } else if (frame.opcode() == TestSocket.PING) {
                    synchronized (socket) {
                        socket.frame(TestSocket.PONG, frame.payload());
                    }
                } else if (frame.opcode() == TestSocket.CLOSE) {
                    closeCode = frame.closeCode();
                    closeReason = frame.closeReason();
                    return;
                }
            }
        } catch (IOException ended) {
            closeReason = ended.toString();
        } finally {
            socket.close();
            over.countDown();
            synchronized (messages) {
                messages.notifyAll();
            }
        }
    }

    private void hear(JsonObject message) {
        synchronized (messages) {
            messages.add(message);
            if (messages.size() > KEPT_MESSAGES) {
                messages.subList(0, KEPT_MESSAGES / 2).clear();
            }
            messages.notifyAll();
        }
        onMessage.accept(message);
    }

    private void ping() {
        try {
            while (!over.await(PING_SECONDS, TimeUnit.SECONDS)) {
                text("{\"type\":\"ping\",\"timestamp\":" + System.currentTimeMillis() + "}");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
