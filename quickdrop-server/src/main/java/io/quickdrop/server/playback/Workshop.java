package io.quickdrop.server.playback;

import io.quickdrop.media.order.Progress;
import io.quickdrop.media.order.Refusal;
import io.quickdrop.media.order.Report;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.recordings.PlaybackFiles;
import io.quickdrop.server.recordings.PlaybackFiles.Job;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Repairs takes after they are saved, one at a time, and makes one file of a take's parts when it is asked to. What waits is
 * in the catalogue, so a restart goes on where this one ended. Whatever a file does to the child, the take stays as it was
 * received, and nothing else notices.
 */
public final class Workshop implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Workshop.class.getName());
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** After a failing disk. */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private static final String NO_FFMPEG = "FFmpeg does not run on this machine";

    private final PlaybackFiles files;
    private final MediaChild child;
    private final TakeExports exports;
    private final Consumer<SessionId> changed;
    private final Thread worker;
    private volatile boolean closed;

    /**
     * Begins to look for work.
     *
     * @param changed hears of recordings whose file or state changed; called on the workshop's thread
     */
    public Workshop(PlaybackFiles files, TakeExports exports, Consumer<SessionId> changed) {
        this.files = files;
        this.child = new MediaChild(files.workFolder());
        this.exports = exports;
        this.changed = changed;
        worker = new Thread(this::work, "playback");
        worker.setDaemon(true);
        worker.start();
    }

    private void work() {
        @Nullable String problem = null;
        boolean checked = false;
        while (!closed) {
            try {
                Optional<TakeExports.Order> order = exports.next();
                Optional<Job> job = order.isPresent() ? Optional.empty() : files.next();
                if ((order.isPresent() || job.isPresent()) && !checked) {
                    problem = child.problem().orElse(null);
                    checked = !closed;
                    if (problem != null && !closed) {
                        LOG.log(Level.WARNING, "takes stay as they are received: {0}: {1}", NO_FFMPEG, problem);
                    }
                }
                boolean usable = problem == null;
                order.ifPresent(some -> {
                    if (usable) {
                        exports.make(some, child);
                    } else {
                        exports.refuse(some, NO_FFMPEG);
                    }
                });
                if (job.isPresent()) {
                    repair(job.get(), usable);
                }
                if (order.isEmpty() && job.isEmpty()) {
                    exports.await(LOOK_EVERY);
                }
            } catch (StorageException | RuntimeException e) {
                LOG.log(Level.WARNING, "repairing takes pauses: " + e, e);
                pause();
            } catch (InterruptedException e) {
                return; // closing
            }
        }
    }

    private void pause() {
        try {
            exports.await(PAUSE);
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    private void repair(Job job, boolean usable) throws StorageException {
        if (!usable) {
            files.giveUp(job, NO_FFMPEG);
            changed.accept(job.id());
            return;
        }
        changed.accept(job.id());
        try {
            ChildLimits limits = ChildLimits.copying(job.bytes());
            Progress unheard = share -> {};
            child.run(List.of("repair"), List.of(job.source(), job.fresh()), limits, unheard);
            Report verified = child.run(List.of("verify"), List.of(job.source(), job.fresh()), limits, unheard);
            poster(job, limits);
            files.place(job, verified.durationMs());
        } catch (Refusal | MediaChild.Died e) {
            failed(job, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            failed(job, "no process could be started for it: " + e.getMessage());
        } catch (StorageException | RuntimeException e) {
            files.later(job);
            throw e;
        }
        changed.accept(job.id());
    }

    private void failed(Job job, String words) throws StorageException {
        if (closed) {
            return; // the start finds it, and begins again
        }
        try {
            files.requireRoom(job.bytes());
        } catch (StorageException noRoom) {
            files.later(job); // the disk has filled up meanwhile, which is not the take's fault
            return;
        }
        LOG.log(Level.INFO, "the take {0} stays as it was received: {1}", job.id(), words);
        files.giveUp(job, words);
    }

    /** A take without a picture is no worse. */
    private void poster(Job job, ChildLimits limits) throws IOException {
        try {
            child.run(List.of("poster"), List.of(job.fresh(), job.poster()), limits, share -> {});
        } catch (Refusal | MediaChild.Died e) {
            LOG.log(Level.DEBUG, "no picture of {0}: {1}", job.id(), e.getMessage());
        }
    }

    /** Ends the child and the thread. What was begun begins again after the next start. */
    @Override
    public void close() {
        closed = true;
        child.kill();
        worker.interrupt();
        try {
            worker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
