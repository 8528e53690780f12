package io.quickdrop.system.cluster;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.TestSocket;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** What dashboards are told. For one thread. */
final class Dashboard implements AutoCloseable {
    private final TestSocket socket;
    private final JsonObject snapshot;

    /** Opens one at an instance. */
    Dashboard(Door door) {
        try {
            socket = TestSocket.open(door, Upgrade.v2(door));
            socket.text("{\"type\":\"subscribe_observer\"}");
            snapshot = socket.message("snapshot");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A recording as an instance lists it now. */
    static Optional<JsonObject> recording(Door door, String fileName) {
        try (Dashboard dashboard = new Dashboard(door)) {
            for (JsonElement each : dashboard.snapshot.getAsJsonArray("recordings")) {
                if (each.getAsJsonObject().get("fileName").getAsString().equals(fileName)) {
                    return Optional.of(each.getAsJsonObject());
                }
            }
            return Optional.empty();
        }
    }

    /** What an instance says of another now: its {@code state}. */
    static Optional<String> instance(Door door, String name) {
        try (Dashboard dashboard = new Dashboard(door)) {
            for (JsonElement each : dashboard.snapshot.getAsJsonArray("instances")) {
                if (each.getAsJsonObject().get("name").getAsString().equals(name)) {
                    return Optional.of(each.getAsJsonObject().get("state").getAsString());
                }
            }
            return Optional.empty();
        }
    }

    /** The next message of this type. */
    JsonObject hear(String type) {
        try {
            return socket.message(type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
