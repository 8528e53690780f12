package io.quickdrop.server.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.netty.handler.codec.http.HttpMethod;
import io.quickdrop.protocol.ObserverMessage.Recording;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.http.HttpProblem;
import io.quickdrop.server.http.Request;
import io.quickdrop.server.http.Response;
import io.quickdrop.server.http.Router;
import io.quickdrop.server.http.Router.Audience;
import io.quickdrop.server.observers.ObserverDesk;
import io.quickdrop.server.recordings.RecordingCatalogue;
import io.quickdrop.server.retention.Retention;

/** How long what never ended is kept, what expired, and the wish to keep something. */
public final class RetentionApi {
    private final Retention retention;
    private final RecordingCatalogue recordings;
    private final ObserverDesk observers;
    private final Audit audit;

    /** Changes are told to {@code observers}. */
    public RetentionApi(Retention retention, RecordingCatalogue recordings, ObserverDesk observers, Audit audit) {
        this.retention = retention;
        this.recordings = recordings;
        this.observers = observers;
        this.audit = audit;
    }

    /** Adds the endpoints. */
    public void addTo(Router router) {
        router.on(HttpMethod.GET, "/api/retention", Audience.OPERATOR, Stored.any(this::policy))
                .on(
                        HttpMethod.POST,
                        "/api/recordings/{id}/keep",
                        Audience.OPERATOR_OR_INSTANCE,
                        Stored.byId(this::keep));
    }

    private Response policy(Request request) throws StorageException {
        JsonObject json = new JsonObject();
        json.addProperty("keepUnfinishedMs", retention.policy().unfinished().toMillis());
        json.addProperty("keepPartialMs", retention.policy().partial().toMillis());
        JsonArray expired = new JsonArray();
        for (Recording recording : retention.expired()) {
            JsonObject one = new JsonObject();
            one.addProperty("id", recording.id().value());
            one.addProperty("fileName", recording.fileName());
            one.addProperty("label", recording.label());
            one.addProperty("bytes", recording.bytes());
            expired.add(one);
        }
        json.add("expired", expired);
        return Response.Json.ok(json);
    }

    private Response keep(Request request, SessionId id) throws HttpProblem, StorageException {
        if (recordings.find(id).isEmpty()) {
            throw HttpProblem.notFound("the recording");
        }
        retention.keep(id);
        audit.note(request, "keep", id.value(), "does not expire");
        observers.updated(id);
        return Response.Empty.noContent();
    }
}
