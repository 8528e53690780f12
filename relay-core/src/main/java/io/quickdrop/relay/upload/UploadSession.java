package io.quickdrop.relay.upload;

import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.LinkMessage.Problem;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Aborted;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.protocol.UploadMessage.End;
import io.quickdrop.protocol.UploadMessage.Progress;
import io.quickdrop.protocol.UploadMessage.Saved;
import io.quickdrop.protocol.UploadMessage.Started;
import io.quickdrop.relay.upload.SessionInput.Attached;
import io.quickdrop.relay.upload.SessionInput.ChunkReceived;
import io.quickdrop.relay.upload.SessionInput.FoundFinished;
import io.quickdrop.relay.upload.SessionInput.Opened;
import io.quickdrop.relay.upload.SessionInput.RawReceived;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of one recording: who owns it, how far it is durable, and what its uploader is told.
 *
 * <p>What it guarantees, whatever the order of its inputs: {@code progress} and {@code started} name only offsets that
 * the store has forced, and never fall; a byte is handed to the store once and in its place; only the newest connection
 * of the session's own device is listened to; {@code saved} is said only after the store has verified and saved; a
 * session that holds bytes ends in a recording, whole or partial, unless its owner throws it away.
 *
 * <p>Pure; confined to one thread; {@code now} is monotonic (time that goes backwards is clamped).
 */
public final class UploadSession {
    /** How long a saved session's machine stays around to repeat {@code saved} before the catalogue does it. */
    private static final Duration SAVED_LINGER = Duration.ofMinutes(1);

    private record Owner(OwnerId id, boolean raw) {}

    private record AwaitedEnd(End end, Instant until) {}

    private final SessionId id;
    private final SessionConfig config;
    private final Extent extent;
    private List<SessionOutput> orders = new ArrayList<>();

    private SessionPhase phase = SessionPhase.NEW;
    private Instant now = Instant.MIN;
    private Instant phaseSince = Instant.MIN;
    private Instant lastSent = Instant.MIN;

    private @Nullable Owner owner;
    private @Nullable String device;
    private @Nullable Description description;
    private String fileName = "";
    private long chunks;
    private long chunksBeforeOpen;
    private boolean recordingOpen;
    /** Whether the store has said how far it reaches: before that, 0 would be a lie. */
    private boolean offsetKnown;

    private boolean gapReported;
    /** How far it reached when its owner came (again): that must be durable before it continues. */
    private long syncTo;

    /** v1 only: {@code end} came before the last bytes. */
    private @Nullable AwaitedEnd awaitedEnd;
    /** The {@code end} that is being carried out, or was. */
    private @Nullable End acceptedEnd;

    private @Nullable SavedRecording saved;

    private boolean abortAsked;

    /** What {@link SessionPhase#STALLED} goes back to: KEEPING, DISCARDING or plain receiving. */
    private SessionPhase afterStall = SessionPhase.RECEIVING;

    private Instant retryAt = Instant.MAX;
    private String stallReason = ErrorReason.STORAGE_FAILED;
    private @Nullable String stallDetail;

    public UploadSession(SessionId id, SessionConfig config) {
        this.id = id;
        this.config = config;
        this.extent = new Extent(config.forceBytes(), config.forceDelay());
    }

    /** Takes one fact and returns what follows from it, in order. */
    public List<SessionOutput> handle(SessionInput input, Instant at) {
        if (at.isAfter(now)) {
            now = at;
        }
        if (input instanceof SessionInput.FromPeer fromPeer) {
            fromPeer(fromPeer);
        } else if (input instanceof SessionInput.FromStore fromStore) {
            fromStore(fromStore);
        } else if (input instanceof SessionInput.Restored restored) {
            restored(restored);
        } else if (input instanceof SessionInput.KeepRequested) {
            keepRequested();
        } else if (!(input instanceof SessionInput.Tick)) {
            throw new AssertionError("input without a case: " + input);
        }
        timePassed();
        List<SessionOutput> result = orders;
        orders = new ArrayList<>();
        return result;
    }

    /** When to send a {@link SessionInput.Tick} at the latest; an early one does nothing. */
    public Optional<Instant> deadline() {
        Stream<Optional<Instant>> deadlines = Stream.of(
                recordingOpen && takesBytes() ? extent.forceDue() : Optional.empty(),
                phase == SessionPhase.STALLED ? Optional.of(retryAt) : Optional.empty(),
                phase == SessionPhase.ORPHANED ? Optional.of(phaseSince.plus(config.retention())) : Optional.empty(),
                phase == SessionPhase.SAVED ? Optional.of(phaseSince.plus(SAVED_LINGER)) : Optional.empty(),
                Optional.ofNullable(awaitedEnd).map(AwaitedEnd::until),
                owesSignOfLife() ? Optional.of(lastSent.plus(config.keepAlive())) : Optional.empty());
        return deadlines
                .flatMap(Optional::stream)
                .filter(at -> at.isBefore(Instant.MAX))
                .min(Instant::compareTo);
    }

    /** Where the session stands. */
    public SessionPhase phase() {
        return phase;
    }

    /** Offset below which everything survives a power cut, bytes. */
    public long durableBytes() {
        return extent.durable();
    }

    /** Binary messages received. */
    public long chunks() {
        return chunks;
    }

    /** The recording's name as far as the store has told it, else empty. */
    public String fileName() {
        return fileName;
    }

    /** What the uploader said of the recording; empty before the first {@code start}. */
    public Optional<Description> description() {
        return Optional.ofNullable(description);
    }

    /** Whose session it is; empty before the first {@code start}. */
    public Optional<String> device() {
        return Optional.ofNullable(device);
    }

    // ---- what the peer does

    private void fromPeer(SessionInput.FromPeer input) {
        if (input instanceof Attached attached) {
            attached(attached);
            return;
        }
        if (owner == null || !owner.id.equals(input.owner())) {
            return; // late bytes of a connection that was superseded, or is being closed
        }
        if (input instanceof ChunkReceived received) {
            chunkReceived(received.chunk());
        } else if (input instanceof RawReceived received) {
            rawReceived(received);
        } else if (input instanceof SessionInput.EndReceived received) {
            endReceived(received.end());
        } else if (input instanceof SessionInput.AbortReceived) {
            abortReceived();
        } else if (input instanceof SessionInput.Detached) {
            detached();
        } else {
            throw new AssertionError("input without a case: " + input);
        }
    }

    private void attached(Attached attached) {
        if (device != null && !device.equals(attached.device())) {
            sendTo(
                    attached.owner(),
                    problem(ErrorReason.FORBIDDEN, "session " + id + " belongs to another device", null));
            return;
        }
        if (owner != null && !owner.id.equals(attached.owner())) {
            boolean isOlder = attached.owner().value() < owner.id.value();
            OwnerId loser = isOlder ? attached.owner() : owner.id;
            orders.add(new SessionOutput.Close(loser, CloseCode.SUPERSEDED, "a newer connection owns session " + id));
            if (isOlder) {
                return;
            }
        }
        owner = new Owner(attached.owner(), attached.raw());
        awaitedEnd = null;
        gapReported = false;
        syncTo = extent.received();
        lastSent = now;
        if (phase == SessionPhase.NEW) {
            device = attached.device();
            description = attached.description();
        }
        switch (phase) {
            case NEW -> open();
            case RECEIVING, ORPHANED -> {
                if (recordingOpen) {
                    become(SessionPhase.SYNCING);
                    synced();
                } else {
                    open();
                }
            }
            case STALLED -> answerStalled();
            case SAVED -> sendStarted(true); // all bytes are here; `end` brings `saved`
            case COMPLETING ->
                acceptedEnd = null; // somebody else's; this owner is told to continue when it is known where
            case KEEPING, GONE ->
                send(problem(ErrorReason.SESSION_UNKNOWN, "session " + id + " was ended at the server", null));
            case OPENING, SYNCING, DISCARDING -> {
                // the store's answer goes to whoever owns the session then
            }
        }
    }

    private void chunkReceived(Chunk chunk) {
        if (phase != SessionPhase.RECEIVING) {
            return; // not asked for: `started` says where to continue
        }
        long expected = extent.received();
        if (!chunk.isIntact()) {
            if (chunk.offset() <= expected) {
                gapReported = false; // it is not one of those behind the gap: asked for again, and damaged again
            }
            refuse(ErrorReason.CHUNK_CORRUPT, "chunk at " + chunk.offset() + " does not match its checksum", expected);
        } else if (chunk.offset() > expected) {
            refuse(ErrorReason.OFFSET_MISMATCH, "found offset " + chunk.offset() + "; expected " + expected, expected);
        } else if (chunk.end() > config.maxRecordingBytes() || chunk.end() < 0) {
            refuse(ErrorReason.TOO_LARGE, "allowed are " + config.maxRecordingBytes() + " bytes a recording", null);
        } else {
            gapReported = false;
            chunks++;
            takeBehind(chunk, (int)
                    Math.min(expected - chunk.offset(), chunk.payload().remaining()));
        }
    }

    /** Takes what is new of a chunk; what was sent before must be the same as then. */
    private void takeBehind(Chunk chunk, int overlap) {
        ByteBuffer payload = chunk.payload();
        if (overlap > 0) {
            orders.add(new SessionOutput.Compare(chunk.offset(), payload.slice(payload.position(), overlap)));
        }
        int fresh = payload.remaining() - overlap;
        if (fresh > 0) {
            orders.add(new SessionOutput.Append(payload.slice(payload.position() + overlap, fresh)));
            extent.took(fresh, now);
        }
    }

    /** One error for a gap, however many chunks lie behind it: they were sent before the error could arrive. */
    private void refuse(String reason, String detail, @Nullable Long expectedOffset) {
        if (!gapReported) {
            send(problem(reason, detail, expectedOffset));
            gapReported = true;
        }
    }

    private void rawReceived(RawReceived received) {
        boolean takes =
                phase == SessionPhase.RECEIVING || phase == SessionPhase.SYNCING || phase == SessionPhase.OPENING;
        if (!takes) {
            return;
        }
        int bytes = received.bytes().remaining();
        if (bytes > config.maxRecordingBytes() - extent.received()) {
            send(problem(
                    ErrorReason.TOO_LARGE, "allowed are " + config.maxRecordingBytes() + " bytes a recording", null));
            closeOwner(CloseCode.POLICY, "recording too large");
            return;
        }
        if (bytes > 0) {
            orders.add(new SessionOutput.Append(received.bytes()));
            extent.took(bytes, now);
        }
        if (received.last()) {
            chunks++;
        }
        completeIfAllCame();
    }

    private void endReceived(End end) {
        switch (phase) {
            case OPENING, SYNCING -> awaitIfRaw(end);
            case RECEIVING -> {
                long found = extent.received();
                if (end.totalBytes() == found) {
                    complete(end);
                } else if (end.totalBytes() < found) {
                    send(problem(
                            ErrorReason.INTEGRITY_MISMATCH,
                            "found " + found + " bytes; 'end' states " + end.totalBytes(),
                            null));
                } else if (!awaitIfRaw(end)) {
                    send(problem(
                            ErrorReason.OFFSET_MISMATCH,
                            "found " + found + " bytes; 'end' states " + end.totalBytes(),
                            found));
                }
            }
            case STALLED -> answerStalled();
            case COMPLETING -> acceptedEnd = end; // the answer is on its way
            case SAVED -> sendSaved(end);
            default -> {
                // it is coming to another end, of which its owner hears
            }
        }
    }

    /** v1 clients may say {@code end} while their last bytes are still being read from the recorder. */
    private boolean awaitIfRaw(End end) {
        if (owner == null || !owner.raw) {
            return false;
        }
        awaitedEnd = new AwaitedEnd(end, now.plus(config.endPatience()));
        return true;
    }

    private void completeIfAllCame() {
        if (awaitedEnd != null && phase == SessionPhase.RECEIVING && awaitedEnd.end.totalBytes() <= extent.received()) {
            End end = awaitedEnd.end;
            awaitedEnd = null;
            endReceived(end);
        }
    }

    private boolean allCame() {
        return awaitedEnd != null && awaitedEnd.end.totalBytes() == extent.received();
    }

    private void complete(End end) {
        acceptedEnd = end;
        become(SessionPhase.COMPLETING);
        orders.add(new SessionOutput.Save(end.totalBytes(), end.sha256(), chunks));
    }

    private void abortReceived() {
        abortAsked = true;
        switch (phase) {
            case OPENING -> afterStall = SessionPhase.DISCARDING;
            case STALLED -> {
                afterStall = SessionPhase.DISCARDING;
                retrySoon();
            }
            case RECEIVING, SYNCING -> discard();
            case SAVED -> sendSaved(null); // too late
            default -> {
                // too late, and what happens instead is on its way
            }
        }
    }

    /** An {@code end} that came stays: its sender may have left right behind its last byte (v1). */
    private void detached() {
        owner = null;
        if (phase == SessionPhase.RECEIVING || (phase == SessionPhase.SYNCING && !allCame())) {
            become(SessionPhase.ORPHANED);
        } else if (phase == SessionPhase.SAVED) {
            retire();
        }
    }

    // ---- what the store answers

    private void fromStore(SessionInput.FromStore input) {
        if (input instanceof Opened opened) {
            opened(opened);
        } else if (input instanceof FoundFinished found) {
            foundFinished(found);
        } else if (input instanceof SessionInput.Forced forced) {
            forced(forced.durableBytes());
        } else if (input instanceof SessionInput.Compared compared) {
            if (!compared.same()) {
                stall(ErrorReason.CONTENT_CONFLICT, "bytes sent again differ from those before");
                retryAt = now; // the store is well: it only has to drop what it was not given any more
            }
        } else if (input instanceof SessionInput.Rewound rewound) {
            fileName = rewound.fileName();
            extent.rewound(rewound.durableBytes());
            afterStall();
        } else if (input instanceof SessionInput.Kept kept) {
            kept(kept.recording());
        } else if (input instanceof SessionInput.Mismatched mismatched) {
            if (acceptedEnd == null && owner != null) {
                syncTo = extent.received();
                become(SessionPhase.SYNCING);
                synced();
            } else {
                become(owner == null ? SessionPhase.ORPHANED : SessionPhase.RECEIVING);
                send(problem(ErrorReason.INTEGRITY_MISMATCH, mismatched.detail(), null));
            }
        } else if (input instanceof SessionInput.Discarded) {
            send(
                    abortAsked
                            ? new Aborted(id)
                            : problem(ErrorReason.SESSION_UNKNOWN, "session " + id + " was ended at the server", null));
            retire();
        } else if (input instanceof SessionInput.StorageFailed failed) {
            storageFailed(failed);
        } else {
            throw new AssertionError("input without a case: " + input);
        }
    }

    private void opened(Opened opened) {
        if (!belongsTo(opened.device())) {
            return;
        }
        recordingOpen = true;
        offsetKnown = true;
        fileName = opened.fileName();
        chunks += opened.chunks() - chunksBeforeOpen;
        chunksBeforeOpen = opened.chunks();
        extent.opened(opened.durableBytes());
        if (phase == SessionPhase.STALLED) {
            afterStall();
        } else if (phase == SessionPhase.OPENING) {
            if (afterStall == SessionPhase.RECEIVING) {
                goOn(opened.resumed());
            } else {
                afterStall();
            }
        }
    }

    private void foundFinished(FoundFinished found) {
        if (!belongsTo(found.device())) {
            return;
        }
        if (phase != SessionPhase.OPENING && phase != SessionPhase.STALLED) {
            retire(); // it was to be kept or discarded, and is over already
            return;
        }
        SavedRecording recording = found.recording();
        saved = recording;
        fileName = recording.fileName();
        chunks = recording.chunks();
        extent.allSaved(recording.bytes());
        offsetKnown = true;
        if (recording.partial()) {
            send(problem(
                    ErrorReason.SESSION_UNKNOWN,
                    "session " + id + " was ended at the server and kept as partial",
                    null));
            retire();
            return;
        }
        become(SessionPhase.SAVED);
        sendStarted(true);
        if (awaitedEnd != null) {
            sendSaved(awaitedEnd.end);
            awaitedEnd = null;
        } else if (afterStall == SessionPhase.DISCARDING) {
            sendSaved(null); // `abort` came too late
        }
        if (owner == null) {
            retire();
        }
    }

    private boolean belongsTo(String storedDevice) {
        if (storedDevice.equals(device)) {
            return true;
        }
        send(problem(ErrorReason.FORBIDDEN, "session " + id + " belongs to another device", null));
        retire();
        return false;
    }

    private void forced(long durableBytes) {
        extent.forced(durableBytes);
        orders.add(new SessionOutput.Changed());
        if (phase == SessionPhase.SYNCING) {
            synced();
        } else if (phase != SessionPhase.DISCARDING) {
            sendProgress();
        }
    }

    /** Answers the owner once nothing is left that is written and not durable. */
    private void synced() {
        // Not "when all is durable": v1 may stream on without waiting for `started`, and never leave a quiet moment.
        if (extent.durable() >= syncTo) {
            goOn(true);
        } else if (extent.canForce()) {
            force();
        }
    }

    private void kept(SavedRecording recording) {
        boolean whole = phase == SessionPhase.COMPLETING;
        saved = recording;
        fileName = recording.fileName();
        orders.add(new SessionOutput.Published(recording));
        if (whole) {
            extent.allSaved(recording.bytes());
            become(SessionPhase.SAVED);
            if (acceptedEnd == null) {
                sendStarted(true);
            } else {
                sendSaved(acceptedEnd);
            }
        } else if (!recording.partial()) {
            sendSaved(acceptedEnd); // a save before had come further than it seemed
        } else {
            send(problem(ErrorReason.SESSION_UNKNOWN, "session " + id + " was kept as a partial recording", null));
        }
        if (!whole || owner == null) {
            retire();
        }
    }

    private void storageFailed(SessionInput.StorageFailed failed) {
        stall(failed.full() ? ErrorReason.STORAGE_FULL : ErrorReason.STORAGE_FAILED, failed.detail());
        retryAt = now.plus(config.storageRetry());
    }

    /** Orders in flight are void from here on; the store is asked to go back to what is durable. */
    private void stall(String reason, @Nullable String detail) {
        boolean wasStalled = phase == SessionPhase.STALLED;
        boolean isNews = !wasStalled || !reason.equals(stallReason);
        stallReason = reason;
        stallDetail = detail;
        if (!wasStalled) {
            boolean ending = phase == SessionPhase.KEEPING || phase == SessionPhase.DISCARDING;
            if (ending) {
                afterStall = phase;
            }
            become(SessionPhase.STALLED);
        }
        extent.lostTail();
        awaitedEnd = null;
        if (isNews) {
            tellStalled();
        }
    }

    /** Tries the store again at once, unless it is being tried. */
    private void retrySoon() {
        if (retryAt.isBefore(Instant.MAX)) {
            retryAt = now;
        }
    }

    /** A conflict is told once; what is asked meanwhile is answered by the {@code started} that follows at once. */
    private void answerStalled() {
        boolean isConflict = stallReason.equals(ErrorReason.CONTENT_CONFLICT);
        if (!isConflict || (owner != null && owner.raw)) {
            tellStalled();
        }
    }

    private void tellStalled() {
        if (owner != null && owner.raw) {
            closeOwner(CloseCode.TRY_AGAIN_LATER, stallReason); // v1 chunks carry no offset: only a new start is exact
        } else {
            send(problem(stallReason, stallDetail, offsetKnown ? extent.durable() : null));
        }
    }

    private void afterStall() {
        retryAt = Instant.MAX;
        if (afterStall == SessionPhase.KEEPING) {
            keepPartial();
        } else if (afterStall == SessionPhase.DISCARDING) {
            discard();
        } else {
            goOn(true);
        }
    }

    // ---- what the operator and the clock do

    private void restored(SessionInput.Restored restored) {
        device = restored.device();
        description = restored.description();
        fileName = restored.fileName();
        chunks = restored.chunks();
        chunksBeforeOpen = restored.chunks();
        extent.rewound(restored.durableBytes());
        offsetKnown = true;
        become(SessionPhase.ORPHANED);
        phaseSince = now.minus(restored.idle());
    }

    private void keepRequested() {
        switch (phase) {
            case RECEIVING, SYNCING, ORPHANED -> keepPartial();
            case OPENING -> afterStall = SessionPhase.KEEPING;
            case STALLED -> {
                afterStall = SessionPhase.KEEPING;
                retrySoon();
            }
            default -> {
                // nothing to keep, or its end is on its way
            }
        }
    }

    private void timePassed() {
        if (recordingOpen && takesBytes() && extent.mustForce(now)) {
            force();
        }
        if (phase == SessionPhase.STALLED && !now.isBefore(retryAt)) {
            retryAt = Instant.MAX;
            if (recordingOpen) {
                orders.add(new SessionOutput.Rewind());
            } else {
                orderOpen();
            }
        }
        if (phase == SessionPhase.ORPHANED && !now.isBefore(phaseSince.plus(config.retention()))) {
            keepPartial();
        }
        if (phase == SessionPhase.SAVED && !now.isBefore(phaseSince.plus(SAVED_LINGER))) {
            retire();
        }
        if (awaitedEnd != null && !now.isBefore(awaitedEnd.until)) {
            send( // and nothing, if its sender has left
                    problem(
                            ErrorReason.INTEGRITY_MISMATCH,
                            "found " + extent.received() + " bytes; 'end' states " + awaitedEnd.end.totalBytes(),
                            extent.received()));
            awaitedEnd = null;
        }
        if (owesSignOfLife() && !now.isBefore(lastSent.plus(config.keepAlive()))) {
            sendProgress();
        }
    }

    /** While bytes wait for the disk the uploader hears nothing else of us, and must not think us dead. */
    private boolean owesSignOfLife() {
        boolean waits = !extent.isAllDurable() || phase == SessionPhase.COMPLETING || phase == SessionPhase.STALLED;
        boolean ending = phase == SessionPhase.DISCARDING || phase == SessionPhase.GONE;
        return owner != null && offsetKnown && waits && !ending;
    }

    private boolean takesBytes() {
        return phase == SessionPhase.RECEIVING || phase == SessionPhase.ORPHANED;
    }

    // ---- steps

    private void open() {
        become(SessionPhase.OPENING);
        orderOpen();
    }

    private void orderOpen() {
        if (device == null || description == null) {
            throw new AssertionError("session " + id + " opened before anything is known of it");
        }
        orders.add(new SessionOutput.Open(device, description));
    }

    /** Takes bytes from the durable offset on, or waits for an owner. */
    private void goOn(boolean resumed) {
        if (owner == null && !allCame()) {
            become(SessionPhase.ORPHANED);
        } else {
            become(SessionPhase.RECEIVING);
            sendStarted(resumed);
            completeIfAllCame();
        }
    }

    private void force() {
        extent.forcing();
        orders.add(new SessionOutput.Force(chunks));
    }

    /** Keeps what came; an empty recording is no use to anybody. */
    private void keepPartial() {
        if (!recordingOpen) {
            orderOpen();
        }
        if (extent.received() == 0) {
            discard();
            return;
        }
        become(SessionPhase.KEEPING);
        orders.add(new SessionOutput.KeepPartial(chunks));
    }

    private void discard() {
        become(SessionPhase.DISCARDING);
        orders.add(new SessionOutput.Discard());
    }

    private void retire() {
        become(SessionPhase.GONE);
        owner = null;
        orders.add(new SessionOutput.Retire());
    }

    private void closeOwner(CloseCode code, String reason) {
        if (owner != null) {
            orders.add(new SessionOutput.Close(owner.id, code, reason));
            detached();
        }
    }

    private void become(SessionPhase next) {
        if (!phase.mayBecome(next)) {
            throw new AssertionError("session " + id + ": " + phase + " may not become " + next);
        }
        phase = next;
        phaseSince = now;
        orders.add(new SessionOutput.Changed());
    }

    private void sendStarted(boolean resumed) {
        gapReported = false;
        send(new Started(id, fileName, resumed, extent.durable()));
    }

    private void sendProgress() {
        send(new Progress(id, extent.durable(), chunks));
    }

    /** @param end what is answered, or {@code null} where it came to another machine */
    private void sendSaved(@Nullable End end) {
        SavedRecording recording = saved;
        if (recording == null || recording.sha256() == null) {
            throw new AssertionError("session " + id + " is saved without a hash");
        }
        boolean same = end == null
                || (recording.bytes() == end.totalBytes()
                        && (end.sha256() == null || end.sha256().equals(recording.sha256())));
        send(
                same
                        ? new Saved(
                                id,
                                recording.fileName(),
                                recording.bytes(),
                                recording.chunks(),
                                recording.sha256(),
                                recording.bytes())
                        : problem(
                                ErrorReason.INTEGRITY_MISMATCH,
                                "saved are " + recording.bytes() + " bytes with SHA-256 " + recording.sha256(),
                                null));
    }

    private Problem problem(String reason, @Nullable String detail, @Nullable Long expectedOffset) {
        return new Problem(reason, detail, id, expectedOffset);
    }

    private void send(Message message) {
        if (owner != null) {
            sendTo(owner.id, message);
            lastSent = now;
        }
    }

    private void sendTo(OwnerId to, Message message) {
        orders.add(new SessionOutput.Send(to, message));
    }
}
