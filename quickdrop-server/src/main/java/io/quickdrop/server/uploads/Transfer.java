package io.quickdrop.server.uploads;

import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.LinkMessage.Problem;
import io.quickdrop.protocol.TextCodec;
import io.quickdrop.protocol.UploadMessage;
import io.quickdrop.relay.driver.Peer;
import io.quickdrop.server.http.Exchange;
import io.quickdrop.server.http.Response;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way into a session: its body becomes chunks, and what the session says becomes its answer. Confined to the
 * inbox of its {@link UploadOwner}.
 */
final class Transfer {
    /** How an answer leaves its session's owner. */
    enum After {
        /** Not answered yet. */
        GOES_ON,
        /** Answered, and the session is where it was said to be: the next request may go on at once. */
        STAYS,
        /** Answered, and where the session stands is to be asked anew. */
        LEAVES
    }

    private final Asked asked;
    private final OptionalLong total;
    private final Exchange exchange;
    private final UploadAnswers answers;
    private final InterimPace pace;
    /** Of a recording that is there already, what comes again must be the same as a whole too. */
    private @Nullable MessageDigest again;

    private final ByteArrayOutputStream held = new ByteArrayOutputStream(0);
    /** Came together with the head, before the session said where it stands. */
    private final Queue<ByteBuffer> early = new ArrayDeque<>();

    private boolean endCameEarly;
    private boolean ready;
    private boolean bodyEnded;
    private long sentTo;
    private long durable;
    private volatile @Nullable UploadOwner movedTo;

    /** @param total length of the whole recording, where it is known */
    Transfer(Asked asked, OptionalLong total, Exchange exchange, UploadAnswers answers, InterimPace pace) {
        this.asked = asked;
        this.total = total;
        this.exchange = exchange;
        this.answers = answers;
        this.pace = pace;
    }

    /** The owner that it was offered to did not take it, but this one. */
    void movedTo(UploadOwner owner) {
        movedTo = owner;
    }

    /** Who took it, if not the owner that it was offered to. */
    @Nullable
    UploadOwner movedTo() {
        return movedTo;
    }

    Asked asked() {
        return asked;
    }

    Exchange exchange() {
        return exchange;
    }

    /** Whether its body may come. */
    boolean isReading() {
        return ready && !bodyEnded;
    }

    /** Whether silence of the other end means nothing: it waits for us. */
    boolean waitsForUs() {
        return !ready || bodyEnded;
    }

    /** The session says where it stands; the body may come now, if it fits. */
    After started(UploadMessage.Started started, Peer peer) {
        if (ready) { // the store lost what was not durable, and works again; the body is not here any more
            return answer(
                    UploadProblem.of(new Problem(
                            "storage_failed", "what was not durable was taken back", asked.session(), started.bytes())),
                    After.LEAVES);
        }
        durable = started.bytes();
        boolean knownOnly = asked.kind() != Asked.Kind.CREATE && asked.kind() != Asked.Kind.WHOLE;
        if (knownOnly && !started.resumed()) {
            peer.text(TextCodec.encode(new UploadMessage.Abort(asked.session())));
            return answer(unknown(), After.LEAVES);
        }
        if (asked.kind() == Asked.Kind.LOOK) {
            return answer(answers.look(started, total, asked.wordless()), After.STAYS);
        }
        if (asked.kind() == Asked.Kind.ABORT) {
            peer.text(TextCodec.encode(new UploadMessage.Abort(asked.session())));
            return After.GOES_ON;
        }
        long from = asked.offset().orElse(0);
        boolean fits = asked.kind() == Asked.Kind.APPEND ? from == durable : from <= durable;
        if (!fits) {
            return answer(UploadProblem.mismatch(durable, from), After.STAYS);
        }
        boolean nothingToSend = asked.contentLength().orElse(1) == 0 && !asked.complete();
        if (asked.kind() == Asked.Kind.CREATE && nothingToSend) {
            return answer(answers.created(started), After.STAYS);
        }
        if (durable > 0 && from == 0 && asked.complete()) {
            again = ContentDigest.newSha256();
        }
        ready = true;
        sentTo = from;
        if (asked.interim() && asked.kind() == Asked.Kind.CREATE) {
            exchange.interim(answers.announcement(asked.session()));
        }
        exchange.read();
        return takeEarly(peer);
    }

    private After takeEarly(Peer peer) {
        After after = After.GOES_ON;
        for (ByteBuffer part = early.poll(); part != null && after == After.GOES_ON; part = early.poll()) {
            after = part(part, peer);
        }
        return after == After.GOES_ON && endCameEarly ? ended(peer) : after;
    }

    private Response unknown() {
        return UploadProblem.answer(404, "session_unknown", "session " + asked.session() + " is not here (any more)");
    }

    /** A part of the body came. */
    After part(ByteBuffer bytes, Peer peer) {
        if (!ready) {
            early.add(bytes);
            return After.GOES_ON;
        }
        if (sentTo + held.size() + bytes.remaining() > total.orElse(Long.MAX_VALUE)) {
            return answer(
                    UploadProblem.answer(
                            400,
                            UploadProblem.INCONSISTENT_LENGTH,
                            "the whole was said to have " + total.getAsLong() + " bytes; more came",
                            durable),
                    After.LEAVES);
        }
        if (asked.contentDigest().isPresent()) {
            if (held.size() + bytes.remaining() > ContentDigest.MAX_BYTES) {
                return answer(
                        UploadProblem.answer(
                                413,
                                "too_large",
                                "a part with a Content-Digest has at most " + ContentDigest.MAX_BYTES + " bytes",
                                durable),
                        After.STAYS);
            }
            held.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        } else {
            send(bytes, peer);
        }
        return After.GOES_ON;
    }

    private void send(ByteBuffer bytes, Peer peer) {
        if (again != null) {
            again.update(bytes.duplicate());
        }
        ByteBuffer rest = bytes.slice();
        while (rest.hasRemaining()) {
            int length = Math.min(rest.remaining(), Limits.CLIENT_CHUNK_BYTES);
            Chunk chunk = Chunk.of(sentTo, rest.slice(rest.position(), length));
            peer.binary(chunk.encode(), true);
            rest.position(rest.position() + length);
            sentTo += length;
        }
    }

    /** That was the body. */
    After ended(Peer peer) {
        if (!ready) {
            endCameEarly = true;
            return After.GOES_ON;
        }
        if (asked.contentDigest().isPresent()) {
            ByteBuffer body = ByteBuffer.wrap(held.toByteArray());
            if (!asked.contentDigest().get().fits(body)) {
                return answer(
                        UploadProblem.answer(
                                400,
                                UploadProblem.DIGEST_MISMATCH,
                                "the body does not match its Content-Digest; nothing of it was kept",
                                durable),
                        After.STAYS);
            }
            send(body, peer);
        }
        bodyEnded = true;
        if (asked.complete()) {
            if (total.isPresent() && total.getAsLong() != sentTo) {
                return answer(
                        UploadProblem.answer(
                                400,
                                UploadProblem.INCONSISTENT_LENGTH,
                                "the whole was said to have " + total.getAsLong() + " bytes, and has " + sentTo,
                                durable),
                        After.LEAVES);
            }
            String sha256 = asked.end().sha256();
            if (sha256 == null && again != null) {
                sha256 = HexFormat.of().formatHex(again.digest());
            }
            peer.text(TextCodec.encode(new UploadMessage.End(
                    asked.session(), sentTo, null, sha256, asked.end().ms(), false)));
            return After.GOES_ON;
        }
        return progressed(durable);
    }

    /** Everything below {@code bytes} is durable. */
    After progressed(long bytes) {
        durable = Math.max(durable, bytes);
        if (bodyEnded && !asked.complete() && durable >= sentTo) {
            return answer(
                    asked.kind() == Asked.Kind.CREATE
                            ? answers.created(new UploadMessage.Started(asked.session(), "", true, durable))
                            : answers.appended(durable),
                    durable == sentTo ? After.STAYS : After.LEAVES);
        }
        if (ready && asked.interim() && pace.isDue()) {
            exchange.interim(Map.of("Upload-Offset", Long.toString(durable)));
        }
        return After.GOES_ON;
    }

    /** It is whole. */
    After saved(UploadMessage.Saved saved) {
        if (asked.kind() == Asked.Kind.ABORT) {
            return answer(
                    UploadProblem.answer(400, UploadProblem.COMPLETED, "it is saved", saved.bytes()), After.LEAVES);
        }
        return answer(answers.saved(saved, false), After.LEAVES);
    }

    /** It was thrown away. */
    After aborted() {
        return answer(new Response.Empty(204, Map.of()), After.LEAVES);
    }

    /** The session complains. */
    After complained(Problem problem) {
        boolean trouble = problem.reason().equals(ErrorReason.STORAGE_FULL)
                || problem.reason().equals(ErrorReason.STORAGE_FAILED);
        if (trouble && asked.kind() == Asked.Kind.ABORT) {
            return After.GOES_ON; // it is thrown away as soon as the disk can
        }
        Long at = problem.expectedOffset();
        if (trouble && asked.kind() == Asked.Kind.LOOK && at != null) {
            var standing = new UploadMessage.Started(asked.session(), "", true, at);
            return answer(answers.look(standing, total, asked.wordless()), After.LEAVES);
        }
        return answer(UploadProblem.of(problem), After.LEAVES);
    }

    After answer(Response response, After after) {
        exchange.answer(response);
        return after;
    }
}
