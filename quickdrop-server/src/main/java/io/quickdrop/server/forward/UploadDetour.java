package io.quickdrop.server.forward;

import com.google.gson.JsonObject;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.access.DeviceName;
import io.quickdrop.server.access.Principal;
import io.quickdrop.server.http.BodyDesk.Body;
import io.quickdrop.server.http.Exchange;
import io.quickdrop.server.http.Request;
import io.quickdrop.server.http.Response;
import io.quickdrop.server.recordings.Servers.Server;
import io.quickdrop.server.recordings.Whereabouts;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Uploads over plain HTTPS that come to the wrong server. A program is redirected to the right one, with its method and body
 * ({@code 307}); a page's request goes there through this server, since a browser neither follows to another origin nor trusts a
 * certificate there that nobody has accepted.
 */
public final class UploadDetour {
    private final SessionSwitch.Directory directory;
    private final Passage passage;

    /** Looks sessions up, and sends requests on. */
    public UploadDetour(SessionSwitch.Directory directory, Passage passage) {
        this.directory = directory;
        this.passage = passage;
    }

    /** Takes a request for a session that another server has; empty where it is this server's. */
    public Optional<Body> takes(Request request, Exchange exchange, SessionId session) throws StorageException {
        Whereabouts where = directory.session(session);
        if (where instanceof Whereabouts.With with) {
            if (request.headers().contains(HttpHeaderNames.ORIGIN)) {
                return Optional.of(through(request, exchange, with.server()));
            }
            exchange.answer(
                    new Response.Empty(307, Map.of("Location", with.server().url() + Handover.target(request))));
            return Optional.of(Body.UNWANTED);
        }
        if (where instanceof Whereabouts.Away away) {
            exchange.answer(problem(503, away.sentence()));
            return Optional.of(Body.UNWANTED);
        }
        return Optional.empty();
    }

    private Body through(Request request, Exchange exchange, Server server) {
        OptionalLong length = length(request);
        boolean hasBody = length.isPresent()
                ? length.getAsLong() > 0
                : request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
        BodyInFlight body = new BodyInFlight(exchange);
        HttpRequest.BodyPublisher publisher = !hasBody
                ? HttpRequest.BodyPublishers.noBody()
                : length.isPresent()
                        ? HttpRequest.BodyPublishers.fromPublisher(body, length.getAsLong())
                        : HttpRequest.BodyPublishers.fromPublisher(body);
        Map<String, String> headers = new LinkedHashMap<>(Handover.headers(request));
        headers.put(DeviceName.HEADER, device(request.principal()));
        var answer = passage.ask(server, request.method().name(), Handover.target(request), publisher, headers, null);
        body.onGone(() -> answer.cancel(true));
        answer.whenComplete((found, failure) -> exchange.answer(
                failure == null
                        ? Handover.answer(found)
                        : problem(
                                503,
                                "the server " + server.name()
                                        + ", which has the session, can't be reached from here; try again soon")));
        return body;
    }

    private static String device(Principal principal) {
        return principal instanceof Principal.Device paired ? DeviceName.of(paired.id()) : DeviceName.OPERATOR;
    }

    private static OptionalLong length(Request request) {
        List<String> stated = request.headers().getAll(HttpHeaderNames.CONTENT_LENGTH);
        return stated.size() == 1 && stated.get(0).matches("\\d{1,18}")
                ? OptionalLong.of(Long.parseLong(stated.get(0)))
                : OptionalLong.empty();
    }

    private static Response problem(int status, String sentence) {
        JsonObject json = new JsonObject();
        json.addProperty("type", "about:blank");
        json.addProperty("title", ErrorReason.STORAGE_FAILED.replace('_', ' '));
        json.addProperty("status", status);
        json.addProperty("detail", sentence);
        json.addProperty("reason", ErrorReason.STORAGE_FAILED);
        return new Response.Bytes(
                status,
                "application/problem+json",
                StandardCharsets.UTF_8.encode(json.toString()),
                Map.of("Retry-After", "5", "Upload-Complete", "?0"));
    }
}
