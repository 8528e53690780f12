package io.quickdrop.relay.upload;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.LinkMessage.Problem;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.protocol.UploadMessage.Compare;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.protocol.UploadMessage.End;
import io.quickdrop.relay.upload.SessionInput.Attached;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An {@link UploadSession} on a stage: facts by short names, orders as short lines, and after each fact a look at what
 * must hold always.
 */
final class SessionScene {
    static final SessionId ID = new SessionId("take-1");
    static final Description DESCRIPTION = new Description("video/mp4", "mp4", null, 1_000, null);
    static final String SHA = "0123456789abcdef".repeat(4);

    /** Forces each 10 bytes or 100 ms; at most 1,000 bytes; everything else as in the field. */
    static final SessionConfig CONFIG = new SessionConfig(
            1_000,
            10,
            Duration.ofMillis(100),
            Duration.ofDays(7),
            Duration.ofSeconds(2),
            Duration.ofSeconds(20),
            Duration.ofSeconds(4));

    final UploadSession session = new UploadSession(ID, CONFIG);
    Instant now = Instant.EPOCH;
    private long lastDurable;

    /** The orders that follow from a fact, one line each; {@code Changed} is left out. */
    List<String> give(SessionInput input) {
        List<String> lines = new ArrayList<>();
        for (SessionOutput order : outputs(input)) {
            if (!(order instanceof SessionOutput.Changed)) {
                lines.add(line(order));
            }
        }
        return lines;
    }

    /** The orders themselves. */
    List<SessionOutput> outputs(SessionInput input) {
        List<SessionOutput> outputs = session.handle(input, now);
        assertThat(session.durableBytes()).as("the durable offset never falls").isGreaterThanOrEqualTo(lastDurable);
        lastDurable = session.durableBytes();
        session.deadline().ifPresent(at -> assertThat(at)
                .as("a deadline in the past would spin, in %s", session.phase())
                .isAfter(now));
        return outputs;
    }

    /** Lets time pass, with a tick at every deadline on the way and one at the end. */
    List<String> pass(Duration duration) {
        List<String> lines = new ArrayList<>();
        Instant end = now.plus(duration);
        while (session.deadline().filter(at -> !at.isAfter(end)).isPresent()) {
            now = session.deadline().get();
            lines.addAll(give(new SessionInput.Tick()));
        }
        now = end;
        lines.addAll(give(new SessionInput.Tick()));
        return lines;
    }

    // ---- the peer

    List<String> start(int owner) {
        return give(new Attached(new OwnerId(owner), "phone", DESCRIPTION, false));
    }

    List<String> startOf(String device, int owner) {
        return give(new Attached(new OwnerId(owner), device, DESCRIPTION, false));
    }

    List<String> startV1(int owner) {
        return give(new Attached(new OwnerId(owner), "phone", DESCRIPTION, true));
    }

    List<String> chunk(int owner, long offset, String text) {
        return give(new SessionInput.ChunkReceived(new OwnerId(owner), Chunk.of(offset, bytes(text))));
    }

    List<String> corruptChunk(int owner, long offset, String text) {
        return give(new SessionInput.ChunkReceived(new OwnerId(owner), new Chunk(offset, 1, bytes(text))));
    }

    List<String> raw(int owner, String text) {
        return give(new SessionInput.RawReceived(new OwnerId(owner), bytes(text), true));
    }

    List<String> end(int owner, long totalBytes) {
        return end(owner, totalBytes, null);
    }

    List<String> end(int owner, long totalBytes, @Nullable String sha256) {
        return give(new SessionInput.EndReceived(new OwnerId(owner), new End(ID, totalBytes, null, sha256)));
    }

    /** An {@code end} whose sender can mend. */
    List<String> endOfMender(int owner, long totalBytes) {
        End end = new End(ID, totalBytes, null, SHA, null, true);
        return give(new SessionInput.EndReceived(new OwnerId(owner), end));
    }

    List<String> repair(int owner, long offset, String text) {
        return give(new SessionInput.ChunkReceived(new OwnerId(owner), Chunk.repairOf(offset, bytes(text))));
    }

    List<String> compare(int owner, long offset, long bytes) {
        Compare compare = new Compare(ID, offset, bytes);
        return give(new SessionInput.CompareReceived(new OwnerId(owner), compare));
    }

    List<String> abort(int owner) {
        return give(new SessionInput.AbortReceived(new OwnerId(owner)));
    }

    List<String> detach(int owner) {
        return give(new SessionInput.Detached(new OwnerId(owner)));
    }

    // ---- the store

    List<String> opened() {
        return give(new SessionInput.Opened("phone", "take.mp4", false, 0, 0));
    }

    List<String> reopened(long durableBytes) {
        return give(new SessionInput.Opened("phone", "take.mp4", true, durableBytes, 3));
    }

    List<String> foundFinished(long bytes) {
        return give(new SessionInput.FoundFinished("phone", recording(bytes, false)));
    }

    List<String> forced(long durableBytes) {
        return give(new SessionInput.Forced(durableBytes));
    }

    List<String> compared(boolean same) {
        return give(new SessionInput.Compared(same));
    }

    List<String> rewound(long durableBytes) {
        return give(new SessionInput.Rewound("take.mp4", durableBytes));
    }

    List<String> kept(long bytes) {
        return give(new SessionInput.Kept(recording(bytes, false)));
    }

    List<String> keptPartial(long bytes) {
        return give(new SessionInput.Kept(recording(bytes, true)));
    }

    List<String> mismatched() {
        return give(new SessionInput.Mismatched("found 5 bytes"));
    }

    List<String> hashed(int asker, long offset, long bytes) {
        return give(new SessionInput.Hashed(new OwnerId(asker), offset, bytes, bytes, List.of(SHA)));
    }

    List<String> discarded() {
        return give(new SessionInput.Discarded());
    }

    List<String> full() {
        return give(new SessionInput.StorageFailed(true, "no room"));
    }

    List<String> failed() {
        return give(new SessionInput.StorageFailed(false, "broken"));
    }

    // ---- and the others

    List<String> restored(long durableBytes, Duration idle) {
        return give(new SessionInput.Restored("phone", DESCRIPTION, "take.mp4", durableBytes, 3, idle));
    }

    List<String> keep() {
        return give(new SessionInput.KeepRequested());
    }

    /** A session that owner 1 has started, and to which it has sent {@code text}, all of it durable. */
    SessionScene receiving(String text) {
        start(1);
        opened();
        if (!text.isEmpty()) {
            chunk(1, 0, text);
            pass(Duration.ofMillis(100));
            forced(text.length());
        }
        assertThat(session.phase()).isEqualTo(SessionPhase.RECEIVING);
        return this;
    }

    static SavedRecording recording(long bytes, boolean partial) {
        return new SavedRecording("take.mp4", bytes, 3, partial ? null : SHA, partial);
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    private static String line(SessionOutput order) {
        if (order instanceof SessionOutput.Send send) {
            return "→" + send.owner().value() + " " + line(send.message());
        } else if (order instanceof SessionOutput.Close close) {
            return "close " + close.owner().value() + " " + close.code();
        } else if (order instanceof SessionOutput.Append append) {
            return "append " + US_ASCII.decode(append.bytes().duplicate());
        } else if (order instanceof SessionOutput.Compare compare) {
            return "compare " + compare.offset() + " "
                    + US_ASCII.decode(compare.bytes().duplicate());
        } else if (order instanceof SessionOutput.Replace replace) {
            return "replace " + replace.offset() + " "
                    + US_ASCII.decode(replace.bytes().duplicate());
        } else if (order instanceof SessionOutput.Hash hash) {
            return "hash " + hash.offset() + "+" + hash.bytes();
        } else if (order instanceof SessionOutput.Save save) {
            return "save " + save.totalBytes();
        } else if (order instanceof SessionOutput.Published published) {
            return "published " + (published.recording().partial() ? "partial " : "")
                    + published.recording().bytes();
        }
        return switch (order.getClass().getSimpleName()) {
            case "KeepPartial" -> "keep partial";
            default -> order.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
        };
    }

    private static String line(Message message) {
        if (message instanceof UploadMessage.Started started) {
            return "started at " + started.bytes();
        } else if (message instanceof UploadMessage.Progress progress) {
            return "progress " + progress.bytes();
        } else if (message instanceof UploadMessage.Saved saved) {
            return "saved " + saved.bytes();
        } else if (message instanceof UploadMessage.Blocks blocks) {
            return "blocks " + blocks.offset() + "+" + blocks.bytes() + " " + blocks.reason();
        } else if (message instanceof UploadMessage.Aborted) {
            return "aborted";
        } else if (message instanceof Problem problem) {
            return problem.reason() + (problem.expectedOffset() == null ? "" : " " + problem.expectedOffset());
        }
        throw new AssertionError("a session does not send " + message);
    }
}
