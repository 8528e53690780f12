package io.quickdrop.server.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.netty.handler.codec.http.HttpMethod;
import io.quickdrop.relay.desktop.command.NewCommand;
import io.quickdrop.relay.desktop.command.StoredCommand;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.command.CommandPost;
import io.quickdrop.relay.driver.command.CommandStore.Added;
import io.quickdrop.server.http.HttpProblem;
import io.quickdrop.server.http.Request;
import io.quickdrop.server.http.Response;
import io.quickdrop.server.http.Router;
import io.quickdrop.server.http.Router.Audience;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Has desktops do something, and tells what became of it, whichever instance the desktop is connected to. */
public final class CommandsApi {
    private static final int LISTED = 100;
    private static final int MOST_LISTED = 500;
    private static final int MAX_TYPE_CHARS = 64;

    private final CommandPost commands;
    private final Audit audit;
    private final StreamPlaces places = new StreamPlaces();

    /** @param commands where they are handed in */
    public CommandsApi(CommandPost commands, Audit audit) {
        this.commands = commands;
        this.audit = audit;
    }

    /** Adds the endpoints. */
    public void addTo(Router router) {
        String ofDesktop = "/api/desktops/{id}/commands";
        router.on(HttpMethod.POST, ofDesktop, Audience.OPERATOR, Stored.any(this::ask))
                .on(HttpMethod.GET, ofDesktop, Audience.OPERATOR, Stored.any(this::list))
                .on(HttpMethod.GET, "/api/commands/{id}", Audience.OPERATOR, Stored.any(this::look))
                .on(HttpMethod.GET, "/api/commands/{id}/events", Audience.OPERATOR, Stored.any(this::follow));
    }

    private Response ask(Request request) throws HttpProblem, StorageException {
        NewCommand wish = wish(request);
        String desktop = wish.clientId();
        Added added;
        try {
            added = commands.ask(wish);
        } catch (StorageException e) {
            audit.note(request, "desktop_command", desktop, "not stored for sure: " + wish.commandType());
            throw e;
        }
        if (added instanceof Added.Stored stored) {
            audit.note(request, "desktop_command", desktop, "asked: " + wish.commandType());
            return taken(stored.command());
        } else if (added instanceof Added.Known known) {
            return taken(known.command());
        } else if (added instanceof Added.Conflict conflict) {
            throw new HttpProblem(
                    409,
                    "KEY_CONFLICT",
                    "found another command of type \""
                            + conflict.other().asked().commandType()
                            + "\" under this idempotencyKey; allowed is the same one",
                    Map.of("Location", address(conflict.other())));
        } else if (added instanceof Added.TooMany) {
            throw new HttpProblem(
                    429,
                    "TOO_MANY_COMMANDS",
                    "the desktop has as many open commands as are allowed",
                    Map.of("Retry-After", "1"));
        }
        throw HttpProblem.notFound("the desktop");
    }

    private NewCommand wish(Request request) throws HttpProblem {
        JsonObject body = request.json();
        String type = request.text("type", MAX_TYPE_CHARS);
        JsonElement data = body.has("data") ? body.get("data") : new JsonObject();
        if (!data.isJsonObject()) {
            throw new HttpProblem(400, "BAD_FIELD", "'data' must be an object");
        }
        int chars = data.toString().length();
        if (chars > NewCommand.MAX_DATA_CHARS) {
            throw new HttpProblem(
                    413,
                    "TOO_LARGE",
                    "found 'data' of " + chars + " characters; allowed are " + NewCommand.MAX_DATA_CHARS);
        }
        String key = body.has("idempotencyKey") ? request.text("idempotencyKey", NewCommand.MAX_KEY_CHARS) : null;
        Duration expiresIn = expiry(body.get("expiresInMs"));
        Optional<String> problem = NewCommand.problem(type, data.getAsJsonObject(), key, expiresIn);
        if (problem.isPresent()) {
            throw new HttpProblem(400, "BAD_COMMAND", problem.get());
        }
        return new NewCommand(
                UUID.randomUUID().toString(),
                request.pathValue("id"),
                type,
                data.getAsJsonObject(),
                key,
                expiresIn,
                Audit.who(request));
    }

    private static Duration expiry(@Nullable JsonElement value) throws HttpProblem {
        if (value == null) {
            return NewCommand.USUAL_EXPIRY;
        }
        try {
            return Duration.ofMillis(Long.parseLong(value.toString()));
        } catch (NumberFormatException notWhole) {
            throw new HttpProblem(
                    400,
                    "BAD_FIELD",
                    "'expiresInMs' must be a whole number from 1 to " + NewCommand.MAX_EXPIRY.toMillis());
        }
    }

    private static Response taken(StoredCommand command) {
        return new Response.Json(
                command.state().isEnd() ? 200 : 202, CommandJson.of(command), Map.of("Location", address(command)));
    }

    private static String address(StoredCommand command) {
        return "/api/commands/" + command.commandId();
    }

    private Response list(Request request) throws HttpProblem, StorageException {
        JsonArray list = new JsonArray();
        commands.list(request.pathValue("id"), limit(request)).forEach(command -> list.add(CommandJson.of(command)));
        JsonObject answer = new JsonObject();
        answer.add("commands", list);
        return Response.Json.ok(answer);
    }

    private static int limit(Request request) throws HttpProblem {
        List<String> asked = request.query().getOrDefault("limit", List.of());
        if (asked.isEmpty()) {
            return LISTED;
        }
        try {
            int limit = Integer.parseInt(asked.get(0));
            if (limit >= 1 && limit <= MOST_LISTED) {
                return limit;
            }
        } catch (NumberFormatException notWhole) {
            // told below
        }
        throw new HttpProblem(400, "BAD_FIELD", "'limit' must be a whole number from 1 to " + MOST_LISTED);
    }

    private Response look(Request request) throws HttpProblem, StorageException {
        return Response.Json.ok(CommandJson.of(found(request)));
    }

    private StoredCommand found(Request request) throws HttpProblem, StorageException {
        return commands.find(request.pathValue("id")).orElseThrow(() -> HttpProblem.notFound("the command"));
    }

    /** The first event is the command as it is found here; the post tells it again only if it changed. */
    private Response follow(Request request) throws HttpProblem, StorageException {
        String id = found(request).commandId();
        String asker = request.remote().getHostAddress();
        if (!places.hasRoom(asker)) {
            throw tooMany();
        }
        return new Response.Events(sink -> {
            if (!places.take(asker)) {
                sink.end(); // others came between
                return () -> {};
            }
            Runnable stop = commands.watch(id, command -> {
                        sink.event("status", CommandJson.of(command).toString());
                        if (command.state().isEnd()) {
                            sink.end();
                        }
                    })
                    .orElse(null);
            if (stop == null) {
                sink.end();
            }
            return () -> {
                places.leave(asker);
                if (stop != null) {
                    stop.run();
                }
            };
        });
    }

    private static HttpProblem tooMany() {
        return new HttpProblem(
                429,
                "TOO_MANY_STREAMS",
                "allowed are " + StreamPlaces.MOST + " streams, and " + StreamPlaces.MOST_EACH + " of one address",
                Map.of("Retry-After", "5"));
    }
}
