package io.quickdrop.relay.desktop.command;

import java.time.Duration;
import java.time.Instant;

/** One command that was claimed and is not known to have ended, and what is being done about it. */
record OpenCommand(StoredCommand command, Instant expires, Stage stage) {
    /** What is being done about it. */
    sealed interface Stage {}

    /**
     * The agent was sent it.
     *
     * @param times how often
     * @param next when it is sent again; {@code Instant.MAX}: never
     */
    record Sent(int times, Instant next) implements Stage {}

    /** The store was told how it ended, and has not answered; it failed so often before. */
    record Storing(CommandOutcome outcome, int failures) implements Stage {}

    /** The store is told again at that time, having failed so often. */
    record Unstored(CommandOutcome outcome, int failures, Instant next) implements Stage {}

    /** An agent that has not answered by then will not: the store has ended the command meanwhile. */
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(3);

    /** When it is of no use any more; an answer that is not stored yet always is. */
    Instant forgotten() {
        return stage instanceof Sent ? expires.plus(FORGOTTEN_AFTER) : Instant.MAX;
    }

    OpenCommand at(Stage next) {
        return new OpenCommand(command, expires, next);
    }

    Instant deadline() {
        if (stage instanceof Sent sent) {
            return sent.next().isBefore(forgotten()) ? sent.next() : forgotten();
        }
        return stage instanceof Unstored unstored ? unstored.next() : Instant.MAX;
    }
}
