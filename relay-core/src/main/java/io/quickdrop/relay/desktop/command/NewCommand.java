package io.quickdrop.relay.desktop.command;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants of a desktop, before it is stored.
 *
 * @param commandId new and unique
 * @param clientId the desktop
 * @param commandType one of {@link #TYPES}
 * @param commandData the rest of the order; not changed afterwards
 * @param idempotencyKey the asker's name for it: the same key of the same desktop is the same command
 * @param expiresIn how long it may wait to be begun
 * @param askedBy who, for people
 */
public record NewCommand(
        String commandId,
        String clientId,
        String commandType,
        JsonObject commandData,
        @Nullable String idempotencyKey,
        Duration expiresIn,
        String askedBy) {
    /** Takes a picture of a screen: {@code {screen}}. */
    public static final String SCREENSHOT = "screenshot";
    /** What a desktop can be asked to do. */
    public static final Set<String> TYPES = Set.of(SCREENSHOT, "config", "start_capture", "stop_capture");
    /** Longest {@code commandData}, characters of JSON: the four kinds need less than a hundred. */
    public static final int MAX_DATA_CHARS = 8 << 10;
    /** Longest idempotency key, characters: room for two UUIDs and words. */
    public static final int MAX_KEY_CHARS = 128;
    /** Longest {@code askedBy}, characters; longer ones are cut. */
    public static final int MAX_ASKER_CHARS = 200;
    /** A command that took longer is of no use to the person who asked. */
    public static final Duration USUAL_EXPIRY = Duration.ofSeconds(30);
    /** A day: for a desktop that is switched on in the morning. */
    public static final Duration MAX_EXPIRY = Duration.ofDays(1);

    /** @throws IllegalArgumentException if {@link #problem} has one with it */
    public NewCommand {
        Optional<String> problem = problem(commandType, commandData, idempotencyKey, expiresIn);
        if (problem.isPresent()) {
            throw new IllegalArgumentException("command " + commandId + " of " + clientId + ": " + problem.get());
        }
        if (askedBy.length() > MAX_ASKER_CHARS) {
            askedBy = askedBy.substring(0, MAX_ASKER_CHARS);
        }
    }

    /** What is wrong with such a command: what was found and what is allowed. Empty if nothing. */
    public static Optional<String> problem(
            String commandType, JsonObject commandData, @Nullable String idempotencyKey, Duration expiresIn) {
        if (!TYPES.contains(commandType)) {
            return Optional.of("found command \"" + commandType + "\"; allowed are " + TYPES);
        }
        int chars = commandData.toString().length();
        if (chars > MAX_DATA_CHARS) {
            return Optional.of("found commandData of " + chars + " characters; allowed are " + MAX_DATA_CHARS);
        }
        if (idempotencyKey != null && (idempotencyKey.isEmpty() || idempotencyKey.length() > MAX_KEY_CHARS)) {
            return Optional.of("found an idempotencyKey of " + idempotencyKey.length()
                    + " characters; allowed are 1 to " + MAX_KEY_CHARS);
        }
        if (expiresIn.toMillis() < 1 || expiresIn.compareTo(MAX_EXPIRY) > 0) {
            return Optional.of(
                    "found expiresInMs " + expiresIn.toMillis() + "; allowed are 1 to " + MAX_EXPIRY.toMillis());
        }
        return Optional.empty();
    }

    /** Whether the other asks for the same, whoever asks, and however long it may wait. */
    public boolean asksTheSameAs(NewCommand other) {
        return clientId.equals(other.clientId)
                && commandType.equals(other.commandType)
                && commandData.equals(other.commandData);
    }
}
