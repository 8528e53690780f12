package io.quickdrop.system.faults.process;

import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.system.harness.TestUpload;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** When, after its server died, the first byte of an upload was accepted that had not been before. */
final class FirstByte {
    private final TestUpload upload;
    /** Nothing at or below it counts; {@code Long.MAX_VALUE} once a byte beyond it was accepted. */
    private final AtomicLong mark = new AtomicLong(Long.MAX_VALUE);

    private final AtomicLong beyondNanos = new AtomicLong();

    FirstByte(TestUpload upload) {
        this.upload = upload.hear(this::hear);
    }

    private void hear(Message message) {
        if (message instanceof UploadMessage.Started started) {
            mark.getAndUpdate(old -> old == Long.MAX_VALUE ? old : Math.max(old, started.bytes()));
        } else if (message instanceof UploadMessage.Progress progress && progress.bytes() > mark.get()) {
            beyondNanos.set(System.nanoTime());
            mark.set(Long.MAX_VALUE);
        }
    }

    TestUpload upload() {
        return upload;
    }

    /** From now on the next byte counts. */
    void died() {
        beyondNanos.set(0);
        mark.set(upload.acknowledged());
    }

    boolean goesOn() {
        return beyondNanos.get() != 0
                || upload.client().outcome().toCompletableFuture().isDone();
    }

    /** How long it took; empty for an upload that had only its end to say. */
    Optional<Long> nanosSince(long portOpenNanos) {
        return beyondNanos.get() == 0 ? Optional.empty() : Optional.of(beyondNanos.get() - portOpenNanos);
    }
}
