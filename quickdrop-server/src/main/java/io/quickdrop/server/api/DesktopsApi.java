package io.quickdrop.server.api;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.netty.handler.codec.http.HttpMethod;
import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.desktop.DesktopRelay;
import io.quickdrop.server.access.EnrolmentCodes;
import io.quickdrop.server.addresses.HostAddress;
import io.quickdrop.server.desktops.AgentKeys;
import io.quickdrop.server.desktops.DesktopDirectory;
import io.quickdrop.server.desktops.EnrolmentGate;
import io.quickdrop.server.http.HttpProblem;
import io.quickdrop.server.http.Request;
import io.quickdrop.server.http.Response;
import io.quickdrop.server.http.Router;
import io.quickdrop.server.http.Router.Audience;
import java.util.List;

/** What the operator does with desktops: lets them in, looks them up, takes them out, fetches screenshots. */
public final class DesktopsApi {
    private static final Gson GSON = new Gson();

    private final DesktopRelay relay;
    private final DesktopDirectory directory;
    private final AgentKeys keys;
    private final EnrolmentGate gate;
    private final EnrolmentCodes codes;
    private final AgentCommand command;
    private final ScreenshotFiles screenshots;
    private final Audit audit;

    /** Wires the endpoints. */
    public DesktopsApi(
            DesktopRelay relay,
            DesktopDirectory directory,
            AgentKeys keys,
            EnrolmentGate gate,
            EnrolmentCodes codes,
            AgentCommand command,
            ScreenshotFiles screenshots,
            Audit audit) {
        this.relay = relay;
        this.directory = directory;
        this.keys = keys;
        this.gate = gate;
        this.codes = codes;
        this.command = command;
        this.screenshots = screenshots;
        this.audit = audit;
    }

    /** Adds the endpoints. */
    public void addTo(Router router) {
        String waiting = "/api/desktops/pending";
        router.on(HttpMethod.GET, "/api/desktops", Audience.OPERATOR, request -> list(directory.list()))
                .on(HttpMethod.POST, "/api/desktops/enrolment", Audience.OPERATOR, this::offer)
                .on(HttpMethod.GET, waiting, Audience.OPERATOR, request -> list(gate.pending()))
                .on(HttpMethod.POST, waiting + "/{fingerprint}/approve", Audience.OPERATOR, Stored.any(this::approve))
                .on(HttpMethod.POST, waiting + "/{fingerprint}/refuse", Audience.OPERATOR, this::refuse)
                .on(HttpMethod.DELETE, "/api/desktops/{id}", Audience.OPERATOR, Stored.any(this::revoke))
                .on(
                        HttpMethod.GET,
                        "/api/desktops/{id}/screenshots/{command}",
                        Audience.OPERATOR_OR_INSTANCE,
                        Stored.any(screenshots::answer));
    }

    private static Response list(List<DesktopClient> desktops) {
        JsonObject answer = new JsonObject();
        answer.add("desktops", GSON.toJsonTree(desktops));
        return Response.Json.ok(answer);
    }

    private Response offer(Request request) {
        EnrolmentCodes.Offer offer = codes.offer();
        JsonArray addresses = new JsonArray();
        for (HostAddress address : command.addresses()) {
            JsonObject item = new JsonObject();
            item.addProperty("host", address.host().value());
            item.addProperty("interfaceName", address.interfaceName());
            item.addProperty("kind", address.kind().words());
            item.addProperty("preferred", address.preferred());
            item.addProperty("command", command.line(address, offer));
            addresses.add(item);
        }
        audit.note(request, "desktop_code", "", "made");
        JsonObject answer = new JsonObject();
        answer.addProperty("code", offer.code());
        answer.addProperty("expiresInMs", offer.life().toMillis());
        answer.addProperty("pin", command.pin());
        answer.add("addresses", addresses);
        return Response.Json.ok(answer);
    }

    private Response approve(Request request) throws HttpProblem, StorageException {
        if (!gate.approve(request.pathValue("fingerprint"), Audit.who(request))) {
            throw notWaiting();
        }
        return Response.Empty.noContent();
    }

    private Response refuse(Request request) throws HttpProblem {
        if (!gate.refuse(request.pathValue("fingerprint"), Audit.who(request))) {
            throw notWaiting();
        }
        return Response.Empty.noContent();
    }

    /** The key first, durably: whoever is thrown out by the second step can't come back. */
    private Response revoke(Request request) throws HttpProblem, StorageException {
        String id = request.pathValue("id");
        boolean listed = directory.list().stream()
                .anyMatch(desktop ->
                        desktop.clientId().equals(id) && !desktop.state().equals(DesktopClient.PENDING));
        if (!keys.revoke(id) && !listed) {
            throw HttpProblem.notFound("the desktop");
        }
        relay.revoke(id);
        audit.note(request, "desktop_revoke", id, "revoked");
        return Response.Empty.noContent();
    }

    private static HttpProblem notWaiting() {
        return HttpProblem.notFound("a desktop with this fingerprint that waits for approval");
    }
}
