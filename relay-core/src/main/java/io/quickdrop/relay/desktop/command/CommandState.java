package io.quickdrop.relay.desktop.command;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How far a command is; it only ever moves down this list, and out of the last three never. */
public enum CommandState {
    /** Stored; no desktop was told of it yet. */
    PENDING,
    /** Its desktop is being told, again and again until it answers. It may have begun. */
    DELIVERED,
    /** The desktop did it. */
    COMPLETED,
    /** It could not be done, or nobody knows; the error says which. */
    FAILED,
    /** Its time was over before it began: it never ran and never will. */
    EXPIRED;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** As in {@code command_status}. */
    public String wireName() {
        return wireName;
    }

    /** Whether nothing more becomes of it. */
    public boolean isEnd() {
        return compareTo(DELIVERED) > 0;
    }

    /** The state of this name; empty if there is none. */
    public static Optional<CommandState> of(String wireName) {
        return Arrays.stream(values())
                .filter(state -> state.wireName.equals(wireName))
                .findFirst();
    }
}
