package io.quickdrop.protocol;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;

/**
 * Text frames to messages and back: one JSON object (RFC 8259, read strictly), {@code type} in snake_case, other names
 * in camelCase, unknown fields ignored. Safe on any thread.
 */
public final class TextCodec {
    private static final Gson GSON = new GsonBuilder()
            .disableHtmlEscaping()
            .registerTypeAdapter(
                    SessionId.class, (JsonSerializer<SessionId>) (id, type, context) -> new JsonPrimitive(id.value()))
            .create();
    private static final TypeAdapter<JsonElement> TREE = GSON.getAdapter(JsonElement.class);

    private TextCodec() {}

    /** The message that {@code text} holds, or the error to answer. Never throws. */
    public static Decoded<Message> decode(String text) {
        if (isTooLong(text)) {
            return rejected(
                    ErrorReason.BAD_JSON, "found more than " + Limits.MAX_TEXT_BYTES + " bytes; allowed is that much");
        }
        JsonObject object;
        try {
            object = parse(text);
        } catch (JsonParseException | IOException | NumberFormatException notJson) {
            return rejected(
                    ErrorReason.BAD_JSON,
                    "found no single JSON object: " + Fields.shown(String.valueOf(notJson.getMessage())));
        }
        JsonElement type = object.get("type");
        if (type == null
                || !type.isJsonPrimitive()
                || !type.getAsJsonPrimitive().isString()) {
            return rejected(ErrorReason.BAD_FIELD + "type", "every message has a 'type', a string");
        }
        MessageTypes.Entry entry = MessageTypes.BY_NAME.get(type.getAsString());
        if (entry == null) {
            String name = type.getAsString();
            return rejected(ErrorReason.UNKNOWN_TYPE + Fields.shown(name), "known types: " + MessageTypes.NAMES);
        }
        try {
            return new Decoded.Accepted<>(entry.reader().read(new Fields(object)));
        } catch (Fields.BadField bad) {
            return rejected(ErrorReason.BAD_FIELD + bad.field, String.valueOf(bad.getMessage()));
        }
    }

    /** The text frame of {@code message}. Absent optional fields are left out. */
    public static String encode(Message message) {
        JsonObject object = new JsonObject();
        object.addProperty("type", MessageTypes.nameOf(message));
        JsonObject fields = GSON.toJsonTree(message).getAsJsonObject();
        for (String name : fields.keySet()) {
            JsonElement value = fields.get(name);
            if (name.equals("description")) {
                value.getAsJsonObject().entrySet().forEach(field -> object.add(field.getKey(), field.getValue()));
            } else if (!isDefault(message, name, value)) {
                object.add(name, value);
            }
        }
        return GSON.toJson(object);
    }

    /** The {@code type} that {@code message} travels under. */
    public static String typeOf(Message message) {
        return MessageTypes.nameOf(message);
    }

    /** {@code resume} of a v2 {@code start} is always false and not part of v2; the other flags are said where they are so. */
    private static boolean isDefault(Message message, String name, JsonElement value) {
        boolean flag = (message instanceof UploadMessage.Start && name.equals("resume"))
                || (message instanceof UploadMessage.End && name.equals("canRepair"))
                || (message instanceof ViewerMessage.StartStream && name.equals("redirect"));
        return flag && !value.getAsBoolean();
    }

    private static JsonObject parse(String text) throws IOException {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        JsonElement element = TREE.read(reader);
        if (reader.peek() != JsonToken.END_DOCUMENT || !element.isJsonObject()) {
            throw new JsonParseException("a text frame is exactly one object");
        }
        return element.getAsJsonObject();
    }

    private static boolean isTooLong(String text) {
        return text.length() > Limits.MAX_TEXT_BYTES
                || (text.length() > Limits.MAX_TEXT_BYTES / 3
                        && text.getBytes(StandardCharsets.UTF_8).length > Limits.MAX_TEXT_BYTES);
    }

    private static Decoded<Message> rejected(String reason, String detail) {
        return new Decoded.Rejected<>(reason, detail);
    }
}
