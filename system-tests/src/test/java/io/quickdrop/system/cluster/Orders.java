package io.quickdrop.system.cluster;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.RawHttp;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Commands to desktops over the HTTP API of whichever instance. Safe on any thread. */
final class Orders {
    private static final Set<String> ENDS = Set.of("completed", "failed", "expired");

    private Orders() {}

    /** Asks, and returns the answer whatever it is. */
    static RawHttp.Answer ask(Door door, String desktop, String type, JsonObject data, String key, Duration expiry) {
        JsonObject body = new JsonObject();
        body.addProperty("type", type);
        body.add("data", data);
        body.addProperty("idempotencyKey", key);
        body.addProperty("expiresInMs", expiry.toMillis());
        return RawHttp.fromPage(door, "POST", "/api/desktops/" + desktop + "/commands")
                .json(body.toString())
                .send();
    }

    /** Asks for a screenshot; its command's id. */
    static String screenshot(Door door, String desktop, int monitor, String key) {
        RawHttp.Answer answer = ask(door, desktop, "screenshot", screenshotOf(monitor), key, Duration.ofMinutes(10));
        if (answer.status() != 202 && answer.status() != 200) {
            throw new AssertionError("a command was answered " + answer.status() + ": " + answer.text());
        }
        return id(answer);
    }

    /** The data of a screenshot. */
    static JsonObject screenshotOf(int monitor) {
        JsonObject data = new JsonObject();
        data.addProperty("screen", monitor);
        return data;
    }

    /** The id in the answer to a command that was accepted. */
    static String id(RawHttp.Answer accepted) {
        return accepted.json().get("commandId").getAsString();
    }

    /** A command as an instance knows it now. */
    static JsonObject status(Door door, String id) {
        RawHttp.Answer answer = RawHttp.get(door, "/api/commands/" + id).send();
        if (answer.status() != 200) {
            throw new AssertionError(
                    "the state of command " + id + " was answered " + answer.status() + ": " + answer.text());
        }
        return answer.json();
    }

    /** The newest commands of a desktop. */
    static JsonArray list(Door door, String desktop) {
        return RawHttp.get(door, "/api/desktops/" + desktop + "/commands")
                .send()
                .json()
                .getAsJsonArray("commands");
    }

    /** Whether nothing more becomes of it. */
    static boolean isOver(JsonObject status) {
        return ENDS.contains(status.get("status").getAsString());
    }

    /** A command when it has ended. */
    static JsonObject await(Door door, String id, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            JsonObject status = status(door, id);
            if (isOver(status)) {
                return status;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("after " + patience + " the command is still " + status);
            }
            LockSupport.parkNanos(50_000_000);
        }
    }
}
