package io.quickdrop.relay.desktop.command;

import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * How a command ended.
 *
 * @param state {@code COMPLETED}, {@code FAILED} or {@code EXPIRED}
 * @param error for people: why it did not complete
 * @param instance id of the server that holds what the result is about, a screenshot's file; null where there is none
 */
public record CommandOutcome(
        CommandState state, @Nullable JsonObject result, @Nullable String error, @Nullable String instance) {
    /** Longest result that is kept, characters of JSON: what our agents say needs less than two hundred. */
    public static final int MAX_RESULT_CHARS = 16 << 10;
    /** Longest error that is kept, characters; longer ones are cut. */
    public static final int MAX_ERROR_CHARS = 1000;

    /** A result that is too long is left out, and the error says so; a long error is cut: both come from desktops. */
    public CommandOutcome {
        if (!state.isEnd()) {
            throw new IllegalArgumentException("found " + state + "; allowed are the states that are an end");
        }
        int chars = result == null ? 0 : result.toString().length();
        if (chars > MAX_RESULT_CHARS) {
            result = null;
            error = "found a result of " + chars + " characters; kept are " + MAX_RESULT_CHARS
                    + (error == null ? "" : ". " + error);
        }
        if (error != null && error.length() > MAX_ERROR_CHARS) {
            error = error.substring(0, MAX_ERROR_CHARS);
        }
    }

    /** It was done. */
    public static CommandOutcome completed(@Nullable JsonObject result) {
        return new CommandOutcome(CommandState.COMPLETED, result, null, null);
    }

    /** It was not done, or nobody knows. */
    public static CommandOutcome failed(String error) {
        return new CommandOutcome(CommandState.FAILED, null, error, null);
    }

    /** It never began, and never will. */
    public static CommandOutcome expired(String error) {
        return new CommandOutcome(CommandState.EXPIRED, null, error, null);
    }
}
