package io.quickdrop.protocol;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the fields of one JSON object; a field that breaks its rule ends the reading with its name and the rule. */
final class Fields {
    private static final Pattern EXT = Pattern.compile("[A-Za-z0-9]{1,8}");
    private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final int MAX_NUMBERS = 256;
    private static final int SHOWN_CHARS = 60;

    private final JsonObject object;

    Fields(JsonObject object) {
        this.object = object;
    }

    /** A field breaks its rule. */
    static final class BadField extends Exception {
        private static final long serialVersionUID = 1;

        final String field;

        BadField(String field, String detail) {
            super(detail, null, false, false);
            this.field = field;
        }
    }

    /** Reads a nested object. */
    interface Reader<T> {
        T read(Fields fields) throws BadField;
    }

    boolean has(String name) {
        return object.has(name) && !object.get(name).isJsonNull();
    }

    String text(String name, int maxChars) throws BadField {
        String rule = "a string of at most " + maxChars + " characters";
        JsonElement element = required(name, rule);
        if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isString()) {
            throw bad(name, element, rule);
        }
        String value = element.getAsString();
        if (value.length() > maxChars) {
            throw new BadField(name, "found " + value.length() + " characters; allowed is " + rule);
        }
        return value;
    }

    @Nullable
    String optionalText(String name, int maxChars) throws BadField {
        return has(name) ? text(name, maxChars) : null;
    }

    long count(String name) throws BadField {
        String rule = "a whole number from 0 to " + Long.MAX_VALUE;
        JsonElement element = required(name, rule);
        long value = wholeNumber(name, element, rule);
        if (value < 0) {
            throw bad(name, element, rule);
        }
        return value;
    }

    @Nullable
    Long optionalCount(String name) throws BadField {
        return has(name) ? count(name) : null;
    }

    /** A number that only comes back to its sender: v1 clients send fractions, so those are cut, and so is the range. */
    @Nullable
    Long optionalOpaqueNumber(String name) throws BadField {
        if (!has(name)) {
            return null;
        }
        JsonElement element = object.get(name);
        if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isNumber()) {
            throw bad(name, element, "a number");
        }
        try {
            return Long.parseLong(element.getAsString());
        } catch (NumberFormatException fractionOrHuge) {
            return (long) element.getAsDouble(); // unlike a decimal of arbitrary size, a double takes any exponent
        }
    }

    int smallCount(String name) throws BadField {
        long value = count(name);
        if (value > Integer.MAX_VALUE) {
            throw new BadField(name, "found " + value + "; allowed is at most " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    /** A whole number within bounds. */
    int number(String name, int least, int most) throws BadField {
        String rule = "a whole number from " + least + " to " + most;
        JsonElement element = required(name, rule);
        long value = wholeNumber(name, element, rule);
        if (value < least || value > most) {
            throw bad(name, element, rule);
        }
        return (int) value;
    }

    /** A finite number that is not negative. */
    double decimal(String name) throws BadField {
        String rule = "a number, 0 or greater";
        JsonElement element = required(name, rule);
        if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isNumber()) {
            throw bad(name, element, rule);
        }
        double value = element.getAsDouble();
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw bad(name, element, rule);
        }
        return value;
    }

    boolean flag(String name) throws BadField {
        if (!has(name)) {
            return false;
        }
        JsonElement element = object.get(name);
        if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isBoolean()) {
            throw bad(name, element, "true or false");
        }
        return element.getAsBoolean();
    }

    SessionId sessionId(String name) throws BadField {
        String value = text(name, 128);
        if (!SessionId.isValid(value)) {
            throw bad(name, object.get(name), SessionId.RULE);
        }
        return new SessionId(value);
    }

    String clientId(String name) throws BadField {
        return matching(name, CLIENT_ID, "1 to 64 letters, digits, dots, hyphens or underscores");
    }

    String extension(String name) throws BadField {
        return matching(name, EXT, "1 to 8 letters or digits, without a dot");
    }

    String takeId(String name) throws BadField {
        return matching(name, TakePart.TAKE_ID, "1 to 64 letters, digits or hyphens");
    }

    @Nullable
    String takeCause(String name) throws BadField {
        return has(name) ? matching(name, TakePart.CAUSE, "1 to 32 lower-case letters or underscores") : null;
    }

    @Nullable
    String optionalSha256(String name) throws BadField {
        return has(name) ? matching(name, SHA256, "64 lower-case hex digits") : null;
    }

    /** A list of SHA-256 in hex; empty where it is missing. */
    List<String> sha256s(String name, int maxItems) throws BadField {
        List<String> values = texts(name, maxItems, 64);
        for (String value : values) {
            if (!SHA256.matcher(value).matches()) {
                throw new BadField(name, "found " + shown(value) + "; allowed are 64 lower-case hex digits each");
            }
        }
        return values;
    }

    <T> T nested(String name, Reader<T> reader) throws BadField {
        JsonElement element = required(name, "an object");
        return object(name, element, reader);
    }

    <T> List<T> list(String name, Reader<T> reader) throws BadField {
        JsonElement element = required(name, "an array of objects");
        if (!element.isJsonArray()) {
            throw bad(name, element, "an array of objects");
        }
        List<T> values = new ArrayList<>();
        for (JsonElement item : element.getAsJsonArray()) {
            values.add(object(name, item, reader));
        }
        return List.copyOf(values);
    }

    /** Any object; its content is the business of whoever it is for. */
    JsonObject anyObject(String name) throws BadField {
        JsonElement element = required(name, "an object");
        if (!element.isJsonObject()) {
            throw bad(name, element, "an object");
        }
        return element.getAsJsonObject();
    }

    /** A list of strings; empty where it is missing. */
    List<String> texts(String name, int maxItems, int maxChars) throws BadField {
        String rule = "an array of at most " + maxItems + " strings of at most " + maxChars + " characters";
        List<String> values = new ArrayList<>();
        for (JsonElement item : array(name, maxItems, rule)) {
            boolean text = item.isJsonPrimitive() && item.getAsJsonPrimitive().isString();
            if (!text || item.getAsString().length() > maxChars) {
                throw bad(name, item, rule);
            }
            values.add(item.getAsString());
        }
        return List.copyOf(values);
    }

    /** A list of whole numbers within bounds; empty where it is missing. */
    List<Integer> numbers(String name, int least, int most) throws BadField {
        String rule = "an array of whole numbers from " + least + " to " + most;
        List<Integer> values = new ArrayList<>();
        for (JsonElement item : array(name, MAX_NUMBERS, rule)) {
            long value = wholeNumber(name, item, rule);
            if (value < least || value > most) {
                throw bad(name, item, rule);
            }
            values.add((int) value);
        }
        return List.copyOf(values);
    }

    private JsonArray array(String name, int maxItems, String rule) throws BadField {
        if (!has(name)) {
            return new JsonArray();
        }
        JsonElement element = object.get(name);
        if (!element.isJsonArray() || element.getAsJsonArray().size() > maxItems) {
            throw bad(name, element, rule);
        }
        return element.getAsJsonArray();
    }

    private static <T> T object(String name, JsonElement element, Reader<T> reader) throws BadField {
        if (!element.isJsonObject()) {
            throw bad(name, element, "an object");
        }
        try {
            return reader.read(new Fields(element.getAsJsonObject()));
        } catch (BadField inner) {
            throw new BadField(name + "." + inner.field, String.valueOf(inner.getMessage()));
        }
    }

    private String matching(String name, Pattern pattern, String rule) throws BadField {
        String value = text(name, 256);
        if (!pattern.matcher(value).matches()) {
            throw bad(name, object.get(name), rule);
        }
        return value;
    }

    private JsonElement required(String name, String rule) throws BadField {
        if (!has(name)) {
            throw new BadField(name, "found nothing; allowed is " + rule);
        }
        return object.get(name);
    }

    private static long wholeNumber(String name, JsonElement element, String rule) throws BadField {
        if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isNumber()) {
            throw bad(name, element, rule);
        }
        try {
            return Long.parseLong(element.getAsString());
        } catch (NumberFormatException notAWholeNumber) {
            throw bad(name, element, rule);
        }
    }

    private static BadField bad(String name, JsonElement found, String rule) {
        return new BadField(name, "found " + shown(found.toString()) + "; allowed is " + rule);
    }

    /** What a peer sent, cut so that an answer to it stays short. */
    static String shown(String found) {
        return found.length() <= SHOWN_CHARS ? found : found.substring(0, SHOWN_CHARS) + "…";
    }
}
