package io.quickdrop.media.order;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.Optional;

/** One line that the child prints: how far it is, what came of the order, or why nothing did. */
public sealed interface AnswerLine {
    /**
     * How far it is.
     *
     * @param share 0 to 1
     */
    record Progress(double share) implements AnswerLine {}

    /** The order was carried out. */
    record Done(Report report) implements AnswerLine {}

    /** It was not; {@code words} is a sentence for people. */
    record Refused(String words) implements AnswerLine {}

    /** Most characters of a line that {@link #parse} looks at: the writer is a process that a hostile file may have in its hands. */
    int MAX_CHARS = 16_384;

    /** The line as printed, without its end. */
    default String text() {
        Gson gson = new Gson();
        JsonObject line = new JsonObject();
        if (this instanceof Progress progress) {
            line.addProperty("progress", progress.share());
        } else if (this instanceof Done done) {
            line.add("report", gson.toJsonTree(done.report()));
        } else if (this instanceof Refused refused) {
            line.addProperty("refused", refused.words());
        }
        return gson.toJson(line);
    }

    /** What the line says; empty if it is none of the three. */
    static Optional<AnswerLine> parse(String text) {
        if (text.length() > MAX_CHARS || !text.startsWith("{")) {
            return Optional.empty();
        }
        try {
            JsonObject line = JsonParser.parseString(text).getAsJsonObject();
            if (line.has("progress")) {
                return Optional.of(new Progress(line.get("progress").getAsDouble()));
            }
            if (line.has("report")) {
                return Optional.of(new Done(new Gson().fromJson(line.get("report"), Report.class)));
            }
            return line.has("refused")
                    ? Optional.of(new Refused(line.get("refused").getAsString()))
                    : Optional.empty();
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException | NullPointerException e) {
            return Optional.empty(); // not ours: whoever reads takes a missing answer for a refusal
        }
    }
}
