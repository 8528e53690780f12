package io.quickdrop.system.harness;

import com.google.gson.JsonObject;

/** Pairs a device as the dashboard and a phone do it together. */
public final class Pairing {
    private Pairing() {}

    /**
     * What a paired phone has.
     *
     * @param key the device key, for {@code quickdrop.token.KEY} or {@code Authorization: Bearer}
     */
    public record Device(String id, String key, String name) {}

    /** The secret of a new QR code, asked for as the dashboard on the server's machine. */
    public static String secret(Door door) {
        RawHttp.Answer offer = RawHttp.fromPage(door, "POST", "/api/pairing")
                .json("{\"host\":\"localhost\"}")
                .send();
        if (offer.status() != 200) {
            throw new AssertionError("POST /api/pairing: " + offer.status() + " " + offer.text());
        }
        String url = offer.json().get("url").getAsString();
        return url.substring(url.indexOf("#pair=") + "#pair=".length());
    }

    /** Exchanges {@code secret} for a key. */
    public static RawHttp.Answer redeem(Door door, String secret, String name) {
        JsonObject body = new JsonObject();
        body.addProperty("secret", secret);
        body.addProperty("name", name);
        return RawHttp.fromPage(door, "POST", "/api/pair").json(body.toString()).send();
    }

    /** A new device. */
    public static Device pair(Door door, String name) {
        RawHttp.Answer answer = redeem(door, secret(door), name);
        if (answer.status() != 200) {
            throw new AssertionError("POST /api/pair: " + answer.status() + " " + answer.text());
        }
        JsonObject device = answer.json();
        return new Device(
                device.get("deviceId").getAsString(),
                device.get("key").getAsString(),
                device.get("name").getAsString());
    }
}
