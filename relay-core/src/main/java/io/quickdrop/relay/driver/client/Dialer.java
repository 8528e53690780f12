package io.quickdrop.relay.driver.client;

import io.quickdrop.protocol.CloseCode;
import io.quickdrop.protocol.LinkMessage;
import io.quickdrop.protocol.Message;
import io.quickdrop.relay.driver.threads.SerialInbox;
import io.quickdrop.relay.driver.threads.Workers;
import io.quickdrop.relay.link.DialPlan;
import io.quickdrop.relay.link.Reconnector;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a client connected: dials, gives up what is dead, and dials again when the {@link DialPlan} says so. Confined to
 * its owner's thread.
 */
public final class Dialer {
    /** Whose connections they are. Called on its thread. */
    public interface Owner {
        /** A connection is open and empty. */
        void opened();

        /** The server says something, other than {@code goodbye}. */
        void said(Message message);

        /** A ping was answered. */
        default void answered(Duration roundTrip) {}

        /** The socket holds that much now. */
        void drained(long pendingBytes);

        /** The connection is gone, or could not be made; another is tried after {@code wait}. */
        void offline(String reason, Duration wait);

        /** Whether a close that is final by its code may pass after all, since what it says may be of our own making. */
        default boolean doubts(int code) {
            return false;
        }

        /** The connection is gone for good. */
        void refused(int code, String meaning, String reason);
    }

    /**
     * Close code of a connection that was never made, since the server's certificate is not to be trusted (RFC 6455 section
     * 7.4.1). Where the server was trusted before, another one stands in its place: a laptop that is elsewhere for a while.
     */
    public static final int CERTIFICATE_REFUSED = 1015;

    private static final int ABNORMAL = 1006;

    private final Workers workers;
    private final SerialInbox<Runnable> inbox;
    private final Connector connector;
    private final DialPlan plan;
    private final Owner owner;
    private @Nullable ClientLink link;
    private @Nullable Instant retryAt;
    private boolean everAcknowledged;
    private boolean over;

    /**
     * Begins without a connection; {@link #dial} makes the first.
     *
     * @param inbox runs tasks on the owner's thread
     */
    public Dialer(Workers workers, SerialInbox<Runnable> inbox, Connector connector, DialPlan plan, Owner owner) {
        this.workers = workers;
        this.inbox = inbox;
        this.connector = connector;
        this.plan = plan;
        this.owner = owner;
    }

    /** Dials, if it is time to. */
    public void dial() {
        if (over || link != null || !plan.begins(workers.now())) {
            return;
        }
        retryAt = null;
        ClientLink fresh = new ClientLink(workers, inbox, new LinkOwner(), plan.patience());
        link = fresh;
        connector.connect(fresh);
    }

    /** The present connection; null between two. */
    @Nullable
    public ClientLink link() {
        return link;
    }

    /** The server knows us and takes what we have. */
    public void acknowledged() {
        everAcknowledged = true;
        plan.acknowledged();
    }

    /** Whether the server has failed so often that it is tried less. */
    public boolean isResting() {
        return plan.isResting();
    }

    /** Whether another server stands ready, as {@link DialPlan#hasAnother}. */
    public boolean hasAnother() {
        return plan.hasAnother();
    }

    /** Whether it waits to dial again. */
    public boolean isWaiting() {
        return retryAt != null;
    }

    /** Does what is due at {@code now}. */
    public void tick(Instant now) {
        if (retryAt != null && !now.isBefore(retryAt)) {
            dial();
        }
        if (link != null) {
            link.tick(now);
        }
    }

    /** When {@link #tick} has something to do. */
    public Optional<Instant> deadline() {
        if (link != null) {
            return Optional.of(link.deadline());
        }
        return Optional.ofNullable(retryAt);
    }

    /** The present connection leads nowhere. */
    public void giveUp(String reason) {
        if (link != null) {
            link.abandon(CloseCode.NO_SIGN_OF_LIFE, reason);
            lost(CloseCode.NO_SIGN_OF_LIFE.code(), reason);
        }
    }

    /** Closes the present connection; the owner hears nothing more of it. */
    public void drop(String reason) {
        ClientLink last = link;
        link = null;
        if (last != null) {
            last.abandon(CloseCode.NORMAL, reason);
        }
    }

    /** Closes, and never dials again. */
    public void end(String reason) {
        over = true;
        retryAt = null;
        drop(reason);
    }

    private void lost(int code, String reason) {
        link = null;
        Instant now = workers.now();
        boolean mayPass = (code == CERTIFICATE_REFUSED && everAcknowledged) || owner.doubts(code);
        int judged = mayPass ? ABNORMAL : code;
        Reconnector.Next next = plan.lost(judged, workers.random(), now);
        if (next instanceof Reconnector.Next.GiveUp giveUp) {
            over = true;
            owner.refused(code, giveUp.meaning(), reason);
        } else if (next instanceof Reconnector.Next.Retry retry) {
            retryAt = retry.at();
            owner.offline(reason, Duration.between(now, retry.at()));
        }
    }

    /** Of a connection that was given up nothing is heard. */
    private final class LinkOwner implements ClientLink.Owner {
        @Override
        public void opened() {
            owner.opened();
        }

        @Override
        public void said(Message message) {
            if (message instanceof LinkMessage.Goodbye goodbye) {
                plan.goodbye(Duration.ofMillis(goodbye.retryAfterMs()));
            } else {
                owner.said(message);
            }
        }

        @Override
        public void answered(Duration roundTrip) {
            owner.answered(roundTrip);
        }

        @Override
        public void drained(long pendingBytes) {
            owner.drained(pendingBytes);
        }

        @Override
        public void lost(int code, String reason) {
            Dialer.this.lost(code, reason);
        }
    }
}
