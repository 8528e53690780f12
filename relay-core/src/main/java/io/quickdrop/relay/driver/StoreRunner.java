package io.quickdrop.relay.driver;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import io.quickdrop.relay.driver.RecordingStore.Opening;
import io.quickdrop.relay.driver.threads.SerialInbox;
import io.quickdrop.relay.upload.SessionInput;
import io.quickdrop.relay.upload.SessionInput.FromStore;
import io.quickdrop.relay.upload.SessionOutput;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one session's orders to the store, in order, and reports the answers.
 *
 * <p>After a failure every order is void until one that mends: {@code Open} or {@code Rewind}. Otherwise bytes behind a
 * failed write would land in its place. Bytes sent again that differ from those before count as a failure here: what was
 * sent behind them would land in the wrong place just as well.
 */
final class StoreRunner {
    private static final System.Logger LOG = System.getLogger(StoreRunner.class.getName());

    private record Job(SessionOutput.ToStore order, Runnable done) {}

    private final SessionId id;
    private final RecordingStore store;
    private final Consumer<FromStore> answers;
    private final SerialInbox<Runnable> inbox;
    private @Nullable OpenRecording recording;
    private boolean failed;

    StoreRunner(SessionId id, RecordingStore store, Executor executor, Consumer<FromStore> answers) {
        this.id = id;
        this.store = store;
        this.answers = answers;
        this.inbox = new SerialInbox<>(executor, Runnable::run);
    }

    /**
     * Queues an order.
     *
     * @param done runs when the order was carried out, failed or found void
     */
    void order(SessionOutput.ToStore order, Runnable done) {
        Job job = new Job(order, done);
        inbox.add(() -> run(job));
    }

    /** Lets go of the recording behind all orders, then runs {@code then}. */
    void close(Runnable then) {
        inbox.add(() -> {
            OpenRecording open = recording;
            recording = null;
            try {
                if (open != null) {
                    open.close();
                }
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "session " + id + ": the store threw on close", e);
            } finally {
                then.run();
            }
        });
    }

    private void run(Job job) {
        boolean mends = job.order instanceof SessionOutput.Open || job.order instanceof SessionOutput.Rewind;
        if (mends) {
            failed = false;
        }
        try {
            if (!failed) {
                FromStore answer = carryOut(job.order);
                failed = answer instanceof SessionInput.Compared compared && !compared.same();
                if (answer != null) {
                    answers.accept(answer);
                }
            }
        } catch (StorageException e) {
            LOG.log(System.Logger.Level.WARNING, "session {0}: {1}", id, e.getMessage());
            fail(e.kind() == StorageException.Kind.FULL, e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "session " + id + ": the store threw on " + job.order, e);
            fail(false, "internal error of the store");
        } finally {
            job.done.run();
        }
    }

    private void fail(boolean full, @Nullable String detail) {
        failed = true;
        answers.accept(new SessionInput.StorageFailed(full, detail));
    }

    private @Nullable FromStore carryOut(SessionOutput.ToStore order) throws StorageException {
        if (order instanceof SessionOutput.Open open) {
            return open(open);
        }
        OpenRecording open = recording;
        if (open == null) {
            return null; // the session turned out to be finished: nothing more is written
        }
        if (order instanceof SessionOutput.Append append) {
            open.append(append.bytes());
            return null;
        } else if (order instanceof SessionOutput.Force force) {
            return new SessionInput.Forced(open.force(force.chunks()));
        } else if (order instanceof SessionOutput.Compare compare) {
            return new SessionInput.Compared(open.matches(compare.offset(), compare.bytes()));
        } else if (order instanceof SessionOutput.Replace replace) {
            open.replace(replace.offset(), replace.bytes());
            return null;
        } else if (order instanceof SessionOutput.Hash hash) {
            List<String> hashes = open.hashes(hash.offset(), hash.bytes(), hash.blockBytes());
            return new SessionInput.Hashed(hash.asker(), hash.offset(), hash.bytes(), hash.blockBytes(), hashes);
        } else if (order instanceof SessionOutput.Rewind) {
            open.rewind();
            return new SessionInput.Rewound(open.fileName(), open.durableBytes());
        } else if (order instanceof SessionOutput.Save save) {
            return save(open, save);
        } else if (order instanceof SessionOutput.KeepPartial keep) {
            return new SessionInput.Kept(open.keepPartial(keep.chunks()));
        } else if (order instanceof SessionOutput.Discard) {
            open.discard();
            return new SessionInput.Discarded();
        }
        throw new AssertionError("order without a case: " + order);
    }

    private FromStore open(SessionOutput.Open order) throws StorageException {
        Opening opening = store.open(id, order.device(), order.description());
        if (opening instanceof Opening.Finished finished) {
            return new SessionInput.FoundFinished(finished.device(), finished.recording());
        }
        Opening.Writable writable = (Opening.Writable) opening;
        OpenRecording opened = writable.recording();
        recording = opened;
        return new SessionInput.Opened(
                writable.device(), opened.fileName(), writable.resumed(), opened.durableBytes(), opened.chunks());
    }

    private FromStore save(OpenRecording open, SessionOutput.Save save) throws StorageException {
        try {
            return new SessionInput.Kept(open.save(save.totalBytes(), save.sha256(), save.chunks()));
        } catch (RecordingStore.IntegrityException e) {
            LOG.log(System.Logger.Level.WARNING, "integrity_mismatch: {0}", e.getMessage());
            return new SessionInput.Mismatched(String.valueOf(e.getMessage()));
        }
    }
}
