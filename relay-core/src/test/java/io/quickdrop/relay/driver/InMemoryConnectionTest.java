package io.quickdrop.relay.driver;

import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

class InMemoryConnectionTest extends ConnectionContract {
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final InMemoryConnection.Pair pair = InMemoryConnection.pair(executor);

    @Override
    protected Remote connect(Inbox local, Inbox remote) {
        pair.left().receiveBy(told(local));
        pair.right().receiveBy(told(remote));
        return new Remote() {
            @Override
            public void sendText(String text) {
                pair.right().sendText(text);
            }

            @Override
            public void sendBinary(byte[] payload) {
                pair.right().sendBinary(ByteBuffer.wrap(payload));
            }

            @Override
            public void stopReading() {
                pair.right().pauseReading();
            }

            @Override
            public void startReading() {
                pair.right().resumeReading();
            }

            @Override
            public void close() {
                pair.right().close(1000, "done");
            }

            @Override
            public void drop() {
                pair.right().cut();
            }
        };
    }

    @Override
    protected Connection connection() {
        return pair.left();
    }

    @Override
    protected void stopTransport() {
        executor.shutdownNow();
    }

    private static InMemoryConnection.Receiver told(Inbox inbox) {
        return new InMemoryConnection.Receiver() {
            @Override
            public void text(String text) {
                inbox.text(text);
            }

            @Override
            public void binary(ByteBuffer payload) {
                inbox.binary(payload);
            }

            @Override
            public void alive() {
                inbox.alive();
            }

            @Override
            public void closed(int code, String reason) {
                inbox.closed(code);
            }
        };
    }
}
