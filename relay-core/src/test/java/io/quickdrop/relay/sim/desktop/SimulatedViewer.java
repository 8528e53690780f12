package io.quickdrop.relay.sim.desktop;

import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.ViewerMessage;
import io.quickdrop.protocol.ViewerMessage.PaintedAck;
import io.quickdrop.protocol.ViewerMessage.StreamStarted;
import io.quickdrop.relay.desktop.RoomInput;
import io.quickdrop.relay.desktop.StreamKey;
import io.quickdrop.relay.desktop.ViewerId;
import io.quickdrop.relay.sim.VirtualTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A person with a viewer page, good or bad, on a way that is good or bad; keeps its connection up as a page does. */
final class SimulatedViewer {
    /**
     * What it is like.
     *
     * @param paintMillis from a picture's last byte to the glass
     * @param ackSpacingMillis least time between two acknowledgements
     * @param lostAcks share of its acknowledgements that never come; 1 for a page that sends none
     */
    record Nature(
            double bytesPerSecond,
            double delayMillis,
            double jitterMillis,
            double paintMillis,
            double ackSpacingMillis,
            double lostAcks) {}

    final String name;
    final Nature nature;
    final StreamKey key;
    final Glass glass = new Glass();
    /** Ages of what it painted, milliseconds. */
    final List<Double> agesMillis = new ArrayList<>();

    private final DesktopWorld world;
    private final VirtualTime time;
    private final SplittableRandom random;
    private @Nullable Connection connection;
    private boolean hidden;
    private long frozenUntilNanos;

    SimulatedViewer(DesktopWorld world, String name, Nature nature, StreamKey key, SplittableRandom random) {
        this.world = world;
        this.time = world.time;
        this.name = name;
        this.nature = nature;
        this.key = key;
        this.random = random;
    }

    /** One connection of it. */
    final class Connection {
        final ViewerId id;
        final NarrowLink down;
        private final NarrowLink up;
        private final ArrayDeque<Runnable> inbox = new ArrayDeque<>();
        private final List<Frame> received = new ArrayList<>();
        private boolean streaming;
        private long epoch;
        private long paintedNumber;
        private long receivedNumber;
        private double ackAtMillis = -1;
        private double ackedMillis = -1_000;

        Connection(long id) {
            this.id = new ViewerId(id);
            this.down = new NarrowLink(
                    time, random.split(), nature.bytesPerSecond, nature.delayMillis, nature.jitterMillis);
            this.up = new NarrowLink(time, random.split(), 1e6, nature.delayMillis, nature.jitterMillis);
        }

        private boolean isOpen() {
            return connection == this;
        }

        private void toServer(RoomInput input) {
            up.send(150, () -> world.fromViewer(id, input));
        }

        /** Something came; a page that is frozen looks at it later. */
        private void arrived(Runnable what) {
            if (isFrozen() || !inbox.isEmpty()) {
                later(what);
            } else {
                what.run();
            }
        }

        private void later(Runnable what) {
            inbox.addLast(what);
            time.atNanos(frozenUntilNanos, this::thaw);
        }

        private void thaw() {
            while (!inbox.isEmpty() && isOpen() && !isFrozen()) {
                inbox.removeFirst().run();
            }
        }

        private void hear(ViewerMessage message) {
            if (message instanceof StreamStarted started) {
                if (started.epoch() != epoch) {
                    received.clear();
                    paintedNumber = 0;
                    receivedNumber = 0;
                }
                epoch = started.epoch();
                streaming = true;
                if (hidden) {
                    acknowledge(true);
                }
            } else if (message instanceof ViewerMessage.StreamStopped) {
                streaming = false;
            }
        }

        private void see(Frame frame) {
            FrameHeader header = frame.header();
            if (header.epoch() != epoch || !streaming) {
                world.promises.broken(name + " got " + header + " in epoch " + epoch + ", streaming " + streaming);
            }
            if (header.frameNumber() < receivedNumber) {
                world.promises.broken(name + " got number " + header.frameNumber() + " after " + receivedNumber);
            }
            receivedNumber = header.frameNumber();
            received.add(frame);
            if (header.has(FrameHeader.FLAG_LAST_PART)) {
                List<Frame> batch = List.copyOf(received);
                received.clear();
                time.afterMillis(nature.paintMillis, () -> paint(batch));
            }
        }

        private void paint(List<Frame> batch) {
            FrameHeader header = batch.get(0).header();
            if (!isOpen() || header.epoch() != epoch) {
                return;
            }
            if (isFrozen()) {
                later(() -> paint(batch));
                return;
            }
            batch.forEach(glass::paint);
            paintedNumber = Math.max(paintedNumber, header.frameNumber());
            world.painted(SimulatedViewer.this, batch);
            double now = time.nowNanos() / 1e6;
            if (ackAtMillis < 0) {
                ackAtMillis = Math.max(now, ackedMillis + nature.ackSpacingMillis);
                time.afterMillis(ackAtMillis - now, () -> acknowledge(false));
            }
        }

        private void acknowledge(boolean important) {
            ackAtMillis = -1;
            ackedMillis = time.nowNanos() / 1e6;
            if (!isOpen() || (!important && random.nextDouble() < nature.lostAcks)) {
                return;
            }
            toServer(new RoomInput.Painted(
                    id,
                    new PaintedAck(
                            DesktopWorld.DESKTOP,
                            key.screen(),
                            key.rendition(),
                            epoch,
                            paintedNumber,
                            receivedNumber,
                            (long) (nature.paintMillis * 1_000),
                            0,
                            hidden)));
        }
    }

    // ---- what it does

    void connect() {
        if (connection == null && !world.isOver()) {
            Connection fresh = new Connection(world.nextViewerId());
            connection = fresh;
            world.connected(this, fresh);
            ask(fresh);
        }
    }

    /** Looks; if that is refused, again a little later. */
    private void ask(Connection asking) {
        if (asking.isOpen()) {
            asking.toServer(new RoomInput.ViewerCame(asking.id, name, key.screen(), key.rendition()));
        }
    }

    void refused(Connection asking) {
        asking.down.send(100, () -> time.afterMillis(1_000, () -> ask(asking)));
    }

    /** Looks away and again, over the same connection. */
    void stopAndStart() {
        Connection now = connection;
        if (now != null) {
            now.toServer(new RoomInput.ViewerLeft(now.id, key.screen(), key.rendition()));
            ask(now);
        }
    }

    void cut() {
        Connection old = connection;
        if (old != null) {
            connection = null;
            old.down.cut();
            old.up.cut();
            glass.clear();
            world.cut(old.id, random.nextInt(3_000)); // the server finds out when it does
        }
    }

    void hide(boolean hides) {
        hidden = hides;
        Connection now = connection;
        if (now != null) {
            now.acknowledge(true);
        }
    }

    void freeze(double millis) {
        frozenUntilNanos = Math.max(frozenUntilNanos, time.nowNanos() + (long) (millis * 1e6));
        Connection now = connection;
        if (now != null) {
            now.down.stall(millis);
        }
    }

    void stall(double millis) {
        Connection now = connection;
        if (now != null) {
            now.down.stall(millis);
        }
    }

    // ---- what the server sends it

    void tell(Connection to, ViewerMessage message) {
        to.down.send(200, () -> to.arrived(() -> to.hear(message)));
    }

    void show(Connection to, Frame frame) {
        to.down.send(frame.wireBytes(), () -> to.arrived(() -> to.see(frame)));
    }

    // ---- as it stands

    boolean isHidden() {
        return hidden;
    }

    @Nullable
    Connection connection() {
        return connection;
    }

    boolean isFrozen() {
        return time.nowNanos() < frozenUntilNanos;
    }

    /** Whether its glass shows exactly what is on the screen. */
    boolean showsNewest() {
        SimulatedScreen screen = world.screens.get(key.screen());
        boolean wholePictures = key.rendition() != Rendition.TILES || world.sendsWholePictures();
        return wholePictures ? glass.showsPicture(screen) : glass.showsCells(screen);
    }
}
