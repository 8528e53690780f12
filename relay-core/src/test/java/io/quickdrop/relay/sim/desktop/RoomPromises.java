package io.quickdrop.relay.sim.desktop;

import io.quickdrop.protocol.AgentMessage.RelayAck;
import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.Tile;
import io.quickdrop.protocol.ViewerMessage.PaintedAck;
import io.quickdrop.relay.desktop.RoomInput.AgentKind;
import io.quickdrop.relay.desktop.StreamKey;
import io.quickdrop.relay.desktop.ViewerId;
import io.quickdrop.relay.sim.VirtualTime;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What must hold in every room after every event, kept in books of their own. */
final class RoomPromises {
    static final long PATIENCE_MICROS = 4_000_000L;
    private static final int MAX_BATCHES = 10;
    private static final int OLDEST_IN_A_ROW = 8;
    private static final int MAX_WRITTEN_OFF = 16;

    private record Batch(long number, long bytes) {}

    /** The books of one viewer's connection. */
    static final class Account {
        private final SimulatedViewer viewer;
        private final SimulatedViewer.Connection connection;
        private final ArrayDeque<Batch> inFlight = new ArrayDeque<>();
        /** The last ones that nobody waits for any more. */
        private final ArrayDeque<Long> writtenOff = new ArrayDeque<>();

        private long inFlightBytes;
        private long progressMicros;
        private long lastNumber;
        private long acknowledged;
        private long largestTile;
        private boolean hidden;
        private boolean stalled;
        private long stillNanos = Long.MIN_VALUE / 2;
        private int withoutNewest;
        private long newestSent;
        private final Fairness fairness = new Fairness();
        private boolean sentJustNow;
        private boolean streaming;

        Account(SimulatedViewer viewer, SimulatedViewer.Connection connection) {
            this.viewer = viewer;
            this.connection = connection;
        }

        void writeOff() {
            for (Batch batch : inFlight) {
                writtenOff.addLast(batch.number);
                if (writtenOff.size() > MAX_WRITTEN_OFF) {
                    writtenOff.removeFirst();
                }
            }
            inFlight.clear();
            inFlightBytes = 0;
        }
    }

    private final VirtualTime time;
    private final Map<ViewerId, Account> accounts = new HashMap<>();
    /** Of each stream the version of the tile that the room had last. */
    private final Map<StreamKey, Long> newest = new HashMap<>();
    /** When frames of a v1 desktop came whose acknowledgements the room owes. */
    private final TreeMap<Long, Long> owed = new TreeMap<>();

    private Consumer<String> trace = line -> {};
    private @Nullable String broken;
    double worstShareOfBound;

    RoomPromises(VirtualTime time) {
        this.time = time;
    }

    void traceTo(Consumer<String> lines) {
        trace = lines;
    }

    void trace(String line) {
        trace.accept(time.nowNanos() / 1_000_000 + " " + line);
    }

    void broken(String how) {
        if (broken == null) {
            broken = how;
        }
    }

    void failIfBroken() {
        if (broken != null) {
            throw new AssertionError(broken);
        }
    }

    /** As the room counts time, without the fractions. */
    private long nowMicros() {
        return time.nowNanos() / 1_000;
    }

    // ---- viewers

    void connected(SimulatedViewer viewer, SimulatedViewer.Connection connection) {
        accounts.put(connection.id, new Account(viewer, connection));
    }

    /** The server knows that it is gone. */
    void gone(ViewerId id) {
        accounts.remove(id);
    }

    Account known(ViewerId id) {
        Account account = accounts.get(id);
        if (account == null) {
            throw new AssertionError("the room told something to " + id + ", who is not there");
        }
        return account;
    }

    /** A stream begins for it: under a new epoch or anew, nothing is in flight. */
    void started(ViewerId id, boolean anew) {
        Account account = known(id);
        account.streaming = true;
        trace(account.viewer.name + " stream_started " + anew);
        if (anew) {
            account.inFlight.clear();
            account.writtenOff.clear();
            account.inFlightBytes = 0;
            account.stalled = false;
            account.newestSent = 0;
            account.fairness.forget();
            account.withoutNewest = 0;
        }
    }

    /** It looks anew: until it tells otherwise, it is visible. */
    void looksAnew(ViewerId id) {
        Account account = accounts.get(id);
        if (account != null) {
            account.hidden = false;
        }
    }

    /** Its acknowledgement reaches the room. */
    void acknowledged(ViewerId id, PaintedAck ack, boolean ofThisEpoch) {
        Account account = accounts.get(id);
        if (account == null) {
            return;
        }
        writeOff(account);
        account.hidden = ack.hidden();
        trace(account.viewer.name + " acknowledges " + ack.frameNumber() + (ack.hidden() ? ", hidden" : ""));
        if (!ofThisEpoch || ack.frameNumber() > account.lastNumber) {
            return;
        }
        while (!account.inFlight.isEmpty() && account.inFlight.getFirst().number <= ack.frameNumber()) {
            account.inFlightBytes -= account.inFlight.removeFirst().bytes;
            account.progressMicros = nowMicros();
            account.stalled = false;
        }
        if (ack.frameNumber() > account.acknowledged) {
            account.acknowledged = ack.frameNumber();
        }
        if (account.writtenOff.removeIf(number -> number <= ack.frameNumber())) {
            account.progressMicros = nowMicros(); // as late as it comes, it says that somebody is there
            account.stalled = false;
        }
    }

    /** The room sends all these to one viewer at once. */
    void sending(ViewerId id, List<Frame> frames, long maxTile) {
        Account account = known(id);
        account.largestTile = Math.max(account.largestTile, maxTile);
        SimulatedViewer viewer = account.viewer;
        if (account.hidden) {
            broken(viewer.name + " is hidden and was sent something");
        }
        writeOff(account);
        long bytes = 0;
        int batches = 0;
        for (Frame frame : frames) {
            FrameHeader header = frame.header();
            bytes += frame.wireBytes();
            if (frame.tiles().size() > 1 && frame.wireBytes() > 64 << 10) {
                broken(viewer.name + " was sent a message of " + frame.wireBytes() + " bytes");
            }
            if (header.frameNumber() > account.lastNumber) {
                batches++;
                account.lastNumber = header.frameNumber();
                if (account.inFlight.isEmpty()) {
                    account.progressMicros = nowMicros();
                }
                account.inFlight.addLast(new Batch(header.frameNumber(), 0));
            }
            Batch last = account.inFlight.removeLast();
            account.inFlight.addLast(new Batch(last.number, last.bytes + frame.wireBytes()));
            account.inFlightBytes += frame.wireBytes();
        }
        if (account.stalled) {
            still(account, batches);
        } else if (account.inFlight.size() > MAX_BATCHES) {
            broken(viewer.name + " has " + account.inFlight.size() + " batches in flight");
        }
        account.sentJustNow = true;
        bounded(account);
        newestFirst(account, frames);
        fair(account, frames);
        trace(viewer.name + " is sent " + bytes + " bytes in " + batches + " up to " + account.lastNumber
                + (account.stalled ? ", stalled" : "") + ", in flight " + account.inFlightBytes);
    }

    private void writeOff(Account account) { // as the room does by its own clock, so before anything else is known
        if (!account.inFlight.isEmpty() && nowMicros() - account.progressMicros >= PATIENCE_MICROS) {
            account.writeOff();
            account.stalled = !account.hidden;
        }
    }

    private void still(Account account, int batches) {
        long since = time.nowNanos() - account.stillNanos;
        if (batches > 1 || since < 999_000_000L) {
            broken(account.viewer.name + " is stalled and was sent " + batches + " batches, " + since / 1_000_000
                    + " ms after the last");
        }
        account.stillNanos = time.nowNanos();
        account.writeOff();
    }

    /**
     * What has not left the server is bounded by what the way carries in a moment: the first window, or four times what fits
     * on the way within 300 ms of its own delay (three times is what the start may overshoot), or 4 MiB if that is less; and
     * a tile more. Twice, as a new epoch forgets what is in flight; and the stills of a viewer that is stalled.
     */
    private void bounded(Account account) {
        SimulatedViewer.Nature nature = account.viewer.nature;
        double wayMillis = 2 * nature.delayMillis()
                + 2 * nature.jitterMillis()
                + nature.paintMillis()
                + nature.ackSpacingMillis()
                + 300;
        double window = Math.min(4 << 20, Math.max(16 << 10, 4 * nature.bytesPerSecond() * wayMillis / 1000))
                + account.largestTile;
        double bound = 2 * window + (64 << 10);
        long queued = account.connection.down.queuedBytes();
        worstShareOfBound = Math.max(worstShareOfBound, queued / bound);
        if (queued > bound) {
            broken(account.viewer.name + " has " + queued + " bytes waiting; allowed are " + (long) bound);
        }
    }

    /** Most of what is sent is the newest: a viewer sees now. */
    private void newestFirst(Account account, List<Frame> frames) {
        if (account.viewer.key.rendition() != Rendition.TILES) {
            return;
        }
        long now = newest.getOrDefault(account.viewer.key, 0L);
        boolean has = account.newestSent == now;
        for (Frame frame : frames) {
            for (Tile tile : frame.tiles()) {
                has |= tile.bytes().getLong(0) == now;
            }
        }
        if (has) {
            account.newestSent = now;
            account.withoutNewest = 0;
        } else if (++account.withoutNewest > OLDEST_IN_A_ROW) {
            broken(account.viewer.name + " was sent old tiles " + account.withoutNewest + " times in a row");
        }
    }

    private void fair(Account account, List<Frame> frames) {
        frames.forEach(account.fairness::sent);
        long whole = frames.get(0).header().width()
                * (long) frames.get(0).header().height()
                / (64 * 64)
                * account.largestTile;
        if (account.fairness.longestWait() > 5 * whole + (24 << 10)) {
            broken(account.viewer.name + " was sent " + account.fairness.longestWait()
                    + " bytes of other places while one waited; a picture has " + whole);
        }
    }

    // ---- the agent

    /**
     * The room has taken a frame, the first of its stream under this epoch or not.
     *
     * @param sockets what waits in a viewer's socket
     */
    void frameTaken(Frame frame, boolean first, ToLongFunction<ViewerId> sockets) {
        StreamKey key = new StreamKey(frame.header().screen(), frame.header().rendition());
        accounts.forEach((id, account) -> {
            boolean looks = account.streaming && account.viewer.key.equals(key) && !account.hidden;
            if (first && looks && !account.sentJustNow && sockets.applyAsLong(id) == 0) {
                broken(account.viewer.name + " was not sent the first picture of the epoch");
            }
        });
    }

    /** A frame of the present agent reaches the room; whether it is the first of its stream in this epoch. */
    boolean frameCame(Frame frame, AgentKind kind) {
        FrameHeader header = frame.header();
        StreamKey key = new StreamKey(header.screen(), header.rendition());
        boolean first = !newest.containsKey(key);
        for (Account account : accounts.values()) {
            account.sentJustNow = false;
            if (kind == AgentKind.RENDITIONS && account.viewer.key.equals(key)) {
                account.fairness.came(frame);
            }
        }
        Tile last = frame.tiles().get(frame.tiles().size() - 1);
        if (kind == AgentKind.WHOLE_PICTURES) {
            owed.put(header.frameNumber() << 8 | header.screen(), time.nowNanos());
            for (int rendition = 0; rendition <= Rendition.MAX_STREAM; rendition++) {
                newest.put(
                        new StreamKey(header.screen(), rendition), last.bytes().getLong(0));
            }
        } else {
            newest.put(key, last.bytes().getLong(0));
        }
        return first && kind == AgentKind.RENDITIONS && key.rendition() != Rendition.THUMBNAIL;
    }

    void agentChanged() {
        owed.clear();
        newest.clear();
    }

    /** Its stream is over, or the agent is away. */
    void stopped(ViewerId id) {
        known(id).streaming = false;
    }

    void relayed(RelayAck ack) {
        owed.remove(ack.frameNumber() << 8 | ack.screen());
    }

    /** No frame of v1 waits for longer than a second. */
    void nothingIsOwed() {
        for (Map.Entry<Long, Long> entry : owed.entrySet()) {
            if (time.nowNanos() - entry.getValue() > 1_001_000_000L) {
                broken("frame " + (entry.getKey() >> 8) + " of v1 waits for its acknowledgement");
            }
        }
    }
}
