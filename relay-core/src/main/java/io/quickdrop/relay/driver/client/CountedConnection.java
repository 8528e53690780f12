package io.quickdrop.relay.driver.client;

import io.quickdrop.relay.driver.Connection;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A connection that counts what it is given, about; safe on any thread. */
final class CountedConnection implements Connection {
    private final Connection connection;
    private final AtomicLong givenBytes = new AtomicLong();

    CountedConnection(Connection connection) {
        this.connection = connection;
    }

    /** Bytes of all messages; without the frame headers of the transport. */
    long givenBytes() {
        return givenBytes.get();
    }

    @Override
    public void sendText(String text) {
        givenBytes.addAndGet(text.length());
        connection.sendText(text);
    }

    @Override
    public void sendBinary(ByteBuffer payload) {
        givenBytes.addAndGet(payload.remaining());
        connection.sendBinary(payload);
    }

    @Override
    public void sendBinary(List<ByteBuffer> pieces) {
        givenBytes.addAndGet(pieces.stream().mapToLong(ByteBuffer::remaining).sum());
        connection.sendBinary(pieces);
    }

    @Override
    public void sendPing() {
        connection.sendPing();
    }

    @Override
    public long pendingBytes() {
        return connection.pendingBytes();
    }

    @Override
    public void pauseReading() {
        connection.pauseReading();
    }

    @Override
    public void resumeReading() {
        connection.resumeReading();
    }

    @Override
    public void close(int code, String reason) {
        connection.close(code, reason);
    }
}
