package io.quickdrop.relay.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.LinkMessage.Problem;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.UploadMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An {@link UploadSender} on a stage: facts by short names, orders as short lines. */
final class SenderScene {
    /** Chunks of 4 bytes, 20 in flight, 10 in the socket; everything else as in the field. */
    static final SenderConfig CONFIG = new SenderConfig(4, 20, 10, Duration.ofSeconds(20), 3);

    final UploadSender sender = new UploadSender(SessionScene.ID, SessionScene.DESCRIPTION, CONFIG);
    Instant now = Instant.EPOCH;
    private long lastAcknowledged;

    List<String> give(SenderInput input) {
        List<String> lines = new ArrayList<>();
        for (SenderOutput order : sender.handle(input, now)) {
            lines.add(line(order));
        }
        assertThat(sender.acknowledgedBytes()).isGreaterThanOrEqualTo(lastAcknowledged);
        lastAcknowledged = sender.acknowledgedBytes();
        assertThat(sender.sentBytes()).isGreaterThanOrEqualTo(lastAcknowledged);
        return lines;
    }

    /** Lets time pass, with a tick at every deadline on the way and one at the end. */
    List<String> pass(Duration duration) {
        List<String> lines = new ArrayList<>();
        Instant end = now.plus(duration);
        while (sender.deadline().filter(at -> !at.isAfter(end)).isPresent()) {
            assertThat(sender.deadline().get()).isAfter(now);
            now = sender.deadline().get();
            lines.addAll(give(new SenderInput.Tick()));
        }
        now = end;
        lines.addAll(give(new SenderInput.Tick()));
        return lines;
    }

    List<String> connected() {
        return give(new SenderInput.Connected());
    }

    List<String> disconnected() {
        return give(new SenderInput.Disconnected());
    }

    List<String> produced(long totalBytes) {
        return give(new SenderInput.Produced(totalBytes));
    }

    /** The source has ended, and every byte of it can be read again. */
    List<String> endedRereadable() {
        return give(new SenderInput.Ended(SessionScene.SHA, true));
    }

    /** The server has something else, in blocks of so many bytes each with its own hash. */
    List<String> blocks(long offset, long bytes, long blockBytes, String... hashes) {
        return received(new UploadMessage.Blocks(
                SessionScene.ID, "integrity_mismatch", offset, bytes, blockBytes, List.of(hashes)));
    }

    /** The source's own. */
    List<String> hashed(long offset, long bytes, long blockBytes, String... hashes) {
        return give(new SenderInput.SourceHashed(offset, bytes, blockBytes, List.of(hashes)));
    }

    List<String> ended() {
        return give(new SenderInput.Ended(SessionScene.SHA));
    }

    List<String> drained() {
        return give(new SenderInput.Drained(0));
    }

    List<String> abort() {
        return give(new SenderInput.AbortRequested());
    }

    List<String> started(long bytes) {
        return received(new UploadMessage.Started(SessionScene.ID, "take.mp4", bytes > 0, bytes));
    }

    List<String> progress(long bytes) {
        return received(new UploadMessage.Progress(SessionScene.ID, bytes, 1));
    }

    List<String> saved(long bytes) {
        return received(new UploadMessage.Saved(SessionScene.ID, "take.mp4", bytes, 1, SessionScene.SHA, bytes));
    }

    List<String> aborted() {
        return received(new UploadMessage.Aborted(SessionScene.ID));
    }

    List<String> error(String reason, @Nullable Long expectedOffset) {
        return received(new Problem(reason, null, SessionScene.ID, expectedOffset));
    }

    List<String> error(String reason) {
        return error(reason, null);
    }

    List<String> received(Message message) {
        return give(new SenderInput.Received(message));
    }

    /** Connected and told to continue at 0, with so many bytes produced and, as far as the bounds allow, sent. */
    SenderScene sending(long produced) {
        connected();
        started(0);
        produced(produced);
        return this;
    }

    private static String line(SenderOutput order) {
        if (order instanceof SenderOutput.SendMessage send) {
            if (send.message() instanceof UploadMessage.End end) {
                return "end " + end.totalBytes() + (end.canRepair() ? " of a mender" : "");
            } else if (send.message() instanceof UploadMessage.Compare compare) {
                return "compare " + compare.offset() + "+" + compare.bytes();
            }
            return send.message().getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
        } else if (order instanceof SenderOutput.SendChunk chunk) {
            return "chunk " + chunk.offset() + "+" + chunk.length();
        } else if (order instanceof SenderOutput.SendRepair chunk) {
            return "repair " + chunk.offset() + "+" + chunk.length();
        } else if (order instanceof SenderOutput.HashSource hash) {
            return "hash " + hash.offset() + "+" + hash.bytes() + " by " + hash.blockBytes();
        } else if (order instanceof SenderOutput.Forget forget) {
            return "forget " + forget.offset();
        } else if (order instanceof SenderOutput.Waiting waiting) {
            return "waiting " + waiting.reason();
        } else if (order instanceof SenderOutput.Failed failed) {
            return "failed " + failed.reason();
        }
        return order.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }
}
