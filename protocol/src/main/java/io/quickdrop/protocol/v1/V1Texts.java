package io.quickdrop.protocol.v1;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.quickdrop.protocol.AgentMessage.Command;
import io.quickdrop.protocol.AgentMessage.HandshakeAck;
import io.quickdrop.protocol.AgentMessage.RegistrationFailed;
import io.quickdrop.protocol.AgentMessage.ScreenWish;
import io.quickdrop.protocol.AgentMessage.StartCapture;
import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.FrameHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Text frames that desktops and viewers of v1 are sent. {@code nowMillis} is the server's wall clock. Safe on any thread. */
public final class V1Texts {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private V1Texts() {}

    /** {@code connection_established}: the greeting. */
    public static String connectionEstablished(@Nullable String clientId, long nowMillis) {
        JsonObject object = of("connection_established", nowMillis);
        if (clientId != null) {
            object.addProperty("clientId", clientId);
        }
        return GSON.toJson(object);
    }

    /** {@code handshake_ack}, to a desktop behind its being stored. */
    public static String handshakeAck(HandshakeAck ack, long nowMillis) {
        JsonObject object = of("handshake_ack", nowMillis);
        object.addProperty("clientId", ack.clientId());
        object.addProperty("status", "success");
        object.addProperty("dbRegistered", ack.dbRegistered());
        object.addProperty("epoch", ack.epoch());
        object.addProperty("heartbeatInterval", ack.heartbeat().intervalMs());
        return GSON.toJson(object);
    }

    /** {@code registration_failed}. */
    public static String registrationFailed(RegistrationFailed failed, long nowMillis) {
        JsonObject object = of("registration_failed", nowMillis);
        object.addProperty("clientId", failed.clientId());
        object.addProperty("error", failed.error());
        object.addProperty("hint", failed.hint());
        object.addProperty("message", failed.hint());
        return GSON.toJson(object);
    }

    /** {@code start_capture}. */
    public static String startCapture(StartCapture wish, long nowMillis) {
        JsonObject object = of("start_capture", nowMillis);
        JsonArray screens = new JsonArray();
        wish.screens().stream().map(ScreenWish::screen).forEach(screens::add);
        if (!screens.isEmpty()) {
            object.add("monitorId", screens.get(0));
        }
        object.add("monitors", screens);
        object.addProperty("fps", wish.fps());
        object.addProperty("quality", wish.quality());
        object.addProperty("format", "jpeg");
        return GSON.toJson(object);
    }

    /** {@code stop_capture}. */
    public static String stopCapture(long nowMillis) {
        return GSON.toJson(of("stop_capture", nowMillis));
    }

    /** {@code commands}: the answer to {@code get_commands}. */
    public static String commands(List<Command> commands, long nowMillis) {
        JsonObject object = of("commands", nowMillis);
        JsonArray list = new JsonArray();
        for (Command command : commands) {
            JsonObject item = new JsonObject();
            item.addProperty("commandId", command.commandId());
            item.addProperty("commandType", command.commandType());
            item.add("commandData", command.commandData());
            list.add(item);
        }
        object.add("commands", list);
        return GSON.toJson(object);
    }

    /**
     * {@code frame_ack} to a desktop.
     *
     * @param frameNumber as the desktop counted
     * @param latencyMillis from the picture's arrival here to now
     */
    public static String frameAck(long frameNumber, int screen, long latencyMillis, long nowMillis) {
        JsonObject object = of("frame_ack", nowMillis);
        object.addProperty("frameNumber", frameNumber);
        object.addProperty("monitorId", screen);
        object.addProperty("latency", latencyMillis);
        return GSON.toJson(object);
    }

    /**
     * {@code pong}.
     *
     * @param timestamp as in the ping
     * @param desktops what viewers are told in it; null for desktops
     */
    public static String pong(@Nullable Long timestamp, @Nullable List<DesktopClient> desktops, long nowMillis) {
        JsonObject object = of("pong", timestamp == null ? nowMillis : timestamp);
        object.addProperty("serverTime", nowMillis);
        if (desktops != null) {
            JsonElement list = GSON.toJsonTree(desktops);
            object.add("availableDesktopClients", list);
        }
        return GSON.toJson(object);
    }

    /**
     * {@code frame_data} to a viewer.
     *
     * @param header of the picture that is shown
     * @param frameNumber as this viewer is to acknowledge it
     */
    public static String frameData(
            String desktopClientId, FrameHeader header, long frameNumber, ByteBuffer picture, long nowMillis) {
        JsonObject metadata = new JsonObject();
        metadata.addProperty("format", header.codec().wireName());
        metadata.addProperty("quality", header.quality());
        JsonObject object = of("frame_data", nowMillis);
        object.addProperty("desktopClientId", desktopClientId);
        object.addProperty("frameNumber", frameNumber);
        object.addProperty("monitorId", header.screen());
        object.addProperty("width", header.width());
        object.addProperty("height", header.height());
        object.add("metadata", metadata);
        object.addProperty(
                "frameData",
                StandardCharsets.ISO_8859_1
                        .decode(Base64.getEncoder().encode(picture.duplicate()))
                        .toString());
        return GSON.toJson(object);
    }

    private static JsonObject of(String type, long timestamp) {
        JsonObject object = new JsonObject();
        object.addProperty("type", type);
        object.addProperty("timestamp", timestamp);
        return object;
    }
}
