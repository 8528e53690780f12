package io.quickdrop.relay.driver.command;

import io.quickdrop.relay.desktop.command.CommandOutcome;
import io.quickdrop.relay.desktop.command.NewCommand;
import io.quickdrop.relay.desktop.command.StoredCommand;
import io.quickdrop.relay.driver.StorageException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Where commands are kept until, and for a while after, they ended; shared by all instances. An interface that an embedder
 * implements; every implementation passes {@code CommandStoreContract}. What a method wrote is durable when it returns, and each
 * method is one transaction. Its clock alone decides what is late. Methods may block and may be called from any thread.
 */
public interface CommandStore {
    /** Open commands of one desktop: more than people give, and what its agent is told anew when it comes back. */
    int MAX_OPEN = 256;
    /**
     * How long past its expiry a delivered command is asked for. An agent says what it knows within a second; it reconnects
     * within 15 s.
     */
    Duration ANSWER_GRACE = Duration.ofSeconds(60);
    /** How long a command is remembered after it ended, and its idempotency key with it. */
    Duration KEPT_FOR = Duration.ofDays(1);
    /** Most commands of one desktop that are remembered after they ended; the oldest go first. */
    int MAX_KEPT = 10_000;
    /** Why a pending command ended. */
    String TOO_LATE = "the desktop could not be told in time";
    /** Why a delivered command ended that nobody answered. */
    String UNANSWERED = "the desktop did not answer; it may have run";

    /** Id of the instance that this object speaks for; no other has it. */
    String instance();

    /** Stores a command, unless it is stored already. Wakes the instance that has the desktop. */
    Added add(NewCommand command) throws StorageException;

    /** What became of a command that was to be stored. */
    sealed interface Added {
        /** It is stored, and pending. */
        record Stored(StoredCommand command) implements Added {}

        /** It was stored before, under the same idempotency key. */
        record Known(StoredCommand command) implements Added {}

        /** Another command was stored before, under the same idempotency key. Nothing was stored. */
        record Conflict(StoredCommand other) implements Added {}

        /** The desktop has {@link #MAX_OPEN} open ones. Nothing was stored. */
        record TooMany() implements Added {}

        /** No desktop of this id has ever registered, or it was removed. Nothing was stored. */
        record UnknownDesktop() implements Added {}
    }

    /** Those of the commands that are remembered, in no order. */
    List<StoredCommand> find(Collection<String> commandIds) throws StorageException;

    /** The newest commands of a desktop, newest first. */
    List<StoredCommand> list(String clientId, int most) throws StorageException;

    /**
     * Makes every pending command of a desktop delivered, but the expired ones, which end as that.
     *
     * @param epoch the registration that it is for; of a stale one nothing is claimed and nothing returned
     * @param again whether its agent keeps a journal, so that a command may be sent to it more than once
     * @return all delivered ones that have not ended, those of earlier registrations too, in the order in which they were added
     */
    List<StoredCommand> claim(String clientId, long epoch, boolean again) throws StorageException;

    /**
     * Ends a delivered command. Wakes those who wait for the result.
     *
     * @param clientId the desktop that answered: no other's command ends
     * @param epoch of the registration that answered
     * @return whether it did: false if it had ended or is not delivered, or if the epoch is stale
     */
    boolean finish(String clientId, long epoch, String commandId, CommandOutcome outcome) throws StorageException;

    /**
     * What an instance asks each second, for all its desktops and askers together.
     *
     * @param connected desktops that are connected to it
     * @param watched ids of commands whose askers it is to tell
     */
    Due due(Collection<String> connected, Collection<String> watched) throws StorageException;

    /**
     * What is to be done.
     *
     * @param waiting desktops, of those connected, that have pending commands
     * @param watched the commands as they are now, in no order
     * @param late whether there is something for {@link #sweep}
     */
    record Due(Set<String> waiting, List<StoredCommand> watched, boolean late) {
        public Due {
            waiting = Set.copyOf(waiting);
            watched = List.copyOf(watched);
        }
    }

    /**
     * Ends what waited too long: pending ones past their expiry as expired, and, if {@code unanswered}, delivered ones past that
     * and {@link #ANSWER_GRACE} as failed; all open ones of desktops that were removed. Wakes those who wait for the results.
     *
     * @param unanswered false for a while after the store was out of reach, when answers may be on their way to it
     * @return how many ended
     */
    int sweep(boolean unanswered) throws StorageException;

    /** Forgets what ended {@link #KEPT_FOR} ago, and the oldest of more than {@link #MAX_KEPT}; returns how many. */
    int forget() throws StorageException;
}
