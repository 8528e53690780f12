package io.quickdrop.relay.upload;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Where an {@link UploadSession} stands, and where it may go from there. */
public enum SessionPhase {
    /** Nothing is known; the first {@code start} has not come. */
    NEW,
    /** The store is asked for the recording. */
    OPENING,
    /** An owner came (again); what was written is being forced, so that it continues at a durable offset. */
    SYNCING,
    /** The owner was told where to continue; bytes flow. */
    RECEIVING,
    /** Nobody owns it; it waits for its device to come back. */
    ORPHANED,
    /** The disk is full or failing; nothing is taken, the store is tried again and again. */
    STALLED,
    /** All bytes are there; they are being verified and saved. */
    COMPLETING,
    /** All bytes are there and some differ from the sender's; they are being found and sent again. */
    REPAIRING,
    /** Being kept as a partial recording. */
    KEEPING,
    /** Being thrown away. */
    DISCARDING,
    /** Saved. A repeated {@code end} repeats {@code saved}. */
    SAVED,
    /** Over. */
    GONE;

    private static final Map<SessionPhase, Set<SessionPhase>> ALLOWED = new EnumMap<>(SessionPhase.class);

    static {
        ALLOWED.put(NEW, EnumSet.of(OPENING, ORPHANED));
        ALLOWED.put(OPENING, EnumSet.of(SYNCING, RECEIVING, ORPHANED, STALLED, KEEPING, DISCARDING, SAVED, GONE));
        ALLOWED.put(SYNCING, EnumSet.of(RECEIVING, ORPHANED, STALLED, KEEPING, DISCARDING));
        ALLOWED.put(RECEIVING, EnumSet.of(SYNCING, ORPHANED, STALLED, COMPLETING, KEEPING, DISCARDING));
        ALLOWED.put(ORPHANED, EnumSet.of(OPENING, SYNCING, STALLED, KEEPING, DISCARDING));
        ALLOWED.put(STALLED, EnumSet.of(RECEIVING, ORPHANED, KEEPING, DISCARDING, SAVED, GONE));
        ALLOWED.put(COMPLETING, EnumSet.of(SAVED, REPAIRING, SYNCING, RECEIVING, ORPHANED, STALLED, DISCARDING));
        ALLOWED.put(REPAIRING, EnumSet.of(COMPLETING, SYNCING, ORPHANED, STALLED, KEEPING, DISCARDING));
        ALLOWED.put(KEEPING, EnumSet.of(GONE, STALLED));
        ALLOWED.put(DISCARDING, EnumSet.of(GONE, STALLED));
        ALLOWED.put(SAVED, EnumSet.of(GONE));
        ALLOWED.put(GONE, EnumSet.noneOf(SessionPhase.class));
    }

    boolean mayBecome(SessionPhase next) {
        return ALLOWED.getOrDefault(this, Set.of()).contains(next);
    }
}
