package io.quickdrop.protocol.v1;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.AgentMessage.CommandResult;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.DesktopClient.Monitor;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.ViewerMessage;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Text frames of v1's desktops and viewers to {@link V1Message}s. Safe on any thread. */
public final class V1Codec {
    /** Longest text frame of a desktop, bytes: a 4K screen as a good JPEG is 3 MiB, and base64 makes 4 of it. */
    public static final int MAX_TEXT_BYTES = 8 << 20;

    private static final TypeAdapter<JsonElement> TREE = new Gson().getAdapter(JsonElement.class);
    private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,3}");
    private static final int MAX_NAME_CHARS = 200;
    private static final int MAX_MONITORS = 16;
    /** Of a monitor whose size is not named; pictures name their own. */
    private static final int DEFAULT_WIDTH = 1920;

    private static final int DEFAULT_HEIGHT = 1080;

    private V1Codec() {}

    /**
     * The message that {@code text} holds, or the error to answer; {@code unknown_type} of what is not for desktops and
     * viewers. Never throws.
     *
     * @param clientType of the connection's query, for a handshake that doesn't say
     * @param clientId likewise
     */
    public static Decoded<V1Message> decode(String text, @Nullable String clientType, @Nullable String clientId) {
        JsonObject object;
        try {
            object = parse(text);
        } catch (JsonParseException | IOException | IllegalStateException | NumberFormatException notJson) {
            return new Decoded.Rejected<>(ErrorReason.BAD_JSON, "found no single JSON object");
        }
        V1Fields fields = new V1Fields(object);
        String type = fields.text(64, "type");
        try {
            return decode(type == null ? "" : type, fields, clientType, clientId);
        } catch (V1Fields.Bad bad) {
            return bad.rejected();
        }
    }

    private static Decoded<V1Message> decode(
            String type, V1Fields f, @Nullable String clientType, @Nullable String clientId) throws V1Fields.Bad {
        V1Message message =
                switch (type) {
                    case "handshake" -> handshake(f, clientType, clientId);
                    case "frame_data" -> picture(f);
                    case "dual_screen_frame" -> picture(f);
                    case "get_commands" -> new V1Message.GetCommands();
                    case "command_result" -> result(f);
                    case "stream_status" -> streamStatus(f);
                    case "capability_report" -> new V1Message.CapabilityReport();
                    case "ping" -> new V1Message.Ping(f.number("timestamp", "ts"));
                    case "get_desktop_clients" -> new V1Message.Asked(new ViewerMessage.GetDesktopClients());
                    case "start_stream", "start_capture" ->
                        new V1Message.Asked(new ViewerMessage.StartStream(desktopId(f), screen(f), Rendition.WHOLE));
                    case "stop_stream", "stop_capture" ->
                        new V1Message.Asked(new ViewerMessage.StopStream(desktopId(f), screen(f), Rendition.WHOLE));
                    case "frame_ack" -> new V1Message.Seen(desktopId(f), frameNumber(f));
                    case "desktop_command" ->
                        new V1Message.Asked(new ViewerMessage.DesktopCommand(
                                desktopId(f),
                                f.required(64, "commandType", "command_type"),
                                f.object("commandData", "command_data"),
                                f.text(128, "idempotencyKey")));
                    default -> null;
                };
        if (message == null) {
            return new Decoded.Rejected<>(
                    ErrorReason.UNKNOWN_TYPE + type, "not a message of v1's desktops and viewers");
        }
        return new Decoded.Accepted<>(message);
    }

    private static JsonObject parse(String text) throws IOException {
        JsonReader reader = new JsonReader(new StringReader(text));
        JsonElement element = TREE.read(reader);
        if (reader.peek() != JsonToken.END_DOCUMENT || !element.isJsonObject()) {
            throw new JsonParseException("a text frame is exactly one object");
        }
        return element.getAsJsonObject();
    }

    private static V1Message handshake(V1Fields f, @Nullable String clientType, @Nullable String clientId)
            throws V1Fields.Bad {
        V1Fields info = f.any("clientInfo", "client_info") == null ? f : f.nested("clientInfo", "client_info");
        String type = info.text(20, "clientType", "client_type");
        String kind = type == null ? clientType : type;
        if (kind == null || !(kind.equals(ClientInfo.DESKTOP) || kind.equals(ClientInfo.WEB))) {
            throw new V1Fields.Bad("clientType", "found no \"desktop\" and no \"web\"");
        }
        String said = info.text(64, "clientId", "client_id", "id");
        String id = said == null ? clientId : said;
        if (id == null || !CLIENT_ID.matcher(id).matches()) {
            if (kind.equals(ClientInfo.DESKTOP)) {
                throw new V1Fields.Bad("clientId", "allowed are 1 to 64 letters, digits, dots, hyphens or underscores");
            }
            id = ClientInfo.WEB;
        }
        List<Monitor> monitors = monitors(info);
        return new V1Message.Handshake(new ClientInfo(
                kind,
                id,
                info.text(MAX_NAME_CHARS, "friendlyName", "friendly_name", "name"),
                info.text(MAX_NAME_CHARS, "hostname", "hostName", "host"),
                monitors,
                List.of("jpeg"),
                List.of()));
    }

    private static List<Monitor> monitors(V1Fields info) {
        JsonElement listed = info.any("monitors", "screens", "displays");
        List<Monitor> monitors = new ArrayList<>();
        if (listed instanceof JsonArray array) {
            for (JsonElement item : array) {
                if (item.isJsonObject() && monitors.size() < MAX_MONITORS) {
                    monitors.add(monitor(new V1Fields(item.getAsJsonObject()), monitors.size()));
                }
            }
        }
        boolean distinct = monitors.stream().map(Monitor::index).distinct().count() == monitors.size();
        return distinct ? monitors : List.of();
    }

    private static Monitor monitor(V1Fields f, int position) {
        Integer index = f.within(0, 255, "index", "id", "monitorId", "screen_id");
        String name = f.text(MAX_NAME_CHARS, "name", "deviceName");
        return new Monitor(
                index == null ? position : index,
                name == null ? "screen " + position : name,
                or(f.within(-1_000_000, 1_000_000, "x", "left"), 0),
                or(f.within(-1_000_000, 1_000_000, "y", "top"), 0),
                or(f.within(1, 0xffff, "width"), DEFAULT_WIDTH),
                or(f.within(1, 0xffff, "height"), DEFAULT_HEIGHT),
                f.flag("isPrimary", "primary", "is_primary") || position == 0);
    }

    private static V1Message picture(V1Fields f) throws V1Fields.Bad {
        byte[] file = base64(f.required(MAX_TEXT_BYTES, "frameData", "image_data", "frame_data", "imageData"));
        Optional<PictureSize> size = PictureSize.of(file);
        if (size.isEmpty()) {
            throw new V1Fields.Bad("frameData", "found no JPEG, PNG or WebP in base64");
        }
        PictureSize own = size.get();
        V1Fields metadata = f.nested("metadata");
        Integer width = own.width() > 0 ? (Integer) own.width() : f.within(1, 0xffff, "width");
        Integer height = own.height() > 0 ? (Integer) own.height() : f.within(1, 0xffff, "height");
        if (width == null || height == null) {
            throw new V1Fields.Bad("width", "found no size, neither in the picture nor beside it");
        }
        Integer screen = screen(f);
        Long timestamp = f.number("timestamp");
        return new V1Message.Picture(
                frameNumber(f),
                timestamp == null || timestamp < 0 ? null : timestamp,
                screen == null ? 0 : screen,
                own.codec(),
                width,
                height,
                metadata.within(1, 100, "quality"),
                ByteBuffer.wrap(file));
    }

    private static byte[] base64(String text) throws V1Fields.Bad {
        int start = text.startsWith("data:") ? text.indexOf(',') + 1 : 0;
        try {
            return Base64.getDecoder().decode(text.substring(start).getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException notBase64) {
            throw new V1Fields.Bad("frameData", "found no base64");
        }
    }

    private static long frameNumber(V1Fields f) throws V1Fields.Bad {
        Long number = f.number("frameNumber", "frame_number");
        if (number == null || number < 0) {
            throw new V1Fields.Bad("frameNumber", "allowed is a number from 0");
        }
        return number;
    }

    private static V1Message result(V1Fields f) throws V1Fields.Bad {
        String status = f.text(20, "status");
        boolean well = f.flag("success") || "completed".equals(status) || "success".equals(status);
        return new V1Message.Result(new CommandResult(
                f.required(128, "commandId", "command_id", "id"),
                well ? "completed" : "failed",
                f.any("result") == null ? null : f.object("result"),
                f.text(1000, "error", "message")));
    }

    private static V1Message streamStatus(V1Fields f) {
        Double fps = f.decimal("fps", "currentFps");
        return new V1Message.StreamStatus(
                fps == null ? 0 : Math.max(0, Math.min(fps, 1000)), or(f.within(1, 100, "quality"), 0));
    }

    private static String desktopId(V1Fields f) throws V1Fields.Bad {
        String id = f.required(64, "desktopClientId", "desktop_client_id", "clientId");
        if (!CLIENT_ID.matcher(id).matches()) {
            throw new V1Fields.Bad(
                    "desktopClientId", "allowed are 1 to 64 letters, digits, dots, hyphens or underscores");
        }
        return id;
    }

    /** A monitor's number; of a name like {@code screen2} its digits. */
    private static @Nullable Integer screen(V1Fields f) throws V1Fields.Bad {
        JsonElement element = f.any("monitorId", "screen_id", "screenId");
        if (element == null) {
            return null;
        }
        Integer plain = f.within(0, 255, "monitorId", "screen_id", "screenId");
        if (plain != null) {
            return plain;
        }
        var digits = DIGITS.matcher(element.isJsonPrimitive() ? element.getAsString() : "");
        if (digits.find() && Integer.parseInt(digits.group()) <= 255) {
            return Integer.valueOf(digits.group());
        }
        throw new V1Fields.Bad("monitorId", "allowed is a number from 0 to 255");
    }

    private static int or(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }
}
