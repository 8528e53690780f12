package io.quickdrop.relay.upload;

import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.LinkMessage.Problem;
import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.SessionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who owns a session, and what it is told: collects the orders that follow from one fact. Without an owner nothing is said.
 */
final class OwnerVoice {
    private record Owner(OwnerId id, boolean raw) {}

    private final SessionId session;
    private List<SessionOutput> orders = new ArrayList<>();
    private @Nullable Owner owner;
    private Instant lastSent = Instant.MIN;
    private boolean refusing;

    OwnerVoice(SessionId session) {
        this.session = session;
    }

    boolean hasOwner() {
        return owner != null;
    }

    boolean isOwner(OwnerId connection) {
        return owner != null && owner.id.equals(connection);
    }

    /** Whose connection it is, if there is an owner. */
    Optional<OwnerId> ownerId() {
        return Optional.ofNullable(owner).map(Owner::id);
    }

    /** Whether the owner speaks v1: its chunks say nothing of where they belong. */
    boolean isRaw() {
        return owner != null && owner.raw;
    }

    /** When something was last said to the owner, or it came. */
    Instant lastSent() {
        return lastSent;
    }

    /**
     * Makes a connection the owner; of two, the newer one wins, and the other is closed.
     *
     * @return whether it is the owner now
     */
    boolean admit(OwnerId connection, boolean raw, Instant now) {
        if (owner != null && !owner.id.equals(connection)) {
            boolean isOlder = connection.value() < owner.id.value();
            OwnerId loser = isOlder ? connection : owner.id;
            order(new SessionOutput.Close(loser, CloseCode.SUPERSEDED, "a newer connection owns session " + session));
            if (isOlder) {
                return false;
            }
        }
        owner = new Owner(connection, raw);
        lastSent = now;
        refusing = false;
        return true;
    }

    void leave() {
        owner = null;
    }

    /** Orders the owner's connection to be closed; the caller then treats it as gone. */
    void close(CloseCode code, String reason) {
        if (owner != null) {
            order(new SessionOutput.Close(owner.id, code, reason));
        }
    }

    void say(Message message, Instant now) {
        if (owner != null) {
            order(new SessionOutput.Send(owner.id, message));
            lastSent = now;
        }
    }

    /** Says something to a connection that is not the owner. */
    void sayTo(OwnerId connection, Message message) {
        order(new SessionOutput.Send(connection, message));
    }

    /** Says one error for a series of chunks: those behind the first were sent before the error could arrive. */
    void refuse(Problem problem, Instant now) {
        if (!refusing) {
            say(problem, now);
            refusing = true;
        }
    }

    /** What comes next is judged anew. */
    void endRefusing() {
        refusing = false;
    }

    Problem problem(String reason, @Nullable String detail, @Nullable Long expectedOffset) {
        return new Problem(reason, detail, session, expectedOffset);
    }

    void order(SessionOutput order) {
        orders.add(order);
    }

    /** The orders since the last call. */
    List<SessionOutput> takeOrders() {
        List<SessionOutput> taken = orders;
        orders = new ArrayList<>();
        return taken;
    }
}
