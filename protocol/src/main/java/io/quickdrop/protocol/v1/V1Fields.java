package io.quickdrop.protocol.v1;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.ErrorReason;
import org.jspecify.annotations.Nullable;

/** Reads fields of v1's objects: each under any of its names, numbers also from strings. Nothing here throws but {@link Bad}. */
final class V1Fields {
    /** A field is missing or of no use. */
    static final class Bad extends Exception {
        private static final long serialVersionUID = 1;

        private final String field;

        Bad(String field, String detail) {
            super(detail, null, false, false);
            this.field = field;
        }

        <T> Decoded<T> rejected() {
            return new Decoded.Rejected<>(ErrorReason.BAD_FIELD + field, String.valueOf(getMessage()));
        }
    }

    private final JsonObject object;

    V1Fields(JsonObject object) {
        this.object = object;
    }

    @Nullable
    JsonElement any(String... names) {
        for (String name : names) {
            JsonElement element = object.get(name);
            if (element != null && !element.isJsonNull()) {
                return element;
            }
        }
        return null;
    }

    /** An object's fields; of an empty one where there is none. */
    V1Fields nested(String... names) {
        JsonElement element = any(names);
        return new V1Fields(element != null && element.isJsonObject() ? element.getAsJsonObject() : new JsonObject());
    }

    JsonObject object(String... names) {
        return nested(names).object;
    }

    @Nullable
    String text(int maxChars, String... names) {
        JsonElement element = any(names);
        if (element == null || !element.isJsonPrimitive()) {
            return null;
        }
        String value = element.getAsString();
        return value.length() <= maxChars ? value : value.substring(0, maxChars);
    }

    String required(int maxChars, String... names) throws Bad {
        JsonElement element = any(names);
        if (element == null || !element.isJsonPrimitive()) {
            throw new Bad(names[0], "found " + (element == null ? "nothing" : "no text") + "; allowed is a string");
        }
        String value = element.getAsString();
        if (value.length() > maxChars) {
            throw new Bad(names[0], "found " + value.length() + " characters; allowed are " + maxChars);
        }
        return value;
    }

    /** A finite number, fractions cut; null where there is none. */
    @Nullable
    Long number(String... names) {
        Double value = decimal(names);
        return value == null ? null : (Long) value.longValue();
    }

    @Nullable
    Double decimal(String... names) {
        JsonElement element = any(names);
        if (element == null || !element.isJsonPrimitive() || isFlag(element.getAsJsonPrimitive())) {
            return null;
        }
        try {
            double value = Double.parseDouble(element.getAsString());
            return Double.isFinite(value) ? value : null;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    /** A number within bounds; null where there is none. */
    @Nullable
    Integer within(int least, int most, String... names) {
        Long value = number(names);
        return value == null || value < least || value > most ? null : (Integer) value.intValue();
    }

    boolean flag(String... names) {
        JsonElement element = any(names);
        return element != null
                && element.isJsonPrimitive()
                && isFlag(element.getAsJsonPrimitive())
                && element.getAsBoolean();
    }

    private static boolean isFlag(JsonPrimitive primitive) {
        return primitive.isBoolean();
    }
}
