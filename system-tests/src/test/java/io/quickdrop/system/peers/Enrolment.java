package io.quickdrop.system.peers;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.RawHttp;
import java.util.Optional;

/** What the operator does to let desktops in and to take them out, over the HTTP API. */
public final class Enrolment {
    private Enrolment() {}

    /**
     * What the dashboard hands out.
     *
     * @param code good once
     * @param pin what the agent believes the server by
     */
    public record Offer(String code, String pin) {}

    /** A new code. */
    public static Offer offer(Door door) {
        JsonObject answer = ok(RawHttp.fromPage(door, "POST", "/api/desktops/enrolment")
                        .json("{}")
                        .send())
                .json();
        return new Offer(answer.get("code").getAsString(), answer.get("pin").getAsString());
    }

    /** A desktop without a screen, enrolled and registered. */
    public static TestAgent desktop(Door door, String clientId, GeneratedScreen screen) {
        return TestAgent.register(
                door, new AgentKeyPair(), clientId, screen, offer(door).code());
    }

    /** Who waits for approval under this name: its fingerprint. */
    public static Optional<String> pending(Door door, String clientId) {
        for (JsonElement each :
                ok(RawHttp.get(door, "/api/desktops/pending").send()).json().getAsJsonArray("desktops")) {
            JsonObject desktop = each.getAsJsonObject();
            if (desktop.get("clientId").getAsString().equals(clientId)) {
                return Optional.of(desktop.get("fingerprint").getAsString());
            }
        }
        return Optional.empty();
    }

    /** Lets in whoever waits with this fingerprint. */
    public static void approve(Door door, String fingerprint) {
        ok(RawHttp.fromPage(door, "POST", "/api/desktops/pending/" + fingerprint + "/approve")
                .json("{}")
                .send());
    }

    /** A desktop as the server lists it. */
    public static Optional<JsonObject> listed(Door door, String clientId) {
        for (JsonElement each :
                ok(RawHttp.get(door, "/api/desktops").send()).json().getAsJsonArray("desktops")) {
            JsonObject desktop = each.getAsJsonObject();
            if (desktop.get("clientId").getAsString().equals(clientId)) {
                return Optional.of(desktop);
            }
        }
        return Optional.empty();
    }

    /** Whether it is registered and connected, as the server lists it. */
    public static boolean isOnline(Door door, String clientId) {
        return listed(door, clientId)
                .filter(desktop -> desktop.get("state").getAsString().equals("online"))
                .isPresent();
    }

    /** Takes its key away. */
    public static void revoke(Door door, String clientId) {
        ok(RawHttp.fromPage(door, "DELETE", "/api/desktops/" + clientId).send());
    }

    private static RawHttp.Answer ok(RawHttp.Answer answer) {
        if (answer.status() / 100 != 2) {
            throw new AssertionError("the server answers " + answer.status() + ": " + answer.text());
        }
        return answer;
    }
}
