package io.quickdrop.relay.desktop.command;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A command as the store has it. All instants are of the store's clock, which is no other machine's.
 *
 * @param created when it was stored
 * @param expires from when on it must not begin
 * @param timeLeft until {@code expires}, as the store read it; negative when that is past
 * @param delivery null until it is delivered
 * @param ending null until it ended
 */
public record StoredCommand(
        NewCommand asked,
        CommandState state,
        Instant created,
        Instant expires,
        Duration timeLeft,
        @Nullable Delivery delivery,
        @Nullable Ending ending) {
    /**
     * It was claimed for a desktop.
     *
     * @param at for the first time
     * @param epoch the registration that it was claimed for, of the first time
     * @param again whether it may be sent again: it was told only to agents that keep a journal
     */
    public record Delivery(Instant at, long epoch, boolean again) {}

    /** It ended. */
    public record Ending(Instant at, CommandOutcome outcome) {}

    /** Its id. */
    public String commandId() {
        return asked.commandId();
    }
}
