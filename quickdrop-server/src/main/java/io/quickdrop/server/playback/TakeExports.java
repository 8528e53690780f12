package io.quickdrop.server.playback;

import io.quickdrop.media.order.PartGap;
import io.quickdrop.media.order.Refusal;
import io.quickdrop.media.order.Report;
import io.quickdrop.protocol.ObserverMessage.Recording;
import io.quickdrop.protocol.TakePart;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.recordings.PlaybackFiles;
import io.quickdrop.server.recordings.RecordingCatalogue;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes that were asked for as one file. Their files lie in the work folder and go after an hour, or with a restart: they are
 * copies. Safe on any thread.
 */
public final class TakeExports {
    private static final Logger LOG = System.getLogger(TakeExports.class.getName());
    /** Long enough to download it once more. */
    private static final Duration KEEP = Duration.ofHours(1);

    private static final int MAX_KEPT = 16;

    /** How far an export is. */
    public enum State {
        WAITING,
        WORKING,
        READY,
        FAILED
    }

    /**
     * One export as it stands.
     *
     * @param share 0 to 1
     * @param file where it is, once ready
     * @param note why it failed, in words
     * @param reencoded whether pictures or sound had to be encoded anew, once ready
     * @param durationMs how long it plays, once ready
     */
    public record Export(
            String takeId,
            State state,
            double share,
            @Nullable Path file,
            @Nullable String fileName,
            @Nullable String note,
            boolean reencoded,
            long durationMs,
            Instant changed) {}

    /** What {@link Workshop} is to make. */
    record Order(String takeId, List<Recording> parts, List<Path> files) {}

    private final RecordingCatalogue recordings;
    private final PlaybackFiles files;
    private final InstantSource time;
    private final Map<String, Export> exports = new LinkedHashMap<>();
    private final Semaphore asked = new Semaphore(0);

    /** Makes files of the takes in {@code recordings}. */
    public TakeExports(RecordingCatalogue recordings, InstantSource time) {
        this.recordings = recordings;
        this.files = recordings.playback();
        this.time = time;
    }

    /**
     * Asks for one; nothing happens if it is on its way or ready and whole.
     *
     * @return as it stands, or empty if there is no such take or too many are wanted at once
     */
    public synchronized Optional<Export> ask(String takeId) throws StorageException {
        forgetOld();
        Export known = exports.get(takeId);
        if (known != null && (known.state() == State.WAITING || known.state() == State.WORKING)) {
            return Optional.of(known);
        }
        if (recordings.parts(takeId).isEmpty() || (known == null && exports.size() >= MAX_KEPT)) {
            return Optional.empty();
        }
        remove(known);
        asked.release();
        return Optional.of(put(new Export(takeId, State.WAITING, 0, null, null, null, false, 0, time.instant())));
    }

    /** The export as it stands. */
    public synchronized Optional<Export> find(String takeId) {
        return Optional.ofNullable(exports.get(takeId));
    }

    /** Waits until something is asked for, or a while. */
    void await(Duration most) throws InterruptedException {
        if (asked.tryAcquire(most.toMillis(), TimeUnit.MILLISECONDS)) {
            asked.drainPermits();
        }
    }

    synchronized Optional<Order> next() throws StorageException {
        forgetOld();
        for (Export export : List.copyOf(exports.values())) {
            if (export.state() == State.WAITING) {
                List<Recording> parts = recordings.parts(export.takeId());
                List<Path> sources = new ArrayList<>();
                for (Recording part : parts) {
                    recordings.file(part.id()).ifPresent(sources::add);
                }
                if (parts.isEmpty() || sources.size() < parts.size()) {
                    put(failed(export, "a part of it is gone"));
                    continue;
                }
                put(working(export, 0));
                return Optional.of(new Order(export.takeId(), parts, sources));
            }
        }
        return Optional.empty();
    }

    /** Makes the file; on the workshop's thread. */
    void make(Order order, MediaChild child) {
        long bytes =
                order.files().stream().mapToLong(file -> file.toFile().length()).sum();
        Path target = files.newWorkFile(".export");
        try {
            files.requireRoom(bytes + bytes / 8);
            Files.createFile(target);
            List<String> words = List.of("join", "--gaps", PartGap.word(gaps(order.parts())));
            List<Path> paths = new ArrayList<>();
            paths.add(target);
            paths.addAll(order.files());
            Report report = child.run(words, paths, ChildLimits.joining(bytes), share -> tell(order, share));
            ready(order, target, report);
        } catch (Refusal | MediaChild.Died | IOException | StorageException e) {
            LOG.log(Level.INFO, "the take {0} could not be made one file: {1}", order.takeId(), e.getMessage());
            refuse(order, String.valueOf(e.getMessage()));
            delete(target);
        }
    }

    private static List<PartGap> gaps(List<Recording> parts) {
        List<PartGap> gaps = new ArrayList<>();
        for (Recording part : parts) {
            TakePart take = part.take();
            String cause = take == null || take.cause() == null ? "" : take.cause();
            gaps.add(new PartGap(take == null ? 0 : take.gapMs(), cause));
        }
        return gaps;
    }

    private synchronized void tell(Order order, double share) {
        Export known = exports.get(order.takeId());
        if (known != null) {
            put(working(known, share));
        }
    }

    private synchronized void ready(Order order, Path file, Report report) {
        String first = order.parts().get(0).fileName();
        int dot = first.lastIndexOf('.');
        boolean mp4 = !report.reencoded() && first.endsWith(".mp4");
        String name = (dot < 0 ? first : first.substring(0, dot)) + "-whole" + (mp4 ? ".mp4" : ".webm");
        put(new Export(
                order.takeId(),
                State.READY,
                1,
                file,
                name,
                null,
                report.reencoded(),
                report.durationMs(),
                time.instant()));
    }

    synchronized void refuse(Order order, String words) {
        Export known = exports.get(order.takeId());
        if (known != null) {
            put(failed(known, words));
        }
    }

    private Export failed(Export export, String words) {
        return new Export(export.takeId(), State.FAILED, 0, null, null, words, false, 0, time.instant());
    }

    private Export working(Export export, double share) {
        return new Export(export.takeId(), State.WORKING, share, null, null, null, false, 0, time.instant());
    }

    private Export put(Export export) {
        exports.put(export.takeId(), export);
        return export;
    }

    private void forgetOld() {
        Instant limit = time.instant().minus(KEEP);
        for (Iterator<Export> all = exports.values().iterator(); all.hasNext(); ) {
            Export export = all.next();
            boolean over = export.state() == State.READY || export.state() == State.FAILED;
            if (over && export.changed().isBefore(limit)) {
                all.remove();
                remove(export);
            }
        }
    }

    private static void remove(@Nullable Export export) {
        if (export != null && export.file() != null) {
            delete(export.file());
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "left until the next start: {0}: {1}", file, e);
        }
    }
}
