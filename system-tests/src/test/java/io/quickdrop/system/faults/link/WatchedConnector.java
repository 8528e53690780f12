package io.quickdrop.system.faults.link;

import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import io.quickdrop.relay.driver.client.Connector;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Connects as another does, and notes how far each connection had come when it ended. Safe on any thread. */
final class WatchedConnector implements Connector {
    /** How far a connection came. */
    enum Stage {
        /** TCP, TLS and the upgrade; no message yet. */
        HANDSHAKE,
        /** {@code start} or {@code resume} is said and not answered. */
        ASKING,
        /** Bytes go. */
        SENDING,
        /** {@code end} is said and {@code saved} has not come. */
        ENDING,
        /** {@code saved} came: it was left, not lost. */
        DONE
    }

    private final Connector real;
    private final Map<Stage, Integer> ended = new EnumMap<>(Stage.class);

    WatchedConnector(Connector real) {
        this.real = real;
    }

    @Override
    public void connect(ConnectionEvents events) {
        real.connect(new Watch(events));
    }

    /** How many connections ended at each stage, for the row's figures. */
    synchronized String stages() {
        return Arrays.stream(Stage.values())
                .map(stage -> ended(stage) + " " + stage.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ", "connections ended while: ", ""));
    }

    /** How many connections ended at a stage. */
    synchronized int ended(Stage stage) {
        return ended.getOrDefault(stage, 0);
    }

    private synchronized void over(Watch watch) {
        if (!watch.over) {
            watch.over = true;
            ended.merge(watch.stage, 1, Integer::sum);
        }
    }

    private final class Watch implements ConnectionEvents {
        private final ConnectionEvents events;
        private volatile Stage stage = Stage.HANDSHAKE;
        private boolean over;

        Watch(ConnectionEvents events) {
            this.events = events;
        }

        @Override
        public void secured(String serverKey) {
            events.secured(serverKey);
        }

        @Override
        public void opened(Connection connection) {
            events.opened(new Said(connection, this));
        }

        @Override
        public void text(String text) {
            if (text.startsWith("{\"type\":\"started\"")) {
                stage = Stage.SENDING;
            } else if (text.startsWith("{\"type\":\"saved\"")) {
                stage = Stage.DONE;
            }
            events.text(text);
        }

        @Override
        public void alive() {
            events.alive();
        }

        @Override
        public void closed(int code, String reason) {
            over(this);
            events.closed(code, reason);
        }
    }

    private final class Said implements Connection {
        private final Connection real;
        private final Watch watch;

        Said(Connection real, Watch watch) {
            this.real = real;
            this.watch = watch;
        }

        @Override
        public void sendText(String text) {
            if (text.startsWith("{\"type\":\"start\"") || text.startsWith("{\"type\":\"resume\"")) {
                watch.stage = Stage.ASKING;
            } else if (text.startsWith("{\"type\":\"end\"")) {
                watch.stage = Stage.ENDING;
            }
            real.sendText(text);
        }

        @Override
        public void sendBinary(ByteBuffer payload) {
            real.sendBinary(payload);
        }

        @Override
        public void sendPing() {
            real.sendPing();
        }

        @Override
        public long pendingBytes() {
            return real.pendingBytes();
        }

        @Override
        public void pauseReading() {
            real.pauseReading();
        }

        @Override
        public void resumeReading() {
            real.resumeReading();
        }

        @Override
        public void close(int code, String reason) {
            over(watch);
            real.close(code, reason);
        }
    }
}
