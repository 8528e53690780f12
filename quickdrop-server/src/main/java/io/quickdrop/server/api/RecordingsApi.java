package io.quickdrop.server.api;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import io.netty.handler.codec.http.HttpMethod;
import io.quickdrop.protocol.Limits;
import io.quickdrop.protocol.ObserverMessage.Playback;
import io.quickdrop.protocol.ObserverMessage.Recording;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.Relay;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.http.HttpProblem;
import io.quickdrop.server.http.Request;
import io.quickdrop.server.http.Response;
import io.quickdrop.server.http.Router;
import io.quickdrop.server.http.Router.Audience;
import io.quickdrop.server.observers.ObserverDesk;
import io.quickdrop.server.recordings.RecordingCatalogue;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the dashboard does with recordings and with takes that arrive. */
public final class RecordingsApi {
    private static final Gson GSON = new GsonBuilder()
            .registerTypeAdapter(
                    SessionId.class, (JsonSerializer<SessionId>) (id, type, context) -> new JsonPrimitive(id.value()))
            .create();

    private final RecordingCatalogue recordings;
    private final Relay relay;
    private final ObserverDesk observers;
    private final FileManager fileManager;
    private final Audit audit;

    /** Wires the endpoints to the catalogue; changes are told to {@code observers}. */
    public RecordingsApi(
            RecordingCatalogue recordings, Relay relay, ObserverDesk observers, FileManager fileManager, Audit audit) {
        this.recordings = recordings;
        this.relay = relay;
        this.observers = observers;
        this.fileManager = fileManager;
        this.audit = audit;
    }

    /** Adds the endpoints. */
    public void addTo(Router router) {
        router.on(HttpMethod.GET, "/api/recordings/{id}/content", Audience.MEDIA, Stored.byId(this::content))
                .on(HttpMethod.PATCH, "/api/recordings/{id}", Audience.OPERATOR_OR_INSTANCE, Stored.byId(this::label))
                .on(HttpMethod.DELETE, "/api/recordings/{id}", Audience.OPERATOR_OR_INSTANCE, Stored.byId(this::delete))
                .on(
                        HttpMethod.POST,
                        "/api/recordings/{id}/restore",
                        Audience.OPERATOR_OR_INSTANCE,
                        Stored.byId(this::restore))
                .on(HttpMethod.POST, "/api/recordings/{id}/reveal", Audience.OPERATOR, Stored.byId(this::reveal))
                .on(HttpMethod.DELETE, "/api/sessions/{id}", Audience.OPERATOR_OR_INSTANCE, this::endSession);
    }

    private Response content(Request request, SessionId id) throws HttpProblem, StorageException {
        Recording recording = find(id);
        boolean asReceived = request.query().getOrDefault("as", List.of()).contains("received");
        Path file = (asReceived ? recordings.playback().received(id) : recordings.file(id))
                .orElseThrow(() -> HttpProblem.notFound(
                        asReceived
                                ? "the recording as it was received (it is kept for a while only)"
                                : "the recording's file"));
        Playback playback = recording.playback();
        String repaired = playback == null || asReceived ? null : playback.sha256();
        String received = recording.sha256() == null ? id + "-" + recording.bytes() : recording.sha256();
        return new Response.File(
                file,
                Download.playableType(recording.mime()),
                Download.etag(repaired == null ? received : repaired),
                Download.headers(recording.fileName()));
    }

    private Response label(Request request, SessionId id) throws HttpProblem, StorageException {
        String label = request.text("label", Limits.MAX_LABEL_CHARS).strip();
        Recording recording = recordings
                .label(id, label.isEmpty() ? null : label)
                .orElseThrow(() -> HttpProblem.notFound("the recording"));
        observers.updated(id);
        return Response.Json.ok(GSON.toJsonTree(recording));
    }

    private Response delete(Request request, SessionId id) throws HttpProblem, StorageException {
        if (!recordings.delete(id)) {
            throw HttpProblem.notFound("the recording");
        }
        audit.note(request, "delete", id.value(), "to the trash");
        observers.removed(id);
        return Response.Json.ok("undoMs", recordings.undo().toMillis());
    }

    private Response restore(Request request, SessionId id) throws HttpProblem, StorageException {
        RecordingCatalogue.Restored outcome = recordings.restore(id);
        if (outcome instanceof RecordingCatalogue.Restored.Back) {
            audit.note(request, "restore", id.value(), "restored");
            observers.updated(id);
            return Response.Json.ok(GSON.toJsonTree(find(id)));
        }
        if (outcome instanceof RecordingCatalogue.Restored.TooLate) {
            throw new HttpProblem(410, "TOO_LATE", "the time to undo is over");
        }
        throw HttpProblem.notFound("a deleted recording of this id");
    }

    private Response reveal(Request request, SessionId id) throws HttpProblem, StorageException {
        if (!request.isLocal()) {
            throw new HttpProblem(403, "NOT_LOCAL", "only the server's own machine can show its folders");
        }
        Path file = recordings.file(id).orElseThrow(() -> HttpProblem.notFound("the recording's file"));
        fileManager.reveal(file);
        return Response.Empty.noContent();
    }

    private Response endSession(Request request) throws HttpProblem {
        SessionId id = Stored.id(request);
        if (!relay.keepPartial(id)) {
            throw HttpProblem.notFound("the session");
        }
        audit.note(request, "end-session", id.value(), "kept as far as it came");
        return new Response.Empty(202, Map.of());
    }

    private Recording find(SessionId id) throws HttpProblem, StorageException {
        return recordings.find(id).orElseThrow(() -> HttpProblem.notFound("the recording"));
    }
}
