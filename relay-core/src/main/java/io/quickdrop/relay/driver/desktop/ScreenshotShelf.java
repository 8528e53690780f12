package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.Frame;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.protocol.Tile;
import io.quickdrop.relay.driver.threads.Workers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts screenshots' files together, and keeps the newest ones until somebody has fetched them. What it holds is bounded:
 * a file that is too long, or for which there is no room, does not come about. Safe on any thread.
 */
final class ScreenshotShelf {
    /** Longest file: an 8K screen of noise as PNG is less. */
    static final long MAX_FILE_BYTES = 32L << 20;
    /** All files, those that are arriving included. */
    static final long MAX_BYTES = 96L << 20;
    /** Most files that are kept. */
    static final int MAX_KEPT = 8;
    /** How long a file is kept for whoever asked for it. */
    static final Duration KEPT_FOR = Duration.ofMinutes(5);

    private record Key(String clientId, String commandId) {}

    private static final class Arriving {
        /** A command that is sent again has one more. */
        final Set<Long> fences = new HashSet<>();

        final List<ByteBuffer> parts = new ArrayList<>();

        @Nullable
        FrameHeader first;

        long bytes;
        boolean whole;
        boolean broken;
        /** Of the parts that are here. */
        long fence;

        Instant last = Instant.MIN;

        void restart(long newFence) {
            fence = newFence;
            parts.clear();
            first = null;
            bytes = 0;
            whole = false;
            broken = false;
        }
    }

    private final Workers workers;
    private final Map<Key, Arriving> arriving = new LinkedHashMap<>();
    private final Map<Key, Screenshot> kept = new LinkedHashMap<>();

    ScreenshotShelf(Workers workers) {
        this.workers = workers;
    }

    /** A desktop is told to make one. */
    synchronized void expect(String clientId, String commandId, long fence) {
        arriving.computeIfAbsent(new Key(clientId, commandId), key -> new Arriving())
                .fences
                .add(fence);
    }

    /** A part came; it belongs to the command whose fence it names. */
    synchronized void part(String clientId, Frame frame) {
        FrameHeader header = frame.header();
        for (Map.Entry<Key, Arriving> entry : List.copyOf(arriving.entrySet())) {
            Arriving file = entry.getValue();
            boolean belongs = entry.getKey().clientId().equals(clientId) && file.fences.contains(header.refFrame());
            if (belongs) {
                add(file, frame);
            }
        }
    }

    private void add(Arriving file, Frame frame) {
        if (frame.header().refFrame() != file.fence) {
            file.restart(frame.header().refFrame()); // it is sent anew
        }
        file.last = workers.now();
        if (file.broken || file.whole) {
            return;
        }
        long more = 0;
        for (Tile tile : frame.tiles()) {
            more += tile.bytes().remaining();
        }
        if (frame.header().has(FrameHeader.FLAG_TILES) || file.bytes + more > MAX_FILE_BYTES || !makeRoom(more)) {
            file.broken = true;
            file.parts.clear();
            file.bytes = 0;
            return;
        }
        if (file.first == null) {
            file.first = frame.header();
        }
        frame.tiles().forEach(tile -> file.parts.add(tile.bytes()));
        file.bytes += more;
        file.whole = frame.header().has(FrameHeader.FLAG_LAST_PART);
    }

    private boolean makeRoom(long more) {
        Instant left = workers.now().minus(KEPT_FOR);
        if (bytes() + more > MAX_BYTES) {
            arriving.values().removeIf(file -> file.bytes > 0 && file.last.isBefore(left)); // never came whole
        }
        while (bytes() + more > MAX_BYTES && !kept.isEmpty()) {
            kept.remove(kept.keySet().iterator().next());
        }
        return bytes() + more <= MAX_BYTES;
    }

    private long bytes() {
        long sum = 0;
        for (Arriving file : arriving.values()) {
            sum += file.bytes;
        }
        for (Screenshot file : kept.values()) {
            sum += file.bytes();
        }
        return sum;
    }

    /** The desktop says that it has sent everything: the file, if all of it came. */
    synchronized Optional<Screenshot> finish(String clientId, String commandId) {
        Key key = new Key(clientId, commandId);
        Arriving file = arriving.remove(key);
        FrameHeader first = file == null ? null : file.first;
        if (file == null || first == null || !file.whole) {
            return Optional.empty();
        }
        Screenshot whole =
                new Screenshot(first.codec().mime(), first.screen(), first.width(), first.height(), file.parts);
        kept.put(key, whole);
        if (kept.size() > MAX_KEPT) {
            kept.remove(kept.keySet().iterator().next());
        }
        workers.at(workers.now().plus(KEPT_FOR), () -> forget(key));
        return Optional.of(whole);
    }

    /** The desktop's connection is another: what was arriving comes anew, or not at all. */
    synchronized void interrupted(String clientId) {
        arriving.keySet().removeIf(key -> key.clientId().equals(clientId));
    }

    private synchronized void forget(Key key) {
        kept.remove(key);
    }

    synchronized Optional<Screenshot> find(String clientId, String commandId) {
        return Optional.ofNullable(kept.get(new Key(clientId, commandId)));
    }
}
