package io.quickdrop.relay.sim;

import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.protocol.UploadMessage.Saved;
import io.quickdrop.relay.driver.Connection;
import io.quickdrop.relay.driver.client.ConnectionEvents;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A phone of v1: raw chunks without offsets, {@code start} with {@code resume: true}, no wait for the first
 * {@code started}, and now and then an {@code end} before the last bytes. It keeps all bytes until {@code saved}.
 */
final class SimulatedV1Phone {
    /** It is restless where nothing is heard for this long, milliseconds. */
    private static final double PATIENCE_MILLIS = 20_000;

    private final SessionId id;
    private final Description description;
    private final byte[] source;
    private final VirtualTime time;
    private final SimulatedProcess process;
    private final SplittableRandom random;
    private final Consumer<ConnectionEvents> connector;
    private final Consumer<Saved> done;
    private final Consumer<String> refused;
    private final boolean endsEarly;

    private @Nullable Line line;
    private boolean everStarted;
    private int produced;
    private boolean ended;
    private boolean over;

    SimulatedV1Phone(
            SessionId id,
            Description description,
            byte[] source,
            VirtualTime time,
            SimulatedProcess process,
            SplittableRandom random,
            boolean begunBefore,
            Consumer<ConnectionEvents> connector,
            Consumer<Saved> done,
            Consumer<String> refused) {
        this.id = id;
        this.description = description;
        this.source = source;
        this.time = time;
        this.process = process;
        this.random = random;
        this.everStarted = begunBefore;
        this.connector = connector;
        this.done = done;
        this.refused = refused;
        this.endsEarly = random.nextInt(3) == 0;
        connect();
    }

    void produced(int bytes) {
        produced = bytes;
        pump();
    }

    void ended() {
        ended = true;
        pump();
    }

    private void connect() {
        if (!over && line == null) {
            Line fresh = new Line();
            line = fresh;
            connector.accept(fresh);
            fresh.watch();
        }
    }

    private void pump() {
        if (line != null) {
            line.pump();
        }
    }

    private void later(double millis, Runnable task) {
        time.afterMillis(millis, () -> process.run(task));
    }

    private final class Line implements ConnectionEvents {
        private @Nullable Connection connection;
        private long lastHeard = time.nowNanos();
        private boolean streaming;
        private boolean endSaid;
        private int next;
        private boolean pumpPlanned;

        @Override
        public void opened(Connection opened) {
            if (line != this) {
                opened.close(1000, "too late");
                return;
            }
            connection = opened;
            lastHeard = time.nowNanos();
            streaming = !everStarted; // only the answer to a resume says where to continue
            say(new UploadMessage.Start(id, description, everStarted));
            everStarted = true;
            pump();
        }

        @Override
        public void text(String text) {
            lastHeard = time.nowNanos();
            if (line != this || !(TextCodec.decode(text) instanceof Decoded.Accepted<Message> accepted)) {
                return;
            }
            if (accepted.value() instanceof UploadMessage.Started started) {
                next = streaming ? next : (int) started.bytes();
                streaming = true;
                pump();
            } else if (accepted.value() instanceof Saved saved) {
                over = true;
                drop();
                done.accept(saved);
            } else if (accepted.value() instanceof LinkMessage.Problem problem) {
                if (problem.reason().equals("session_unknown")) {
                    over = true;
                    refused.accept(problem.reason());
                }
                drop();
            }
        }

        @Override
        public void alive() {
            lastHeard = time.nowNanos();
        }

        @Override
        public void closed(int code, String reason) {
            if (line == this) {
                drop();
            }
        }

        private void say(Message message) {
            if (connection != null) {
                connection.sendText(TextCodec.encode(message));
            }
        }

        void pump() {
            if (connection == null || !streaming || over) {
                return;
            }
            if (ended && endsEarly) {
                sayEnd();
            }
            while (next < produced && connection.pendingBytes() < 2_000) {
                int length = Math.min(produced - next, 1 + random.nextInt(700));
                connection.sendBinary(ByteBuffer.wrap(source, next, length).slice());
                next += length;
            }
            if (next < produced) {
                if (!pumpPlanned) {
                    pumpPlanned = true;
                    later(100, () -> {
                        pumpPlanned = false;
                        pump();
                    });
                }
            } else if (ended) {
                sayEnd();
            }
        }

        private void sayEnd() {
            if (!endSaid) {
                endSaid = true;
                say(new UploadMessage.End(id, source.length, null, null));
            }
        }

        private void watch() {
            later(5_000, () -> {
                if (line == this && time.nowNanos() - lastHeard > PATIENCE_MILLIS * 1e6) {
                    drop();
                } else if (line == this) {
                    watch();
                }
            });
        }

        private void drop() {
            line = null;
            if (connection != null) {
                connection.close(1000, "dropped");
            }
            later(200 + random.nextDouble() * 2_000, SimulatedV1Phone.this::connect);
        }
    }
}
