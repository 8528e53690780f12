package io.quickdrop.relay.upload;

import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The server's end of one recording: who owns it, how far it is durable, and what its uploader is told.
 *
 * <p>What it guarantees, whatever the order of its inputs: {@code progress} and {@code started} name only offsets that
 * the store has forced, and never fall; a byte is handed to the store once and in its place; only the newest connection
 * of the session's own device is listened to; {@code saved} is said only after the store has verified and saved; a
 * session that holds bytes ends in a recording, whole or partial, unless its owner throws it away.
 *
 * <p>Its parts: {@link PeerSide} and {@link StoreSide} say what follows from a fact, {@link SessionLife} knows where the
 * session stands and takes the steps; here is the clock, and the operator.
 *
 * <p>Pure; confined to one thread; {@code now} is monotonic (time that goes backwards is clamped).
 */
public final class UploadSession {
    /** How long a saved session's machine stays around to repeat {@code saved} before the catalogue does it. */
    private static final Duration SAVED_LINGER = Duration.ofMinutes(1);

    private final SessionConfig config;
    private final SessionLife life;
    private final PeerSide peer;
    private final StoreSide store;

    public UploadSession(SessionId id, SessionConfig config) {
        this.config = config;
        this.life = new SessionLife(id, config);
        Mending mending = new Mending(life);
        this.peer = new PeerSide(life, mending);
        this.store = new StoreSide(life, mending);
    }

    /** Takes one fact and returns what follows from it, in order. */
    public List<SessionOutput> handle(SessionInput input, Instant at) {
        if (at.isAfter(life.now)) {
            life.now = at;
        }
        if (input instanceof SessionInput.FromPeer fromPeer) {
            peer.handle(fromPeer);
        } else if (input instanceof SessionInput.FromStore fromStore) {
            store.handle(fromStore);
        } else if (input instanceof SessionInput.Restored restored) {
            store.restored(restored);
        } else if (input instanceof SessionInput.KeepRequested) {
            keepRequested();
        } else if (!(input instanceof SessionInput.Tick)) {
            throw new AssertionError("input without a case: " + input);
        }
        timePassed();
        return life.voice.takeOrders();
    }

    /** When to send a {@link SessionInput.Tick} at the latest; an early one does nothing. */
    public Optional<Instant> deadline() {
        SessionPhase phase = life.phase();
        Instant since = life.phaseSince;
        Stream<Optional<Instant>> deadlines = Stream.of(
                forcesByItself() ? life.extent.forceDue() : Optional.empty(),
                when(phase == SessionPhase.STALLED, life.trouble.retryAt()),
                when(phase == SessionPhase.ORPHANED, since.plus(config.retention())),
                when(phase == SessionPhase.SAVED, since.plus(SAVED_LINGER)),
                life.ending.awaitedUntil(),
                when(owesSignOfLife(), life.voice.lastSent().plus(config.keepAlive())));
        return deadlines
                .flatMap(Optional::stream)
                .filter(at -> at.isBefore(Instant.MAX))
                .min(Instant::compareTo);
    }

    private static Optional<Instant> when(boolean applies, Instant at) {
        return applies ? Optional.of(at) : Optional.empty();
    }

    /** Where the session stands. */
    public SessionPhase phase() {
        return life.phase();
    }

    /** Offset below which everything survives a power cut, bytes. */
    public long durableBytes() {
        return life.extent.durable();
    }

    /** Binary messages received. */
    public long chunks() {
        return life.chunks;
    }

    /** The recording's name as far as the store has told it, else empty. */
    public String fileName() {
        return life.fileName;
    }

    /** How long the recording plays, milliseconds; empty where its {@code end} does not say. */
    public Optional<Long> durationMs() {
        return life.ending.durationMs();
    }

    /** What the uploader said of the recording; empty before the first {@code start}. */
    public Optional<Description> description() {
        return Optional.ofNullable(life.description);
    }

    /** Whose connection sends it; empty while nobody does. */
    public Optional<OwnerId> owner() {
        return life.voice.ownerId();
    }

    /** Whose session it is; empty before the first {@code start}. */
    public Optional<String> device() {
        return Optional.ofNullable(life.device);
    }

    private void keepRequested() {
        switch (life.phase()) {
            case RECEIVING, REPAIRING, SYNCING, ORPHANED -> life.keepPartial();
            case OPENING -> life.wish = SessionLife.Wish.KEEP_PARTIAL;
            case STALLED -> {
                life.wish = SessionLife.Wish.KEEP_PARTIAL;
                life.trouble.retryBy(life.now);
            }
            case NEW, COMPLETING, KEEPING, DISCARDING, SAVED, GONE -> {
                // nothing to keep, or its end is on its way
            }
        }
    }

    private void timePassed() {
        if (forcesByItself() && life.extent.mustForce(life.now)) {
            life.force();
        }
        if (life.phase() == SessionPhase.STALLED && hasCome(life.trouble.retryAt())) {
            retryStore();
        }
        if (life.phase() == SessionPhase.ORPHANED && hasCome(life.phaseSince.plus(config.retention()))) {
            life.keepPartial();
        }
        if (life.phase() == SessionPhase.SAVED && hasCome(life.phaseSince.plus(SAVED_LINGER))) {
            life.retire();
        }
        if (life.ending.awaitedUntil().filter(this::hasCome).isPresent()) {
            long found = life.extent.received();
            String detail = "found " + found + " bytes; 'end' states more, which did not come";
            life.sayProblem(ErrorReason.INTEGRITY_MISMATCH, detail, found);
            life.ending.stopAwaiting();
        }
        if (owesSignOfLife() && hasCome(life.voice.lastSent().plus(config.keepAlive()))) {
            life.sayProgress();
        }
    }

    private void retryStore() {
        life.trouble.retrying();
        if (life.recordingOpen) {
            life.voice.order(new SessionOutput.Rewind());
        } else {
            life.orderOpen();
        }
    }

    private boolean hasCome(Instant time) {
        return !life.now.isBefore(time);
    }

    /** Whether bytes are forced for their own sake; elsewhere the store has another order that does it. */
    private boolean forcesByItself() {
        boolean quiet =
                switch (life.phase()) {
                    case RECEIVING, REPAIRING, ORPHANED -> true;
                    default -> false;
                };
        return life.recordingOpen && quiet;
    }

    /** While bytes wait for the disk the uploader hears nothing else of us, and must not think us dead. */
    private boolean owesSignOfLife() {
        boolean waits =
                switch (life.phase()) {
                    case COMPLETING, REPAIRING, STALLED -> true;
                    case DISCARDING, GONE -> false;
                    default -> !life.extent.isAllDurable();
                };
        return waits && life.offsetKnown && life.voice.hasOwner();
    }
}
