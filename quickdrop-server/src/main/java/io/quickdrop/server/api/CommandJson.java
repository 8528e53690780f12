package io.quickdrop.server.api;

import com.google.gson.JsonObject;
import io.quickdrop.relay.desktop.command.CommandOutcome;
import io.quickdrop.relay.desktop.command.NewCommand;
import io.quickdrop.relay.desktop.command.StoredCommand;

/** A command as the API shows it. */
final class CommandJson {
    private CommandJson() {}

    static JsonObject of(StoredCommand command) {
        NewCommand asked = command.asked();
        JsonObject json = new JsonObject();
        json.addProperty("commandId", asked.commandId());
        json.addProperty("desktopClientId", asked.clientId());
        json.addProperty("type", asked.commandType());
        json.add("data", asked.commandData());
        json.addProperty("status", command.state().wireName());
        if (asked.idempotencyKey() != null) {
            json.addProperty("idempotencyKey", asked.idempotencyKey());
        }
        json.addProperty("askedBy", asked.askedBy());
        json.addProperty("createdTs", command.created().toEpochMilli());
        json.addProperty("expiresTs", command.expires().toEpochMilli());
        StoredCommand.Delivery delivery = command.delivery();
        if (delivery != null) {
            json.addProperty("deliveredTs", delivery.at().toEpochMilli());
        }
        StoredCommand.Ending ending = command.ending();
        if (ending != null) {
            CommandOutcome outcome = ending.outcome();
            json.addProperty("endedTs", ending.at().toEpochMilli());
            if (outcome.result() != null) {
                json.add("result", outcome.result());
            }
            if (outcome.error() != null) {
                json.addProperty("error", outcome.error());
            }
        }
        return json;
    }
}
